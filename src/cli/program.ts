import { join } from "node:path";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Share } from "../control/protocol.js";
import { completionFor, type Shell, shells } from "./completion.js";
import { addDisk } from "./disk.js";
import { exitCodes } from "./exit-codes.js";
import type { Surroundings } from "./surroundings.js";
import { check } from "./verbs/check.js";
import { compare } from "./verbs/compare.js";
import { confirm } from "./verbs/confirm.js";
import { doctor } from "./verbs/doctor.js";
import { init } from "./verbs/init.js";
import { keygen } from "./verbs/keygen.js";
import { monitor } from "./verbs/monitor.js";
import { showStatus } from "./verbs/status.js";
import { wishVerb } from "./verbs/wishes.js";
import { shares } from "./wish.js";
import { addWitness } from "./witness.js";

/**
 * `heartbeat <verb>`: what operators type. The original's options (`heartbeat -s`, `-k` …) are not here; main.ts sends a
 * command line here when its first word is no option.
 */
export async function runVerb(argv: readonly string[], around: Surroundings): Promise<number> {
  const { program, exit } = build(around);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exit();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for is a success, everything else a wrong command line.
    return error.exitCode === 0 ? exitCodes.completed : exitCodes.usage;
  }
}

const verbs = [
  "status",
  "monitor",
  "standby",
  "takeover",
  "confirm",
  "check",
  "doctor",
  "init",
  "keygen",
  "disk",
  "witness",
  "lab",
  "simulate",
  "completion",
  "help",
];

/** Whether `word` is a verb of `heartbeat <verb>`. */
export const isVerb = (word: string): boolean => verbs.includes(word);

type Finish = (code: number) => void;

function build(around: Surroundings): { readonly program: Command; readonly exit: () => number } {
  let code: number = exitCodes.completed;
  const finish: Finish = (result) => {
    code = result;
  };
  const program = new Command("heartbeat")
    .description("High availability for Linux: see and steer the heartbeat of this node")
    .usage("<verb> [options]")
    .helpCommand("help [verb]", "explain a verb")
    .showHelpAfterError("(heartbeat --help lists the verbs)")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => around.terminal.out(text),
      writeErr: (text) => around.terminal.error(text),
      getOutHelpWidth: () => around.terminal.size().columns,
      getErrHelpWidth: () => around.terminal.size().columns,
    });
  for (const add of [
    addStatus,
    addMonitor,
    addWishes,
    addConfirm,
    addCheck,
    addDoctor,
    addInit,
    addKeygen,
    addDisk,
    addWitness,
    addLab,
    addSimulate,
  ])
    add(program, around, finish);
  addCompletion(program, around);
  program.addHelpText("after", `\nExit codes: ${codesInWords}.\n`);
  return { program, exit: () => code };
}

const codesInWords =
  "0 done, 1 refused (or: check found errors), 2 timed out, 3 heartbeat is not running,\n4 not permitted, 5 failed, 64 wrong command line";

const json = ["--json", "print JSON"] as const;
const links = ["--links", "one more line for every link of every peer"] as const;
const several = (word: string, before: readonly string[] = []): string[] => [...before, word];

function addStatus(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("status")
    .description("who is there, who holds what, and why")
    .option(...json)
    .option("-w, --watch", "keep showing until ^C")
    .option(...links)
    .action(async (given: { json?: boolean; watch?: boolean; links?: boolean }) => {
      const options = { json: given.json === true, links: given.links === true };
      finish(await (given.watch === true ? monitor(around, options) : showStatus(around, options)));
    });
}

function addMonitor(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("monitor")
    .description("status --watch: the live picture until ^C; on a pipe one line per change")
    .option(...json)
    .option(...links)
    .action(async (given: { json?: boolean; links?: boolean }) =>
      finish(await monitor(around, { json: given.json === true, links: given.links === true })),
    );
}

const aboutWish = {
  standby: "give up resource groups, so that the other node takes them",
  takeover: "take resource groups over from the other node",
} as const;

function addWishes(program: Command, around: Surroundings, finish: Finish): void {
  for (const verb of ["standby", "takeover"] as const)
    program
      .command(verb)
      .description(aboutWish[verb])
      .addArgument(
        new Argument("[groups]", "local: those that prefer this node; foreign or failback: the others")
          .choices(shares)
          .default("all"),
      )
      .option("--no-wait", "return as soon as it has begun")
      .option("--timeout <seconds>", "how long to wait for the end", secondsOf, 120)
      .option(...json)
      .action(async (what: Share, given: { wait: boolean; timeout: number; json?: boolean }) =>
        finish(await wishVerb(around, verb, what, { ...given, json: given.json === true })),
      );
}

function addConfirm(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("confirm")
    .description("vouch for it that a silent node is down, so that what it held may be taken over")
    .argument("<node>", "the silent node")
    .addArgument(new Argument("<state>", "what you have made sure of").choices(["dead"]))
    .option("--timeout <seconds>", "how long to wait for an answer", secondsOf, 10)
    .option(...json)
    .addHelpText("after", "\nLook at the machine first: when it still runs its services, both nodes will run them.\n")
    .action(async (node: string, _state: string, given: { timeout: number; json?: boolean }) =>
      finish(await confirm(around, node, { timeout: given.timeout, json: given.json === true })),
    );
}

