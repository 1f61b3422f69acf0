/**
 * A node's life in nine states, in each of which Debian's unchanged `cl_status` is asked everything it can be asked. Played once with the
 * original's own daemon the answers are the yardstick; played with ours they must be the same.
 */
import { until } from "./child.js";
import type { DaemonPlan } from "./daemons.js";
import { type Lab, openLab } from "./lab.js";
import type { Node } from "./node.js";
import { seedFiles } from "./seed.js";

/** What one call printed and returned. The stamps of log lines are taken out. */
export interface ClientAnswer {
  readonly state: State;
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export const states = [
  ...([
    "never started",
    "starting",
    "alone",
    "pair",
    "moving",
    "given up",
    "peer dead",
    "stopping",
    "stopped",
  ] as const),
];
export type State = (typeof states)[number];

const [SELF, PEER, PING] = ["master1", "master2", "172.30.105.254"];

/** Every sub-command, with good, bad and missing parameters. A client elsewhere is given time: 3.0.6 itself is too late for the default. */
export const calls: readonly (readonly string[])[] = [
  ...["hbstatus", "hbstatus -m", "hbstatus -v", "rscstatus", "rscstatus -m", "test", "nosuchcmd", "-h"],
  ...["listnodes", "listnodes -m", "listnodes -p", "listnodes -n", "listnodes -v", "listnodes -x"],
  ...[SELF, PEER, PING, "nosuch", `-m ${PEER}`, ""].map((words) => `nodestatus ${words}`),
  ...[SELF, PING, "nosuch"].flatMap((node) => [`nodetype ${node}`, `nodeweight ${node}`, `nodesite ${node}`]),
  ...[SELF, PEER, PING, "nosuch", `-v ${PEER}`, `-v ${SELF}`, ""].map((words) => `listhblinks ${words}`),
  ...[`${SELF} ens33`, `${PEER} ens33`, `${PING} ${PING}`, `${PEER} nope`, PEER].map(
    (words) => `hblinkstatus ${words}`,
  ),
  ...[`${SELF} ccm`, `${SELF} nope`, `${PEER} ccm 3000`, `${PEER} nope 3000`, `${PING} ccm`, SELF].map(
    (words) => `clientstatus ${words}`,
  ),
  ...["-p deadtime", "-m -p keepalive", "-p deadping", "-p node", "-p nosuch", ""].map(
    (words) => `hbparameter ${words}`,
  ),
].map((line) => line.split(" ").filter((word) => word !== ""));

/** What the tested daemon needs beside its package: a line of ha.cf, perhaps. */
export interface Subject {
  readonly daemon: DaemonPlan;
  readonly lines: readonly string[];
}

/** Seconds that the service of the first group needs to stop: long enough to be asked meanwhile. */
const slowness = 7;
const slow = `#!/bin/sh
case $1 in
start) touch /run/slow;;
stop) [ ! -e /run/slow ] || sleep ${slowness}; rm -f /run/slow;;
status) [ -e /run/slow ] && echo running || echo stopped;;
esac
`;

/** Plays all states, in their order. */
export async function playStates(
  { daemon, lines }: Subject,
  say: (line: string) => void,
): Promise<readonly ClientAnswer[]> {
  const extra = ["respawn hacluster /usr/libexec/heartbeat/ccm", ...lines];
  const times = { keepalive: "500ms", deadtime: "3", warntime: "2", initdead: "8" };
  const plain = seedFiles({ ...times, services: ["slow"], extra });
  const script = { "/etc/ha.d/resource.d/slow": { content: slow, mode: 0o755 } };
  const files = Object.fromEntries(Object.entries(plain).map(([name, file]) => [name, { ...file, extra: script }]));
  const lab = await openLab({ files, daemon });
  try {
    return await play(lab, say);
  } finally {
    await lab.close();
  }
}

async function play(lab: Lab, say: (line: string) => void): Promise<readonly ClientAnswer[]> {
  const answers: ClientAnswer[] = [];
  const [self, peer] = [lab.node(SELF ?? ""), lab.node(PEER ?? "")];
  const look = async (state: State): Promise<void> => {
    say(state);
    answers.push(...(await askAll(self, state)));
  };
  await look("never started");
  await self.start();
  await look("starting");
  await holds(self, "all", "dead");
  await look("alone");
  await peer.start();
  await holds(self, "local", "active");
  await holds(peer, "local", "active");
  await look("pair");
  await self.run(`${self.daemon.standby} local`);
  await said(self, "rscstatus", "transition");
  await look("moving");
  await holds(self, "none", "active");
  await look("given up");
  await peer.crash();
  await holds(self, "all", "dead");
  await look("peer dead");
  const stopped = self.stop();
  await said(self, "rscstatus", "transition");
  await look("stopping");
  await stopped;
  await look("stopped");
  return answers;
}

const client = "/usr/bin/cl_status";

const said = (node: Node, words: string, answer: string): Promise<unknown> =>
  until(`${node.name}: cl_status ${words} to say ${answer}`, 60_000, async () => {
    const { stdout } = await node.run(`${client} ${words}`);
    return stdout.trim() === answer;
  });

/** Waits until the node holds this for two seconds, sees the other one so, and its ccm (whom `hbstatus -v` asks) has counted both. */
async function holds(node: Node, share: string, other: "active" | "dead"): Promise<void> {
  const peer = node.name === SELF ? PEER : SELF;
  const asked = ["rscstatus", `nodestatus ${peer}`, `clientstatus ${node.name} ccm`, `clientstatus ${peer} ccm 3000`];
  const members = `${client} hbstatus -v | sed -n 's/^\\tmembers //p'`;
  const question = [...asked.map((words) => `${client} ${words}`), members].join("; ");
  const wanted = `${share}\n${other}\nonline\n${other === "dead" ? "offline\n1" : "online\n2"}\n`;
  const isSo = async (): Promise<boolean> => (await node.run(question)).stdout === wanted;
  await until(
    `${node.name} to hold ${share}`,
    90_000,
    async () => {
      if (!(await isSo())) return false;
      await new Promise((done) => setTimeout(done, 2_000));
      return isSo();
    },
    250,
  );
}

/** All calls, a dozen at a time: some states do not last. */
async function askAll(node: Node, state: State): Promise<readonly ClientAnswer[]> {
  const asked = calls.map((args, n) => `q ${n} ${args.join(" ")} &${n % 12 === 11 ? " wait;" : ""}`);
  const script = [
    "d=$(mktemp -d); cd $d",
    `q() { n=$1; shift; ${client} "$@" >$n.o 2>$n.e; echo $? >$n.x; }`,
    ...asked,
    "wait",
    `for n in $(seq 0 ${calls.length - 1}); do echo "$(cat $n.x) _$(base64 -w0 $n.o) _$(base64 -w0 $n.e)"; done`,
  ];
  const { stdout } = await node.run(script.join("\n"), { timeout: 60_000 });
  return stdout
    .trim()
    .split("\n")
    .map((line, n) => {
      const [exit, out = "", error = ""] = line.split(" ");
      return {
        state,
        args: calls[n] ?? [],
        stdout: textOf(out),
        stderr: plainErrors(textOf(error)),
        exit: Number(exit),
      };
    });
}

const textOf = (encoded: string): string => Buffer.from(encoded.slice(1), "base64").toString("latin1");

/** `Nov 22 18:37:52 master1 cl_status: [46]: ERROR: …` → `<stamp> ERROR: …` */
const plainErrors = (text: string): string => text.replace(/^.*cl_status: \[\d+\]: /gm, "<stamp> ");
