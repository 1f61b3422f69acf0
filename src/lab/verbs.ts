/** What can be typed within `heartbeat lab`. */
import { spawn } from "node:child_process";
import { cleanEnvironment, ended, type Outcome, pause, quote } from "./child.js";
import type { Lab } from "./lab.js";
import type { Node } from "./node.js";
import type { Finding, ProbeRun } from "./probe-run.js";
import { describeFinding } from "./report.js";
import { checkout } from "./tree.js";

export const HELP = `Lab commands (NODE is a node's name, LINK is written master1:ens33 or master1:/dev/ttyS0):
  status              who has power, who runs, who holds and who answers each address, which links are broken
  start [NODE]        start the daemon (all nodes if none is named)
  stop NODE           orderly stop of the daemon
  kill NODE [all]     SIGKILL of the daemon's first process, or of the daemon with all its children
  freeze NODE         SIGSTOP of everything on the node; its kernel goes on answering
  suspend NODE        as a paused virtual machine: stopped and not heard
  thaw NODE           end of freeze or suspend
  crash NODE          power loss
  revive NODE         power again: boot and start
  cut LINK [in|out]   the switch swallows everything (in: towards the node, out: from it)
  unplug LINK         pull the cable: the node loses its carrier
  loss LINK PERCENT   lose this share at random
  heal [LINK|NODE]    repair a link, all links of a node, or all
  standby NODE [WHAT] hb_standby      takeover NODE [WHAT] hb_takeover      reload NODE
  run NODE COMMAND    run a command on a machine (also client, gateway)
  shell NODE          a shell there, in a terminal
  log NODE [LINES]    the end of its ha-log
  gaps                every interruption so far
  wait SECONDS        do nothing for a while (for scripts)
  settle [SECONDS]    wait until every address is answered
  quit                leave; everything is removed`;

/** What an operator types on a node is on its PATH, as it is where heartbeat is installed. */
const WITH_TOOLS = `PATH=${quote(`${checkout}/bin`)}:$PATH; export PATH`;
/** A login shell sets its own PATH, so the tools come after that. */
const LOGIN = `${WITH_TOOLS}; command -v bash >/dev/null && exec bash; exec sh`;

export type VerbOutcome = "done" | "failed" | "quit";

export class Verbs {
  readonly #lab: Lab;
  readonly #addresses: readonly string[];
  readonly #say: (text: string) => void;
  #probe: ProbeRun | undefined;

  constructor(lab: Lab, addresses: readonly string[], say: (text: string) => void) {
    this.#lab = lab;
    this.#addresses = addresses;
    this.#say = say;
  }

  /** Starts the client's watch; findings go to the listener. */
  async watch(onFinding: (finding: Finding) => void): Promise<void> {
    this.#probe = await this.#lab.probe(this.#addresses, { onFinding });
  }

  /** Runs one line; a failure is said, not thrown. */
  async run(line: string): Promise<VerbOutcome> {
    const [verb = "", ...words] = line.trim().split(/\s+/);
    if (verb === "" || verb.startsWith("#")) return "done";
    if (verb === "quit" || verb === "exit") return "quit";
    try {
      return await this.#perform(verb, words);
    } catch (error) {
      this.#say(`${verb}: ${error instanceof Error ? error.message : error}`);
      return "failed";
    }
  }

