import assert from "node:assert/strict";
import { noArbitration } from "../../src/core/arbitration.js";
import type { Effect } from "../../src/core/effect.js";
import type { Event, Fact, ResourceOutcome } from "../../src/core/event.js";
import { type Message, message, textOf } from "../../src/core/message.js";
import {
  type GroupName,
  generation,
  groupName,
  type LinkName,
  linkName,
  type NodeName,
  nodeName,
} from "../../src/core/names.js";
import { nextDeadline, start, step } from "../../src/core/node.js";
import type { Identity, NodeState } from "../../src/core/node-state.js";
import { type GroupSettings, noFencing, type Settings, type Timing } from "../../src/core/settings.js";
import { type Duration, type Instant, instant, milliseconds, seconds } from "../../src/core/time.js";

/**
 * A pretend world for the core alone: nodes are states, wires are a queue, scripts answer when they are told to. Every step is checked
 * on the way: the state before and the event are deeply frozen, and the next deadline lies in the future.
 */

/** Seed of this run's random choices: `SEED=…` repeats one. */
export const SEED: number = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

/** Parameters for fast-check; the seed stands in the test's output. */
export function seeded(t: { diagnostic(text: string): void }, runs = 300): { seed: number; numRuns: number } {
  t.diagnostic(`SEED=${SEED}`);
  return { seed: SEED, numRuns: runs };
}

export const ETH0: LinkName = linkName("eth0");
export const ETH1: LinkName = linkName("eth1");

export const TIMING: Timing = {
  keepalive: seconds(1),
  warntime: seconds(3),
  deadtime: seconds(5),
  deadping: seconds(5),
  initdead: seconds(10),
  startTimeout: seconds(60),
  stopTimeout: seconds(60),
  statusTimeout: seconds(20),
  stopAttempts: 11,
  stopRetryPause: seconds(1),
  announceInterval: seconds(5),
};

/** `alpha: vip1 nginx` as haresources has it; a resource whose name begins with `vip` is an address. */
export function groupOf(line: string): GroupSettings {
  const [owner = "", ...texts] = line.split(/:? +/);
  const resources = texts.map((text) => ({
    text,
    kind: text.startsWith("vip") ? ("address" as const) : ("script" as const),
  }));
  return {
    name: groupName(texts[0] ?? ""),
    owner: nodeName(owner),
    resources,
    policy: "takeover-on-silence",
    takeoverDelay: milliseconds(0),
  };
}

export interface Wanted {
  readonly nodes?: readonly string[];
  readonly groups?: readonly string[];
  readonly pings?: readonly string[];
  readonly ipfail?: Settings["ipfail"];
  readonly autoFailback?: Settings["autoFailback"];
  readonly timing?: Partial<Timing>;
  readonly monitoring?: Partial<Settings["monitoring"]>;
  readonly digest?: string;
  readonly fencing?: Settings["fencing"];
  readonly arbitration?: Partial<Settings["arbitration"]>;
  /** Of all groups. */
  readonly policy?: GroupSettings["policy"];
  readonly takeoverDelay?: Duration;
}

export function settingsOf(self: string, wanted: Wanted = {}): Settings {
  const nodes = (wanted.nodes ?? ["alpha", "bravo"]).map(nodeName);
  const pings = (wanted.pings ?? []).map(nodeName);
  const usual = wanted.fencing === undefined ? "takeover-on-silence" : "fence-first";
  const { policy = usual, takeoverDelay = milliseconds(0) } = wanted;
  return {
    self: nodeName(self),
    nodes,
    pingNodes: pings,
    ipfail: wanted.ipfail ?? "none",
    timing: { ...TIMING, ...wanted.timing },
    monitoring: { interval: milliseconds(0), threshold: 3, failureTimeout: seconds(600), ...wanted.monitoring },
    autoFailback: wanted.autoFailback ?? "off",
    fencing: wanted.fencing ?? noFencing,
    arbitration: { ...noArbitration, ...wanted.arbitration },
    groups: (wanted.groups ?? ["alpha: vip1", "bravo: vip2"]).map((line) => ({
      ...groupOf(line),
      policy,
      takeoverDelay,
    })),
    ttl: 1 + nodes.length + pings.length,
    maxRexmitDelay: milliseconds(250),
    digest: wanted.digest ?? "d1",
  };
}

export const uuidOf = (name: string): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => name.charCodeAt(i % name.length) + i);

export const identityOf = (name: string, incarnation = 1, strong = true): Identity => ({
  uuid: uuidOf(name),
  generation: generation(incarnation),
  processId: 4711,
  strong,
});

