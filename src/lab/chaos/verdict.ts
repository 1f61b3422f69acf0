/**
 * What a round came to, seen from outside. Pure: from what was done when, and what the client saw, to what was wrong.
 */
import type { TwoHolders } from "../answerers.js";
import type { Change, Gap } from "../ledger.js";
import type { Fault, Kind, NodeName } from "./menu.js";
import { severs } from "./menu.js";

/** A fault as it was: instants of the lab's clock. */
export interface Done {
  readonly fault: Fault;
  readonly began: number;
  readonly ended: number;
}

/** What was seen in a round. */
export interface Seen {
  readonly done: readonly Done[];
  /** When everything was healed and the cluster was at rest again. */
  readonly settled: number;
  readonly twoHolders: readonly TwoHolders[];
  readonly gaps: readonly Gap[];
  readonly changes: readonly Change[];
}

/** By what the round is judged. */
export interface Rules {
  readonly arbiter: boolean;
  readonly links: readonly ("ens33" | "ens38")[];
  /** Longest time without an answer while a healthy node is there, in milliseconds. */
  readonly bound: number;
}

/** Two hosts answered for one address. Times in milliseconds; `after`: since the first fault began. */
export interface Two {
  readonly address: string;
  readonly how: TwoHolders["how"];
  readonly who: readonly string[];
  readonly after: number;
  readonly lasted: number;
  readonly questions: number;
  /** Without an arbiter nobody can tell a cut of every link from a death; every other case is a fault of the product. */
  readonly excused: boolean;
}

/** Nobody answered for an address. `last` and `first`: the last answer before and the first one after, since the first fault began. */
export interface Silence {
  readonly address: string;
  readonly length: number;
  readonly last: number;
  readonly first: number;
  readonly before: string;
  readonly after: string;
}

/** An address passed to another node, as the client saw it: last answer of the one, first of the other, since the first fault began. */
export interface Move {
  readonly address: string;
  readonly from: string;
  readonly to: string;
  readonly last: number;
  readonly first: number;
}

export interface Verdict {
  readonly two: readonly Two[];
  readonly silences: readonly Silence[];
  readonly moves: readonly Move[];
  readonly problems: readonly string[];
}

export function judge(seen: Seen, rules: Rules): Verdict {
  const begin = Math.min(...seen.done.map((one) => one.began));
  const severed = severs(
    seen.done.map((one) => one.fault),
    rules.links,
  );
  const two = seen.twoHolders.map((one) => ({
    address: one.address,
    how: one.how,
    who: one.macs,
    after: one.from - begin,
    lasted: one.to - one.from + 1,
    questions: one.questions,
    excused: severed && !rules.arbiter,
  }));
  const silences = seen.gaps.map((gap) => ({
    address: gap.address,
    length: gap.length - gap.asleep,
    last: gap.start - begin,
    first: gap.start + gap.length - begin,
    before: gap.before,
    after: gap.after,
  }));
  const problems = [
    ...two.filter((one) => !one.excused).map((one) => `two answered for ${one.address}: ${describeTwo(one)}`),
    ...seen.gaps.flatMap((gap) => needless(gap, seen, rules)),
  ];
  return { two, silences, moves: movesOf(seen, begin), problems };
}

function movesOf({ changes, gaps }: Seen, begin: number): readonly Move[] {
  return changes.flatMap(({ address, at, from, to }) => {
    if (from === undefined) return [];
    const silence = gaps.find((gap) => gap.address === address && Math.abs(gap.start + gap.length - at) < 0.01);
    return [{ address, from, to, last: (silence?.start ?? at) - begin, first: at - begin }];
  });
}

export const describeTwo = ({ how, who, after, lasted }: Two): string =>
  `${who.join(" and ")} ${how}, ${lasted.toFixed(0)} ms, from ${after.toFixed(0)} ms after the first fault`;

/** A gap during which one and the same node could have answered for longer than the bound. */
function needless(gap: Gap, seen: Seen, { bound }: Rules): readonly string[] {
  const [from, to] = [gap.start, gap.start + gap.length];
  const could = (["master1", "master2"] as const).filter(
    (node) => healthyFor(node, from, to, seen) > bound + gap.asleep,
  );
  const length = gap.length.toFixed(0);
  return could.length === 0
    ? []
    : [`nobody answered for ${gap.address} for ${length} ms, and ${could.join(", ")} could`];
}

/** The longest stretch within an interval in which nothing that was done hindered the node from answering. */
function healthyFor(node: NodeName, from: number, to: number, { done, settled }: Seen): number {
  const ill = done
    .filter(({ fault }) => hinders[fault.kind] !== "no" && (fault.node === node || forBoth.includes(fault.kind)))
    .map((one) => ({
      from: one.began,
      to: hinders[one.fault.kind] === "until-settled" ? settled : one.ended + RECOVERY,
    }))
    .sort((a, b) => a.from - b.from);
  let longest = 0;
  let at = from;
  for (const one of ill) {
    longest = Math.max(longest, Math.min(one.from, to) - at);
    at = Math.max(at, one.to);
  }
  return Math.max(longest, to - at);
}

/** After a fault that only holds a node up it needs a moment to be its old self; milliseconds. */
const RECOVERY = 300;

/** Whether a node can do its work under a fault; `until-settled`: it has to be started anew, which takes what it takes. */
const hinders: Readonly<Record<Kind, "no" | "while" | "until-settled">> = {
  crash: "until-settled",
  "kill-daemon": "until-settled",
  "kill-all": "until-settled",
  // Its guardian ends what hangs and begins anew.
  "stop-daemon": "until-settled",
  "stop-all": "while",
  pause: "while",
  busy: "no",
  starve: "while",
  "cut-heartbeat": "no",
  "cut-between": "no",
  "cut-every-link": "no",
  "cut-service": "while",
  "unplug-service": "while",
  isolate: "while",
  loss: "no",
  restart: "until-settled",
  standby: "no",
  takeover: "no",
  reload: "no",
  // Nobody may take over what somebody else may still hold until it is back.
  "witness-down": "while",
  "witness-restart": "while",
  "witness-stop": "while",
  "cut-witness": "while",
  "disk-stop": "while",
};

const forBoth: readonly Kind[] = ["witness-down", "witness-restart", "witness-stop"];
