/** `heartbeat disk …` (`cli/disk.ts` reads the command line). */
import { hostname } from "node:os";
import { readConfigFiles } from "../../cli/config-files.js";
import type { DiskRequest } from "../../cli/disk-request.js";
import { exitCodes } from "../../cli/exit-codes.js";
import type { Terminal } from "../../cli/terminal.js";
import { checkConfig, namesToResolve } from "../../config/check.js";
import { formatProblem } from "../../config/problem.js";
import { findHostFacts } from "../../io/host-facts.js";
import { openLog } from "../../io/log.js";
import type { Paths } from "../../io/paths.js";
import { loadConfig, logSettings } from "../load.js";
import { Refusal } from "./area.js";
import { initDisk, type Wanted } from "./init.js";
import { type Outcome, poisonNode, releaseLease } from "./remedies.js";
import { pictureOf, tables } from "./show.js";

/** Milliseconds for the log to get a line out. */
const flushLimit = 1_000;

export async function diskCommand(request: DiskRequest, terminal: Terminal, paths: Paths): Promise<number> {
  try {
    const { code, text, event } = await perform(request, paths);
    if (event !== undefined) await note(paths, event);
    if (code === "completed") terminal.out(`${text.replace(/\n*$/, "")}\n`);
    else terminal.error(`heartbeat disk ${request.verb}: ${text}\n`);
    return exitCodes[code];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const about = error instanceof Refusal ? "" : `${request.path}: `;
    terminal.error(`heartbeat disk ${request.verb}: ${about}${why}\n`);
    if (error instanceof Refusal) return exitCodes.refused;
    return /EACCES|EPERM/.test(String(error)) ? exitCodes.notPermitted : exitCodes.failed;
  }
}

async function perform(request: DiskRequest, paths: Paths): Promise<Outcome> {
  switch (request.verb) {
    case "init": {
      const wanted = await wantedBy(request.directory, paths);
      return { code: "completed", text: await initDisk(request.path, wanted, request.force) };
    }
    case "show": {
      const picture = await pictureOf(request.path, request.observe);
      const text = request.json
        ? JSON.stringify(picture, undefined, 2)
        : tables(request.path, picture, request.observe);
      return { code: "completed", text };
    }
    case "release":
      return releaseLease(request.path, request.group, request.yes);
    case "poison":
      return poisonNode(request.path, request.node, request.timeout);
  }
}

/** The nodes and groups of the configuration. What is wrong elsewhere in it does not matter here, if they can be read. */
async function wantedBy(directory: string, paths: Paths): Promise<Wanted> {
  const files = readConfigFiles(directory);
  const host = await findHostFacts(paths, namesToResolve(files.haCf.text ?? ""));
  // Whatever machine this is typed on: of it only the name counts, and that only if it is one of the nodes.
  const named = [...(files.haCf.text ?? "").matchAll(/^\s*node\s+(.*)$/gim)].flatMap(([, words = ""]) =>
    words.split(/\s+/),
  );
  const isNode = named.some((name) => name.toLowerCase() === host.unameNode?.toLowerCase());
  const unameNode = isNode ? host.unameNode : named[0];
  const { config, problems } = checkConfig({ files, host: { unameNode, resolved: host.resolved } });
  if (config === undefined) {
    const errors = problems.filter(({ severity }) => severity === "error").map(formatProblem);
    throw new Refusal(`the configuration in ${directory} has errors:\n${errors.join("\n")}`);
  }
  const { nodes, groups } = config.settings;
  return { nodes, groups: groups.map(({ name }) => name) };
}

/** Into ha-log, syslog and the journal, as the configuration of this machine says; without one into syslog. */
async function note(paths: Paths, { what, line, detail }: NonNullable<Outcome["event"]>): Promise<void> {
  const { config } = await loadConfig(paths).catch(() => ({ config: undefined }));
  const plain = {
    logfile: undefined,
    debugfile: undefined,
    facility: "daemon",
    debugLevel: 0,
    syslogFormat: true,
    journal: undefined,
  };
  const log = openLog({
    settings: config === undefined ? plain : logSettings(config.logging, paths),
    host: hostname(),
  });
  log.line({ level: "WARN", program: "heartbeat", text: line });
  log.record(what, detail);
  await log.flush(flushLimit);
}