/** 16 digits that differ from node to node and from start to start. */
export const nonceOf = (name: string, incarnation = 1): string =>
  `${incarnation}${[...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1e9, 7)}`.padEnd(16, "e");

/** Freezes the value and everything in it; a Map's contents cannot be frozen, so its methods are taken away. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) {
    for (const [key, item] of value) {
      deepFreeze(key);
      deepFreeze(item);
    }
    const forbidden = (): never => assert.fail("a map of a state was written to");
    for (const name of ["set", "delete", "clear"]) Object.defineProperty(value, name, { value: forbidden });
  }
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}

/** One step, checked: nothing is written to, and the node does not want to be woken in the past. */
export function checkedStep(state: NodeState, event: Event): readonly [NodeState, readonly Effect[]] {
  const [next, effects] = step(deepFreeze(state), deepFreeze(event));
  assertAwake(next, event.at);
  return [next, effects];
}

export function assertAwake(state: NodeState, at: Instant): void {
  const next = nextDeadline(state);
  assert.ok(next > at, `after ${at} the node wants to be woken at ${next}, which is not in the future`);
  assert.equal(state.dueAt, next);
}

/** What a script of this world does: an outcome, at once or after some milliseconds; `hangs`: never an answer. */
export type Behaviour = ResourceOutcome | { readonly after: number; readonly outcome: ResourceOutcome } | "hangs";
export type Operation = Effect & { type: "operateResource" };

const succeeded = { kind: "succeeded" } as const;

/** A node in the world. */
export class Member {
  readonly name: NodeName;
  readonly settings: Settings;
  readonly world: World;
  state: NodeState;
  effects: Effect[] = [];
  /** Every effect since the start with its instant. */
  readonly history: { readonly at: number; readonly effect: Effect }[] = [];
  /** Texts of the scripts that run here, and of the addresses that are on. */
  readonly running = new Set<string>();
  /** What scripts do, by `text action`; default: they do as they are told at once. */
  readonly behaviours = new Map<string, Behaviour>();
  alive = true;
  /** Paused like SIGSTOP: events queue up. */
  asleep = false;

  constructor(world: World, settings: Settings, incarnation = 1, strong = true) {
    this.world = world;
    this.settings = settings;
    this.name = settings.self;
    const identity = identityOf(settings.self, incarnation, strong);
    const nonce = nonceOf(settings.self, incarnation);
    const [state, effects] = start({ settings, identity, seed: 1, nonce, at: instant(world.now), wall: world.wall });
    this.state = state;
    assertAwake(state, instant(world.now));
    this.#take(effects);
  }

  /** Something happens to the node now. */
  feel(fact: Fact): readonly Effect[] {
    const [state, effects] = checkedStep(this.state, { at: instant(this.world.now), wall: this.world.wall, ...fact });
    this.state = state;
    this.#take(effects);
    return effects;
  }

  hear(heard: Message, link: LinkName = ETH0): readonly Effect[] {
    return this.feel({ type: "messageHeard", link, message: heard, authenticated: "configured" });
  }

  group(name: string) {
    const group = this.state.groups.get(groupName(name));
    assert.ok(group !== undefined, `no group ${name}`);
    return group;
  }

  peer(name: string) {
    const peer = this.state.peers.get(nodeName(name));
    assert.ok(peer !== undefined, `no peer ${name}`);
    return peer;
  }

  holding(name: string): string {
    return this.group(name).holding.kind;
  }

  counter(name: string): number {
    return this.state.counters.get(name) ?? 0;
  }

  /** Lines logged since the last time somebody asked. */
  takeLog(): string[] {
    const lines = this.effects.flatMap((effect) => (effect.type === "log" ? [effect.text] : []));
    this.effects = this.effects.filter((effect) => effect.type !== "log");
    return lines;
  }

  /** Messages sent since the last time somebody asked. */
  takeSent(): Message[] {
    const sent = this.effects.flatMap((effect) => (effect.type === "send" ? [effect.message] : []));
    this.effects = this.effects.filter((effect) => effect.type !== "send");
    return sent;
  }

  /** Effects of this type since the last time somebody asked. */
  take<T extends Effect["type"]>(type: T): (Effect & { type: T })[] {
    const taken = this.effects.filter((effect): effect is Effect & { type: T } => effect.type === type);
    this.effects = this.effects.filter((effect) => effect.type !== type);
    return taken;
  }

