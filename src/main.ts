/**
 * `heartbeat`: the one command. A first word that is a verb goes to `cli/`; everything else is the original's command line.
 */
import { readConfigFiles } from "./cli/config-files.js";
import { isVerb, runVerb } from "./cli/program.js";
import { processTerminal } from "./cli/terminal.js";
import { type ConfigFiles, namesToResolve } from "./config/check.js";
import { directiveTable } from "./config/describe.js";
import { findHostFacts } from "./io/host-facts.js";
import { type Paths, pathOptionsFrom, resolvePaths } from "./io/paths.js";
import { deadManName } from "./main/dead-man.js";
import { version } from "./main/load.js";
import { type Options, parseOptions, usage } from "./main/options.js";
import { start, startCodes } from "./main/start.js";
import { reload, restart, status } from "./main/steer.js";
import { stop } from "./main/stop.js";

/** The release whose behaviour this program keeps. */
const compatibleWith = "3.0.6";

const words = process.argv.slice(2);
const paths = resolvePaths(pathOptionsFrom(process.env));
const [first = ""] = words;
process.exitCode = isVerb(first) || first === "--help" ? await verb(words, paths) : await original(words, paths);

function verb(argv: readonly string[], places: Paths): Promise<number> {
  const terminal = processTerminal();
  const files = {
    confDir: places.confDir,
    loadFiles: readConfigFiles,
    hostFacts: (given: ConfigFiles) => findHostFacts(places, namesToResolve(given.haCf.text ?? "")),
  };
  const outside = {
    ...files,
    out: (text: string) => terminal.out(text),
    error: (text: string) => terminal.error(text),
  };
  return runVerb(argv, {
    ...files,
    terminal,
    controlSocket: places.controlSocket,
    survey: async (subjects, wanted) => (await import("./main/survey.js")).survey(places, subjects, wanted),
    disk: async (request, terminal) => (await import("./main/disk/command.js")).diskCommand(request, terminal, places),
    hasDeadManRules: async () => (await import("./io/dead-man-filter.js")).hasDeadManRules(deadManName(places.root)),
    witness: { keys: places.witnessKeys, socket: places.witnessSocket },
    runWitness: async (options) => (await import("./main/witness.js")).runWitness(options),
    // Loaded only when asked for: the lab is large, and no operator's command should pay for it.
    lab: async (rest) => (await import("./lab/command.js")).labCommand(rest),
    simulate: async (rest) => (await import("./sim/simulate-command.js")).simulateCommand(rest, outside),
    guarantees: async (options) => (await import("./sim/guarantees.js")).guaranteesCommand(options, outside),
  });
}

async function original(argv: readonly string[], places: Paths): Promise<number> {
  const parsed = parseOptions(argv);
  if (!parsed.ok) {
    process.stderr.write(`${parsed.why === "" ? "" : `heartbeat: ${parsed.why}\n`}${usage}`);
    return startCodes.usage;
  }
  const { options } = parsed;
  if (options.debug > 0) process.env["HEARTBEAT_DEBUG"] = String(options.debug);
  return act(options, places);
}

async function act(options: Options, places: Paths): Promise<number> {
  switch (options.action) {
    case "start":
      return start(options, places);
    case "status":
      return status(places);
    case "stop":
      return stop(places);
    case "reload":
      return reload(options, places);
    case "restart":
      return restart(options, places);
    case "directives":
      process.stdout.write(directiveTable(options.wiki, compatibleWith));
      return 0;
    case "version":
      process.stdout.write(`${version} (compatible with heartbeat ${compatibleWith})\n`);
      return 0;
  }
}