  async #perform(verb: string, words: readonly string[]): Promise<VerbOutcome> {
    const [first = "", second, ...rest] = words;
    const lab = this.#lab;
    const node = () => lab.node(first);
    const direction = second === "in" || second === "out" ? second : "both";
    const table: Readonly<Record<string, () => Promise<Outcome | unknown>>> = {
      help: async () => this.#say(HELP),
      status: () => this.#status(),
      start: () => (first ? node().start() : lab.start()),
      stop: () => node().stop(),
      kill: () => node().killDaemon(second === "all" ? "tree" : "daemon"),
      freeze: () => node().freeze(),
      suspend: () => node().suspend(),
      thaw: () => node().thaw(),
      crash: () => node().crash(),
      revive: () => node().revive(),
      cut: () => lab.cut(first, { direction }),
      unplug: () => lab.cut(first, { unplug: true }),
      loss: () => lab.loss(first, Number(second ?? 0)),
      heal: () => lab.heal(first || undefined),
      standby: () => node().run([node().daemon.standby, second ?? ""].join(" ")),
      takeover: () => node().run([node().daemon.takeover, second ?? ""].join(" ")),
      reload: () => node().run(node().daemon.reload),
      run: () => lab.machine(first).run(`${WITH_TOOLS}; ${[second ?? "true", ...rest].join(" ")}`),
      shell: () => this.#shell(first),
      log: async () =>
        this.#say(
          (await node().log())
            .trimEnd()
            .split("\n")
            .slice(-Number(second ?? 20))
            .join("\n"),
        ),
      gaps: () => this.#gaps(),
      wait: () => pause(Number(first) * 1000),
      settle: () => this.#settle(Number(first || 60)),
    };
    const action = table[verb];
    if (!action) {
      this.#say(`"${verb}" is not a lab command; "help" lists them`);
      return "failed";
    }
    return this.#sayOutcome(await action());
  }

  #sayOutcome(result: unknown): VerbOutcome {
    if (typeof result !== "object" || result === null || !("code" in result)) return "done";
    const { code, stdout, stderr } = result as Outcome;
    const text = `${stdout}${stderr}`.trimEnd();
    if (text) this.#say(text);
    if (code !== 0) this.#say(`exit code ${code}`);
    return code === 0 ? "done" : "failed";
  }

  async #status(): Promise<void> {
    for (const node of this.#lab.nodes) this.#say(`${node.name.padEnd(12)} ${await describeNode(node)}`);
    const figures = await this.#probe?.figures();
    for (const address of this.#addresses) {
      const seen = figures?.addresses.find((one) => one.address === address);
      const answers =
        seen?.by === undefined || seen.silentSince !== undefined ? "nobody answers" : `${seen.by} answers`;
      const holders = await this.#lab.holders(address);
      this.#say(`${address.padEnd(15)} ${answers}; on a card of ${holders.join(", ") || "nobody"}`);
    }
    this.#say(`links: ${this.#lab.wires.describe().join(", ") || "all whole"}`);
  }

  async #gaps(): Promise<void> {
    const gaps = this.#probe?.gaps ?? [];
    for (const gap of gaps) this.#say(describeFinding({ type: "gap", ...gap }) ?? "");
    if (gaps.length === 0) this.#say("no gaps so far");
    const figures = await this.#probe?.figures();
    const { worst = 0, realtime } = figures ?? {};
    this.#say(
      `the client's own worst lateness: ${worst.toFixed(1)} ms${realtime ? "" : ", without real-time priority"}`,
    );
  }

  async #settle(seconds: number): Promise<void> {
    await this.#probe?.answered(seconds * 1000);
  }

  /** Gives the terminal to a shell on the machine until it ends. */
  async #shell(name: string): Promise<void> {
    // A terminal of its own: the one we have belongs to processes that the machine's pid namespace cannot see.
    const argv = ["script", "-qec", LOGIN, "/dev/null"];
    const [program = "", ...rest] = this.#lab.machine(name).commandLine(argv);
    const child = spawn(program, rest, { stdio: "inherit", env: cleanEnvironment() });
    await ended(child);
  }
}

async function describeNode(node: Node): Promise<string> {
  if (!node.hasPower) return "no power";
  const pid = await node.daemonPid();
  if (pid === undefined) return "power, no daemon";
  const one = (await node.processes()).find((process) => process.pid === pid);
  return one?.state === "T" ? `daemon ${pid} is frozen` : `daemon ${pid} runs`;
}