  #take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      this.effects.push(effect);
      this.history.push({ at: this.world.now, effect });
      this.world.perform(this, effect);
    }
  }

  /** What the pretend kernel and scripts answer. */
  operate(operation: Operation): Behaviour {
    const text = this.group(operation.group).settings.resources[operation.index]?.text ?? "?";
    const action = operation.action === "monitor" ? "status" : operation.action;
    const behaviour = this.behaviours.get(`${text} ${action}`);
    const outcome =
      behaviour === undefined || behaviour === "hangs"
        ? undefined
        : "after" in behaviour
          ? behaviour.outcome
          : behaviour;
    if (behaviour === "hangs") return behaviour;
    if (action === "status") return behaviour ?? { kind: this.running.has(text) ? "running" : "stopped" };
    if (outcome === undefined || outcome.kind === "succeeded") {
      if (action === "start") this.running.add(text);
      else this.running.delete(text);
    }
    return behaviour ?? succeeded;
  }
}

interface Queued {
  readonly at: number;
  readonly to: Member;
  readonly fact: Fact;
}

export class World {
  now = 1_000;
  readonly members = new Map<NodeName, Member>();
  /** Everything that was sent, in order. */
  readonly sent: { readonly at: number; readonly from: NodeName; readonly message: Message }[] = [];
  readonly answers: {
    readonly at: number;
    readonly node: NodeName;
    readonly outcome: string;
    readonly text: string;
  }[] = [];
  /** `false` keeps a message from its receiver. */
  passes: (from: NodeName, to: NodeName, message: Message) => boolean = () => true;
  /** Ping nodes that answer. */
  readonly answering = new Set<string>();
  /** Nodes that reach no ping node. */
  readonly cutOff = new Set<NodeName>();
  readonly latency = 1;
  readonly ended = new Set<NodeName>();
  #queue: Queued[] = [];
  readonly #clocks: { at: number; readonly every: number; readonly tick: () => void }[] = [];

  get wall(): number {
    return 1_700_000_000 + this.now / 1_000;
  }

  /** Starts (or restarts) a node. */
  start(self: string, wanted: Wanted = {}, incarnation = 1, strong = true): Member {
    const member = new Member(this, settingsOf(self, wanted), incarnation, strong);
    this.members.set(member.name, member);
    return member;
  }

  kill(member: Member): void {
    member.alive = false;
    this.members.delete(member.name);
  }

  perform(from: Member, effect: Effect): void {
    if (effect.type === "send") {
      this.sent.push({ at: this.now, from: from.name, message: effect.message });
      for (const to of this.members.values()) {
        if (to.name === from.name || !this.passes(from.name, to.name, effect.message)) continue;
        this.later(this.latency, to, {
          type: "messageHeard",
          link: ETH0,
          message: effect.message,
          authenticated: "configured",
        });
      }
    } else if (effect.type === "ping") {
      if (this.answering.has(effect.node) && !this.cutOff.has(from.name))
        this.later(this.latency, from, {
          type: "pingAnswered",
          node: effect.node,
          askedAt: instant(this.now),
        });
    } else if (effect.type === "operateResource") {
      const behaviour = from.operate(effect);
      if (behaviour === "hangs") return;
      const [wait, outcome] = "after" in behaviour ? [behaviour.after, behaviour.outcome] : [0, behaviour];
      this.later(wait, from, { type: "resourceFinished", operation: effect.operation, outcome });
    } else if (effect.type === "withdrawAddresses") {
      for (const text of [...from.running]) if (text.startsWith("vip")) this.#withdraw(from, effect.group, text);
    } else if (effect.type === "answerOperator") {
      this.answers.push({ at: this.now, node: from.name, outcome: effect.outcome, text: effect.text });
    } else if (effect.type === "endProcess") {
      this.ended.add(from.name);
      this.kill(from);
    }
  }

