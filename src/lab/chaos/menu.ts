/**
 * What may happen to a pair in one round, drawn from a seed. Pure: the same seed and round give the same faults, whoever they are played against.
 * Times are milliseconds from the beginning of the round, for a deadtime of about 100 ms; a slower product gets all of them stretched.
 */

export type NodeName = "master1" | "master2";

/** The menu. `node` is whom it happens to; direction is seen from there. */
export type Kind =
  /** Power loss, and power again. */
  | "crash"
  /** SIGKILL of the process that beats; whatever watches it lives. */
  | "kill-daemon"
  /** SIGKILL of every process of the product at once. */
  | "kill-all"
  /** SIGSTOP, later SIGCONT, of the process that beats; of all. */
  | "stop-daemon"
  | "stop-all"
  /** A paused virtual machine: all processes stand still and its cards are dead. */
  | "pause"
  /** Two busy loops per core. */
  | "busy"
  /** A real-time process takes the core that all processes of the product are bound to. */
  | "starve"
  /** The dedicated heartbeat link; the way between the nodes across the service LAN; both. Clients reach both nodes. */
  | "cut-heartbeat"
  | "cut-between"
  | "cut-every-link"
  /** The node's card on the service LAN: clients, peer and gateway. */
  | "cut-service"
  | "unplug-service"
  /** All cards of the node. */
  | "isolate"
  /** A part of the packets between the nodes, on all links. */
  | "loss"
  /** Orderly stop, and start again. */
  | "restart"
  /** An operator gives everything to the peer; takes everything; makes the daemon read its files again. */
  | "standby"
  | "takeover"
  | "reload"
  /** The witness is killed and comes back without memory: after the time, or as soon as it can; it hangs; the node does not reach it. */
  | "witness-down"
  | "witness-restart"
  | "witness-stop"
  | "cut-witness"
  /** The node's disk process hangs, as one does whose disk does not answer. */
  | "disk-stop";

/** One thing that happens. */
export interface Fault {
  readonly kind: Kind;
  readonly node: NodeName;
  readonly at: number;
  readonly lasts: number;
  /** Of a cut; both ways when left out. */
  readonly direction?: "in" | "out";
  /** Of a loss. */
  readonly percent?: number;
}

/** How often each kind is drawn in comparison with the others. */
const weights: Readonly<Record<Kind, number>> = {
  crash: 3,
  "kill-daemon": 2,
  "kill-all": 3,
  "stop-daemon": 2,
  "stop-all": 3,
  pause: 2,
  busy: 2,
  starve: 2,
  "cut-heartbeat": 2,
  "cut-between": 2,
  "cut-every-link": 3,
  "cut-service": 2,
  "unplug-service": 1,
  isolate: 3,
  loss: 2,
  restart: 2,
  standby: 2,
  takeover: 1,
  reload: 1,
  "witness-down": 3,
  "witness-restart": 2,
  "witness-stop": 2,
  "cut-witness": 3,
  "disk-stop": 4,
};

/** What happens to an arbiter. */
export const WITNESS_KINDS: readonly Kind[] = ["witness-down", "witness-restart", "witness-stop", "cut-witness"];
export const DISK_KINDS: readonly Kind[] = ["disk-stop"];
export const ARBITER_KINDS: readonly Kind[] = [...WITNESS_KINDS, ...DISK_KINDS];

/**
 * A crash, and faults that take the holder's processes away and leave its kernel: nothing of the product can tell the kernel to be silent any more.
 */
export const MUTE_KINDS: readonly Kind[] = ["crash", "kill-all", "stop-all", "starve"];

/** Every kind, in the order of the tables. */
export const KINDS = Object.keys(weights) as readonly Kind[];

const mayBeOneWay: readonly Kind[] = ["cut-heartbeat", "cut-between", "cut-every-link", "isolate", "cut-witness"];

/** Luck from a seed (mulberry32): a function that gives a number in [0, 1) each time. */
function luckOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const luckOfRound = (seed: number, round: number): (() => number) =>
  luckOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b));