function secondsOf(word: string): number {
  const value = Number(word);
  // setTimeout takes at most 2^31 - 1 ms; a day is more than any hand-over.
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError("Give seconds, more than 0 and at most 86400.");
  return value;
}

interface CheckFlags {
  readonly directory: string;
  readonly node?: string;
  readonly against?: string;
  readonly guarantees?: boolean;
  readonly json?: boolean;
}

function addCheck(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("check")
    .description("find everything that is wrong in ha.cf, authkeys and haresources")
    .option("-c, --directory <dir>", "where the three files are", around.confDir)
    .option("--node <name>", "check as if on this node")
    .option(
      "--against <dir or revision>",
      "instead: what these files mean differently from those in another directory, or in a git revision",
    )
    .option("--guarantees", "instead: what every single and double failure would lead to, and what mends the bad ones")
    .option(...json)
    .action(async (given: CheckFlags) => {
      const { directory, against } = given;
      const options = { directory, node: given.node, json: given.json === true };
      if (given.guarantees === true) return finish(await around.guarantees(options));
      finish(await (against === undefined ? check(around, options) : compare(around, { ...options, against })));
    });
}

function addDoctor(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("doctor")
    .description("find what keeps this node, or the pair, from working, and say how to mend it")
    .option("-c, --directory <dir>", "where the three files are", around.confDir)
    .option("--no-scripts", "do not call the status of the resource scripts")
    .option(...json)
    .addHelpText("after", aboutDoctor)
    .action(async (given: { directory: string; scripts: boolean; json?: boolean }) =>
      finish(await doctor(around, { ...given, json: given.json === true })),
    );
}

const aboutDoctor = `
Looks at the files (as check does), the interfaces, firewall, names, users, scripts, disks, and at what the daemon of this node has heard
of the others, if it runs. Changes nothing; of resource scripts it calls "status", never "start" or "stop". Ask on both nodes.
As root it sees everything; as another user it says what it could not look at.

Exit codes: 0 nothing to mend (notes at most), 1 warnings, 2 errors.
`;

interface InitFlags {
  readonly dir: string;
  readonly node?: readonly string[];
  readonly link?: readonly string[];
  readonly vip?: readonly string[];
  readonly owner?: readonly string[];
  readonly service?: readonly string[];
  readonly ping?: readonly string[];
  readonly failback: "on" | "off";
  readonly force?: boolean;
}

function addInit(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("init")
    .description("write a working set of the three files for this pair; asks for what the options leave open")
    .option(
      "--node <name=address>",
      "a node and its address on each link (a=10.0.0.1,10.1.0.1); give it twice",
      several,
      [],
    )
    .option("--link <interface>", "interface for heartbeats; again for a second one", several)
    .option("--vip <address/prefix/interface>", "service address; again for a second group", several)
    .option("--owner <node>", "preferred node of the service address (default: the first node)", several)
    .option("--service <script>", "service to start with the first address, as in /etc/init.d", several)
    .option("--ping <host>", "host that shows whether the network works, mostly the gateway", several)
    .addOption(
      new Option("--failback <on|off>", "move groups home when their node returns")
        .choices(["on", "off"])
        .default("off"),
    )
    .option("--dir <directory>", "where to write", around.confDir)
    .option("--force", "replace files that are there (they are kept as *.saved)")
    .addHelpText("after", initExample)
    .action(async ({ dir, ...given }: InitFlags) =>
      finish(await init(around, { ...noWords, ...given, directory: dir, force: given.force === true })),
    );
}

const noWords = { node: [], link: [], vip: [], owner: [], service: [], ping: [] };

const initExample = `
Example:
  heartbeat init --node master1=172.30.106.101 --node master2=172.30.106.102 --link ens33 \\
    --vip 172.30.105.201/24/ens38 --owner master1 --service nginx --ping 172.30.105.254
`;

function addKeygen(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("keygen")
    .description("write authkeys with a random key, mode 0600")
    .option("-o, --output <file>", "where to write", join(around.confDir, "authkeys"))
    .option("--print", "print it instead")
    .option("--force", "replace a file that is there (it is kept as *.saved)")
    .action((given: { output: string; print?: boolean; force?: boolean }) =>
      finish(keygen(around, { ...given, print: given.print === true, force: given.force === true })),
    );
}

function addLab(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("lab")
    .description("real daemons in network namespaces on this machine, to try things out")
    .argument("[words...]", "heartbeat lab --help explains them")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => finish(await around.lab(words)));
}

function addSimulate(program: Command, around: Surroundings, finish: Finish): void {
  program
    .command("simulate")
    .description("what if master1 loses ens33? Played through on a pretend cluster of your three files")
    .argument("[words...]", "heartbeat simulate --help explains them")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => finish(await around.simulate(words)));
}

function addCompletion(program: Command, around: Surroundings): void {
  program
    .command("completion")
    .description("print the completion script for a shell")
    .addArgument(new Argument("<shell>").choices(shells))
    .action((shell: Shell) => around.terminal.out(completionFor(shell, program)));
}