  #withdraw(from: Member, group: GroupName, text: string): void {
    if (from.group(group).settings.resources.some((resource) => resource.text === text)) from.running.delete(text);
  }

  later(wait: number, to: Member, fact: Fact): void {
    this.#queue.push({ at: this.now + wait, to, fact });
  }

  /** Calls `tick` now and every `every` milliseconds. */
  every(every: number, tick: () => void): void {
    this.#clocks.push({ at: this.now, every, tick });
  }

  /** Lets `duration` milliseconds pass. */
  run(duration: number): void {
    const end = this.now + duration;
    for (let guard = 0; ; guard++) {
      assert.ok(guard < 200_000, "the world does not come to rest");
      const at = this.#nextInstant();
      if (at > end) break;
      this.now = Math.max(this.now, at);
      this.#happen();
    }
    this.now = end;
  }

  #nextInstant(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { at, to } of this.#queue) if (!to.asleep) first = Math.min(first, at);
    for (const { at } of this.#clocks) first = Math.min(first, at);
    for (const member of this.members.values()) if (!member.asleep) first = Math.min(first, nextDeadline(member.state));
    return first;
  }

  /** One thing that is due: the oldest message, else a clock, else a deadline. */
  #happen(): void {
    const due = this.#queue.filter(({ at, to }) => at <= this.now && !to.asleep).sort((a, b) => a.at - b.at)[0];
    if (due !== undefined) {
      this.#queue.splice(this.#queue.indexOf(due), 1);
      if (due.to.alive) due.to.feel(due.fact);
      return;
    }
    const clock = this.#clocks.find(({ at }) => at <= this.now);
    if (clock !== undefined) {
      clock.at += clock.every;
      return clock.tick();
    }
    for (const member of this.members.values())
      if (!member.asleep && nextDeadline(member.state) <= this.now)
        return void member.feel({ type: "deadlineReached" });
  }

  /** Messages of one type sent by this node, oldest first. */
  sentBy(name: string, type: string): Message[] {
    return this.sent
      .filter(({ from, message: m }) => from === name && textOf(m, "t") === type)
      .map(({ message: m }) => m);
  }

  /** The words in which the group would be described by each node, for quick comparison. */
  holdings(name: string): Record<string, string> {
    return Object.fromEntries([...this.members].map(([node, member]) => [node, member.holding(name)]));
  }
}

/** An original peer, played by hand: correct messages of heartbeat 3.0.6 without any mark of ours (wire.md 4, 7). */
export class Original {
  readonly name: string;
  readonly world: World;
  seq = 0;
  incarnation: number;
  status = "up";
  deadtime = "1388";
  /** The entry of authkeys that it signs with. */
  key = 1;
  #silent = false;

  constructor(world: World, name: string, incarnation = 0x6b030a20) {
    this.world = world;
    this.name = name;
    this.incarnation = incarnation;
  }

  /** Sends `status` every second from now on. */
  beat(): this {
    this.world.every(1_000, () => {
      if (!this.#silent) this.say({ t: "status", st: this.status, dt: this.deadtime, protocol: "1" });
    });
    return this;
  }

  set silent(silent: boolean) {
    this.#silent = silent;
  }

  /** Every node hears the message after the usual latency. */
  say(fields: Readonly<Record<string, string | undefined>>): Message {
    const said = this.message(fields);
    for (const to of this.world.members.values())
      if (this.world.passes(nodeName(this.name), to.name, said))
        this.world.later(this.world.latency, to, {
          type: "messageHeard",
          link: ETH0,
          message: said,
          authenticated: "configured",
          key: this.key,
        });
    return said;
  }

  message(fields: Readonly<Record<string, string | undefined>>): Message {
    const numbered = !fields["t"]?.startsWith("NS_");
    if (numbered) this.seq = fields["seq"] === undefined ? this.seq + 1 : Number.parseInt(fields["seq"], 16);
    return message({
      ...fields,
      src: this.name,
      srcuuid: uuidOf(this.name),
      seq: numbered ? (fields["seq"] ?? this.seq.toString(16)) : undefined,
      hg: fields["hg"] ?? this.incarnation.toString(16),
      ts: Math.floor(this.world.wall).toString(16),
      ld: "0.55 1.08 1.38 2/253 405",
      ttl: "3",
    });
  }

  resource(held: string, more: Readonly<Record<string, string | undefined>> = {}): void {
    this.say({ t: "resource", rsc_hold: held, rtype: "full", ...more });
  }

  ask(share: string, info: "me" | "other" | "done"): void {
    this.say({ t: "ask_resources", rsc_hold: share, info });
  }
}

/** Two of ours with a common world, run until both are active and everything is held. */
export function pair(wanted: Wanted = {}): { world: World; alpha: Member; bravo: Member } {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  const bravo = world.start("bravo", wanted);
  world.run(3_000);
  return { world, alpha, bravo };
}

/** Ours (`alpha`) and an original (`bravo`), each holding its own, at rest. */
export function besideOriginal(wanted: Wanted = {}): { world: World; alpha: Member; bravo: Original } {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  bravo.beat();
  world.run(300);
  bravo.resource("local", { isstable: "1" });
  world.run(3_000);
  return { world, alpha, bravo };
}

export const textsOf = (messages: readonly Message[], ...names: string[]): string[] =>
  messages.map((m) => names.map((name) => textOf(m, name) ?? "-").join(" "));
