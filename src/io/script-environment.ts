import type { Paths } from "./paths.js";

/** What a script finds in its environment beside what heartbeat itself was started with (the original's list). */
export interface ScriptSurroundings {
  /** Single-valued directives, defaults included: each becomes `HA_<name>`. */
  readonly parameters: Iterable<readonly [string, string]>;
  readonly paths: Paths;
  /** This node. */
  readonly node: string;
  /** False in legacy mode. */
  readonly niceFailback: boolean;
  readonly logfile: string | undefined;
  readonly debugfile: string | undefined;
  readonly facility: string | undefined;
  readonly debugLevel: number;
  /** Scripts are to hand their lines to ha_logd (`ha_logger`). */
  readonly logd: boolean;
}

/** @returns the additions; later ones win over inherited variables of the same name. */
export function scriptEnvironment(given: ScriptSurroundings): Record<string, string> {
  const { paths } = given;
  const environment: Record<string, string> = {};
  for (const [name, value] of given.parameters) if (/^\w+$/.test(name)) environment[`HA_${name}`] = value;
  return {
    ...environment,
    HA_CURHOST: given.node,
    HA_NICEFAILBACK: given.niceFailback ? "yes" : "no",
    ...places(paths),
    HA_LOGFILE: given.logfile ?? "",
    HA_DEBUGLOG: given.debugfile ?? given.logfile ?? "/dev/null",
    HA_LOGFACILITY: given.facility ?? "",
    HA_LOGD: given.logd ? "yes" : "no",
    HA_DATEFMT: "%Y/%m/%d_%T ",
    HA_debug: String(given.debugLevel),
    LC_ALL: "C",
    PATH: searchPath(paths),
  };
}

const places = (paths: Paths): Record<string, string> => ({
  HA_DIR: paths.confDir,
  HA_BIN: paths.libexecDir,
  HA_FIFO: paths.fifo,
  HA_RCDIR: paths.rcDir,
  HA_RESOURCEDIR: paths.resourceDir,
  HA_FUNCS: `${paths.confDir}/shellfuncs`,
  HA_DOCDIR: paths.docDir,
  OCF_ROOT: paths.ocfRoot,
  OCF_AGENTS: `${paths.ocfRoot}/resource.d/heartbeat`,
});

const searchPath = (paths: Paths): string =>
  [
    paths.libexecDir,
    "/usr/sbin",
    paths.shareDir,
    process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  ].join(":");
