/**
 * `heartbeat lab`: a cluster from the operator's own files, on this machine, to look at and to break. Commands come from the keyboard,
 * from a pipe or from `-e`; the client watches all addresses meanwhile and every finding is printed as it happens.
 */
import { createInterface, type Interface as Prompt } from "node:readline";
import { ourDaemon } from "./daemons.js";
import { servicesOf } from "./guess.js";
import { openLab } from "./lab.js";
import { fetchOriginal, originalDaemon } from "./original.js";
import { readPlan } from "./plan.js";
import { describeFinding } from "./report.js";
import { availability, missingPrograms } from "./requirements.js";
import { SEED_ADDRESSES, seedFiles } from "./seed.js";
import { seedTopology } from "./topology.js";
import { HELP, Verbs } from "./verbs.js";

const USAGE = `usage: heartbeat lab [-c DIRECTORY] [--node NAME]... [--original NAME]... [-e COMMAND]...

Brings up the cluster of DIRECTORY (ha.cf, authkeys, haresources; per node in a subfolder of its name if they
differ; topology.json if the network cannot be guessed) in network namespaces on this machine. Without -c it is
the tutorial's pair with nginx.

  -c DIRECTORY      where the files are
  --node NAME       only these nodes (repeatable)
  --original NAME   this node runs Debian's heartbeat 3.0.6 instead; "all" for all (repeatable)
  --no-start        boot the machines, but start no daemon
  -e COMMAND        run this lab command and the next ones, then quit (repeatable); see "help" within
  -h, --help        this text

${HELP}`;

interface Arguments {
  directory: string | undefined;
  nodes: string[];
  originals: string[];
  script: string[];
  start: boolean;
  help: boolean;
}

function readArguments(argv: readonly string[]): Arguments | string {
  const read: Arguments = { directory: undefined, nodes: [], originals: [], script: [], start: true, help: false };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const valued = ["-c", "--config", "--node", "--original", "-e"].includes(word);
    const value = valued ? rest.shift() : undefined;
    if (valued && value === undefined) return `${word} needs a value`;
    if (word === "-c" || word === "--config") read.directory = value;
    else if (word === "--node") read.nodes.push(value ?? "");
    else if (word === "--original") read.originals.push(value ?? "");
    else if (word === "-e") read.script.push(value ?? "");
    else if (word === "--no-start") read.start = false;
    else if (word === "-h" || word === "--help") read.help = true;
    else return `"${word}" is not understood`;
  }
  return read;
}

/** Runs the verb. Returns the exit code: 0 done, 1 something went wrong, 64 wrong usage, 69 this machine cannot. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv);
  if (typeof read === "string") {
    console.error(`heartbeat lab: ${read}\n${USAGE}`);
    return 64;
  }
  if (read.help) {
    console.log(USAGE);
    return 0;
  }
  const possible = availability();
  if (possible.kind === "unavailable") {
    console.error(`heartbeat lab: ${possible.reason}`);
    return 69;
  }
  try {
    return await runLab(read);
  } catch (error) {
    console.error(`heartbeat lab: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

async function runLab(read: Arguments): Promise<number> {
  const plan = read.directory === undefined ? await tutorial() : readPlan(read.directory, some(read.nodes));
  const originals = read.originals.length > 0 ? originalDaemon(await fetchOriginal()) : undefined;
  const isOriginal = (node: string) => read.originals.includes(node) || read.originals.includes("all");
  const lab = await openLab({ ...plan, daemon: (node) => (originals && isOriginal(node) ? originals : ourDaemon()) });
  const addresses = servicesOf(Object.values(plan.files)[0]?.haresources ?? "").map((one) => one.address);
  try {
    const verbs = new Verbs(lab, addresses.length > 0 ? addresses : SEED_ADDRESSES, (text) => console.log(text));
    const keyboard = new Keyboard();
    await verbs.watch((finding) => {
      const text = describeFinding(finding);
      if (text) keyboard.show(text);
    });
    const started = !read.start || (await verbs.run("start")) === "done";
    // A script is about a running cluster; a person may want to see why there is none.
    if (!started && read.script.length > 0) return 1;
    if (read.script.length > 0) return await runAll(verbs, read.script);
    if (process.stdin.isTTY === true) return await converse(verbs, keyboard);
    return await runAll(verbs, createInterface({ input: process.stdin }));
  } finally {
    await lab.close();
  }
}

async function tutorial() {
  const nginx = missingPrograms({ nginx: "nginx-light" });
  if (nginx.length > 0) console.error(`without nginx: ${nginx.join("; ")}`);
  return { topology: seedTopology(), files: seedFiles({ services: nginx.length === 0 ? ["nginx"] : [] }) };
}

const some = (list: readonly string[]) => (list.length > 0 ? list : undefined);

/** Runs commands in order until one quits; a command that fails makes the exit code 1 but does not stop the rest. */
async function runAll(verbs: Verbs, lines: Iterable<string> | AsyncIterable<string>): Promise<number> {
  let code = 0;
  for await (const line of lines) {
    console.log(`> ${line}`);
    const outcome = await verbs.run(line);
    if (outcome === "quit") return code;
    if (outcome === "failed") code = 1;
  }
  return code;
}

/**
 * The keyboard. A finding may come while somebody types: it is printed above their line, which is drawn again. While a shell on a node
 * has the terminal, this lets go of it altogether.
 */
class Keyboard {
  #prompt: Prompt | undefined;

  show(text: string): void {
    if (!this.#prompt) {
      console.log(text);
      return;
    }
    process.stdout.write(`\r\x1b[K${text}\n`);
    this.#prompt.prompt(true);
  }

  /** One line; undefined at the end of input or ^C. Terminal and keys are free again when it has resolved. */
  readLine(): Promise<string | undefined> {
    const prompt = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: "lab> ",
      history: this.#history,
    });
    this.#prompt = prompt;
    return new Promise((resolve) => {
      let line: string | undefined;
      prompt.on("history", (history) => {
        this.#history = history;
      });
      prompt.on("SIGINT", () => prompt.close());
      prompt.once("line", (text) => {
        line = text;
        prompt.close();
      });
      prompt.once("close", () => {
        this.#prompt = undefined;
        resolve(line);
      });
      prompt.prompt();
    });
  }

  #history: string[] = [];
}

async function converse(verbs: Verbs, keyboard: Keyboard): Promise<number> {
  console.log('"help" lists the commands, "quit" leaves and removes everything.');
  for (;;) {
    const line = await keyboard.readLine();
    if (line === undefined || (await verbs.run(line)) === "quit") return 0;
  }
}
