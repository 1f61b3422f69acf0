import { readConfigFiles } from "../cli/config-files.js";
import { type CheckedConfig, type ConfigFiles, checkConfig, namesToResolve } from "../config/check.js";
import type { Logging } from "../config/config.js";
import { findHostFacts } from "../io/host-facts.js";
import type { LogSettings } from "../io/log.js";
import { logdSocket } from "../io/logd.js";
import type { Paths } from "../io/paths.js";

/**
 * Reads the three files and checks them against this machine. May wait for the name service; for start-up only.
 * @param given texts that were read before and are to be lived by, whatever is on the disk now.
 */
export async function loadConfig(
  paths: Paths,
  given?: ConfigFiles,
): Promise<CheckedConfig & { readonly files: ConfigFiles }> {
  const files = given ?? readConfigFiles(paths.confDir);
  const host = await findHostFacts(paths, namesToResolve(files.haCf.text ?? ""));
  return { ...checkConfig({ files, host }), files };
}

/** @returns the log settings with their files in their places. */
export function logSettings(logging: Logging, paths: Paths): LogSettings {
  const placed = (path: string | undefined): string | undefined => (path === undefined ? undefined : paths.place(path));
  return {
    ...logging,
    // Each `-d` of the command line, on its way to all processes.
    debugLevel: logging.debugLevel + Number(process.env["HEARTBEAT_DEBUG"] ?? 0),
    logfile: placed(logging.logfile),
    debugfile: placed(logging.debugfile),
    journal: placed(logging.journal),
    logd: { ...logging.logd, socket: paths.place(logdSocket) },
  };
}

/** Version of this program, and the one whose messages it speaks. */
export const version = "0.1.0";
export const programName = `heartbeat ${version}`;