/** The faults of a round: one, or in a third of the rounds two that overlap. @param kinds what can be done to this product at all. */
export function drawRound(seed: number, round: number, kinds: readonly Kind[]): readonly Fault[] {
  const luck = luckOfRound(seed, round);
  const count = luck() < 0.35 ? 2 : 1;
  const faults: Fault[] = [];
  for (let i = 0; i < count; i += 1) faults.push(drawFault(luck, kinds, i));
  return faults;
}

/** A fixed plan instead: one fault a round, the kinds in turn, first to the one node and then to the other; only the instant is drawn. */
export function inTurn(seed: number, round: number, kinds: readonly Kind[]): readonly Fault[] {
  const luck = luckOfRound(seed, round);
  const kind = kinds[round % kinds.length] ?? "crash";
  const node: NodeName = Math.floor(round / kinds.length) % 2 === 0 ? "master1" : "master2";
  return [{ kind, node, at: Math.round(luck() * 60), lasts: 400 }];
}

function drawFault(luck: () => number, kinds: readonly Kind[], index: number): Fault {
  const kind = drawKind(luck, kinds);
  const node: NodeName = luck() < 0.6 ? "master1" : "master2";
  const at = Math.round(luck() * 60 + index * luck() * 500);
  const lasts = Math.round(150 + luck() * 850);
  const oneWay = luck();
  const percent = 10 + Math.round(luck() * 30);
  const direction = oneWay < 0.2 ? "in" : oneWay < 0.4 ? "out" : undefined;
  return {
    kind,
    node,
    at,
    lasts: kind === "starve" ? Math.min(lasts, 400) : lasts,
    ...(direction !== undefined && mayBeOneWay.includes(kind) ? { direction } : {}),
    ...(kind === "loss" ? { percent } : {}),
  };
}

function drawKind(luck: () => number, kinds: readonly Kind[]): Kind {
  const all = kinds.reduce((sum, kind) => sum + weights[kind], 0);
  let left = luck() * all;
  for (const kind of kinds) {
    left -= weights[kind];
    if (left < 0) return kind;
  }
  return kinds[0] ?? "crash";
}

const instantly: readonly Kind[] = ["kill-daemon", "kill-all", "standby", "takeover", "reload", "witness-restart"];

/** "crash of master1 at 12 ms for 300 ms". */
export function describeFault({ kind, node, at, lasts, direction, percent }: Fault): string {
  const how = [...(direction ? [direction] : []), ...(percent ? [`${percent} %`] : [])].join(" ");
  const length = instantly.includes(kind) ? "" : ` for ${lasts} ms`;
  return `${kind} ${node}${how === "" ? "" : ` (${how})`} at ${at}${length}`;
}

/** Ways for heartbeats from one node to the other. */
type Way = `${"ens33" | "ens38"} ${NodeName}`;

const other = (node: NodeName): NodeName => (node === "master1" ? "master2" : "master1");

function waysCut({ kind, node, direction }: Fault): readonly Way[] {
  const senders = direction === "out" ? [node] : direction === "in" ? [other(node)] : [node, other(node)];
  const on = (...cards: readonly ("ens33" | "ens38")[]): readonly Way[] =>
    cards.flatMap((card) => senders.map((sender): Way => `${card} ${sender}`));
  switch (kind) {
    case "cut-heartbeat":
      return on("ens33");
    case "cut-between":
    case "cut-service":
    case "unplug-service":
      return on("ens38");
    case "cut-every-link":
    case "isolate":
      return on("ens33", "ens38");
    default:
      return [];
  }
}

/** A machine under load begins a fault somewhat later than planned; milliseconds. */
const slack = 100;

/**
 * @param links the cards over which this product's heartbeats go.
 * @returns whether there is an instant at which one of the living nodes cannot be heard by the other on any link.
 */
export function severs(faults: readonly Fault[], links: readonly ("ens33" | "ens38")[]): boolean {
  return faults.some((first) =>
    (["master1", "master2"] as const).some((sender) =>
      links.every((card) =>
        faults.some(
          (fault) =>
            fault.at <= first.at + first.lasts + slack &&
            fault.at + fault.lasts + slack >= first.at &&
            waysCut(fault).includes(`${card} ${sender}`),
        ),
      ),
    ),
  );
}
