import type { Config } from "../config/config.js";
import type { Effect, OperatorOutcome } from "../core/effect.js";
import type { Event, Fact, LocalSender, Share } from "../core/event.js";
import type { Message } from "../core/message.js";
import type { LinkName, NodeName } from "../core/names.js";
import { resume, start, step } from "../core/node.js";
import type { Identity, NodeState } from "../core/node-state.js";
import type { GroupSettings } from "../core/settings.js";
import { isQuiet } from "../core/succession.js";
import { after, between, type Duration, earliest, type Instant, milliseconds, seconds } from "../core/time.js";
import type { Addresses } from "../ports/addresses.js";
import type { Arbiter } from "../ports/arbiter.js";
import type { Clients } from "../ports/clients.js";
import type { Clock } from "../ports/clock.js";
import type { DeadMan } from "../ports/dead-man.js";
import type { Fencer } from "../ports/fencer.js";
import type { Guardian } from "../ports/guardian.js";
import type { Log } from "../ports/log.js";
import type { Medium, Pinger } from "../ports/medium.js";
import type { Scripts } from "../ports/scripts.js";
import type { Segment } from "../ports/segment.js";
import type { Codec } from "../wire/codec.js";
import { type Counters, createCounters } from "./counters.js";
import { createHands, type Hands } from "./hands.js";
import { withdrawLeftovers } from "./leftovers.js";
import { createPinging, type Pinging } from "./pinging.js";
import { createRing, type Ring } from "./ring.js";
import { subjectOf } from "./subject.js";
import { createSurroundings, type Surroundings } from "./surroundings.js";
import { createWatch, type Watch } from "./watch.js";

/**
 * The loop around the core: bytes, timers and finished scripts become events; `step` decides; effects become calls of ports. It
 * never waits. Events that arise while effects are performed (an address is set at once) are handled in the same turn, so a
 * hand-over of addresses from release to announcement takes one turn on each side.
 */
export interface LoopParts {
  readonly config: Config;
  readonly identity: Identity;
  /** Random at each start: seed of delays, and the 16 hexadecimal digits that prove our session (unpredictable). */
  readonly seed: number;
  readonly nonce: string;
  readonly clock: Clock;
  readonly media: readonly Medium[];
  readonly pingers: readonly Pinger[];
  readonly addresses: Addresses;
  /** Absent: nothing in the kernel ends what this process cannot end any more. */
  readonly deadMan?: DeadMan | undefined;
  /** Absent: no arbiter is configured. */
  readonly arbiter?: Arbiter | undefined;
  /** Absent: nobody is asked who has an address, and nobody answers. */
  readonly segment?: Segment | undefined;
  readonly scripts: Scripts;
  readonly fencer: Fencer;
  readonly guardian: Guardian;
  readonly clients: Clients;
  readonly log: Log;
  /** `/etc/ha.d/resource.d`, for log lines. */
  readonly resourceDir: string;
  readonly codec: Codec;
  /** The node that a former daemon passed on; `undefined`: a new incarnation begins. */
  readonly former?: NodeState | undefined;
  /** Everything is handed over; the process may end. */
  readonly onEnd: () => void;
}

export interface Loop {
  /** An operator's wish; `answer` is called once or, after `running`, twice. */
  wish(kind: "standby" | "takeover", what: Share, answer: Answer): void;
  /** A program on this node has a message for the cluster; its size has been checked (`CLIENT_LIMITS`). */
  clientSent(message: Message, by: LocalSender): void;
  /** An operator vouches for it that a silent node is down; `by`: who he is. */
  confirm(node: NodeName, by: string, answer: Answer): void;
  /** Hand everything over and end. */
  stop(): void;
  /** Other keys are in the codec from now on; `strong`: our own digest method can be used with them. */
  rekey(strong: boolean): void;
  /**
   * Another daemon is ready to go on in this one's place, with these groups. As soon as nothing is under way the loop comes to its
   * end and gives the node away; until then it goes on as ever.
   */
  retire(groups: readonly GroupSettings[], passOn: (state: NodeState) => void): void;
  /** The other daemon came to nothing. */
  retain(): void;
  readonly state: NodeState;
  readonly startedAt: Instant;
  readonly counters: Counters;
  /** Calls the listener after each turn in which something happened that an operator would want to see. */
  onChange(listener: () => void): void;
  /** Calls the listener with each message of the cluster that local clients may want. */
  onDelivery(listener: (message: Message) => void): void;
  /** Calls the listener after every turn, whatever happened in it: it must be quick. */
  onTurn(listener: () => void): void;
}
/** The daemon never wakes itself more often than this when something is wrong. */
const shortestSleep = milliseconds(1);
/** How often the kernel is asked whether the addresses are still there. */
const lookEvery = seconds(1);

export type Answer = (outcome: OperatorOutcome, text: string) => void;

/** Starts the node: its first heartbeat is out when this returns. */
export function runLoop(parts: LoopParts): Loop {
  return new RunningLoop(parts);
}

class RunningLoop implements Loop {
  state: NodeState;
  readonly startedAt: Instant;
  readonly counters = createCounters();
  readonly #parts: LoopParts;
  readonly #hands: Hands;
  readonly #pinging: Pinging;
  readonly #surroundings: Surroundings;
  readonly #watch: Watch;
  readonly #ring: Ring;
  readonly #queue: { readonly fact: Fact; readonly at: Instant }[] = [];
  readonly #answers = new Map<number, Answer>();
  readonly #listeners: (() => void)[] = [];
  readonly #recipients: ((message: Message) => void)[] = [];
  readonly #followers: (() => void)[] = [];
  #passOn: ((state: NodeState) => void) | undefined;
  #requests = 0;
  #busy = false;
  #latest: Instant;
  #ended = false;
  /** The next look at the addresses; `undefined`: none is held. */
  #lookAt: Instant | undefined;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    if (parts.former === undefined) withdrawLeftovers(parts);
    this.#hands = createHands(parts, parts.former, (fact) => this.#put(fact, parts.clock.now()));
    this.#pinging = createPinging(parts, this.counters, (fact, at) => this.#put(fact, at));
    this.#surroundings = createSurroundings(parts, (fact) => this.#put(fact, parts.clock.now()));
    this.#watch = createWatch(parts);
    this.#ring = createRing(parts.media, parts.codec, parts.config.settings);
    this.startedAt = parts.clock.now();
    this.#latest = this.startedAt;
    const [state, effects] = this.#begin();
    this.state = state;
    for (const medium of parts.media) medium.onDatagram((bytes, at) => this.#onDatagram(medium, bytes, at));
    parts.scripts.onFinished((operation, outcome) =>
      this.#put({ type: "resourceFinished", operation, outcome }, parts.clock.now()),
    );
    parts.fencer.onFinished((operation, outcome) =>
      this.#put({ type: "fencingFinished", operation, outcome }, parts.clock.now()),
    );
    this.#busy = true;
    this.#performAll(effects);
    this.#busy = false;
    this.#run();
  }

  #begin(): ReturnType<typeof start> {
    const { former, identity, seed, nonce, media, config, clock } = this.#parts;
    const { settings } = config;
    const now = { at: this.startedAt, wall: clock.wall() };
    if (former === undefined) return start({ settings, identity, seed, nonce, ...now });
    return resume(former, { settings, strong: identity.strong, links: media.map((medium) => medium.link), ...now });
  }

  wish(kind: "standby" | "takeover", what: Share, answer: Answer): void {
    const request = ++this.#requests;
    this.#answers.set(request, answer);
    const type = kind === "standby" ? "standbyRequested" : "takeoverRequested";
    this.#put({ type, what, request }, this.#parts.clock.now());
  }

  clientSent(message: Message, by: LocalSender): void {
    this.#put({ type: "clientSent", message, by }, this.#parts.clock.now());
  }

  rekey(strong: boolean): void {
    this.#watch.renew();
    this.#put({ type: "keysChanged", strong }, this.#parts.clock.now());
  }

  retire(groups: readonly GroupSettings[], passOn: (state: NodeState) => void): void {
    this.#passOn = passOn;
    this.#put({ type: "successorReady", groups }, this.#parts.clock.now());
  }

  retain(): void {
    this.#passOn = undefined;
    this.#put({ type: "successorLost" }, this.#parts.clock.now());
  }

  confirm(node: NodeName, by: string, answer: Answer): void {
    const request = ++this.#requests;
    this.#answers.set(request, answer);
    this.#put({ type: "deathConfirmed", node, by, request }, this.#parts.clock.now());
  }

  stop(): void {
    this.#put({ type: "stopRequested" }, this.#parts.clock.now());
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  onDelivery(listener: (message: Message) => void): void {
    this.#recipients.push(listener);
  }

  onTurn(listener: () => void): void {
    this.#followers.push(listener);
  }

  #onDatagram(medium: Medium, bytes: Uint8Array, at: Instant): void {
    const { link } = medium;
    const decoded = this.#parts.codec.decode(bytes);
    if (!decoded.ok) {
      this.counters.refuse(decoded.refusal, link, this.#parts);
      return;
    }
    const { message, authenticated, index: key } = decoded;
    this.#ring.passOn(medium, decoded);
    this.#put({ type: "messageHeard", link, message, authenticated, key }, at);
  }

  #put(fact: Fact, at: Instant): void {
    if (this.#ended) return;
    const idle = !this.#busy;
    // Answers that have come already are heard first: whatever the fact is, it makes the node judge silences.
    if (idle) this.#hearAnswers();
    this.#queue.push({ fact, at });
    if (idle) this.#run();
  }

  #hearAnswers(): void {
    this.#busy = true;
    this.#pinging.poll();
    this.#surroundings.poll();
    this.#busy = false;
  }

  /** Handles events until none is left, then sleeps until the node's next deadline. */
  #run(): void {
    this.#busy = true;
    this.#handleQueued();
    // What is missing is a fact, and handled before the loop sleeps.
    if (!this.#ended) this.#lookAfterAddresses();
    this.#handleQueued();
    this.#busy = false;
    if (this.#ended) return;
    this.#watch.after(this.state, this.#hands.present());
    for (const follower of this.#followers) follower();
    if (this.#passOn !== undefined && isQuiet(this.state)) return this.#giveAway(this.#passOn);
    this.#parts.clock.arm(this.#nextWake(), () => this.#put({ type: "deadlineReached" }, this.#parts.clock.now()));
  }

  #handleQueued(): void {
    for (let next = this.#queue.shift(); next !== undefined && !this.#ended; next = this.#queue.shift()) {
      this.#handle(next.fact, next.at);
    }
  }

  /** A deadline that the core leaves in the past would be a busy loop at real-time priority: a rule is broken, the machine is not. */
  #nextWake(): Instant {
    const due = this.state.dueAt;
    if (due > this.#latest) return earliest([due, this.#lookAt]) ?? due;
    this.counters.note("deadline-in-the-past");
    return after(this.#latest, shortestSleep);
  }

  #lookAfterAddresses(): void {
    if (this.#lookAt !== undefined && this.#latest >= this.#lookAt) {
      this.#hands.look();
      this.#lookAt = undefined;
    }
    if (this.#hands.present().length === 0) this.#lookAt = undefined;
    else this.#lookAt ??= after(this.#latest, lookEvery);
  }

  #handle(fact: Fact, at: Instant): void {
    // Two media may stamp their datagrams in either order; for the node time never runs backwards.
    if (at > this.#latest) this.#latest = at;
    const event: Event = { ...fact, at: this.#latest, wall: this.#parts.clock.wall() };
    const [state, effects] = step(this.state, event);
    this.state = state;
    this.#watch.before(state, this.#hands.present());
    this.#performAll(effects);
  }

  #performAll(effects: readonly Effect[]): void {
    let noteworthy = false;
    for (const effect of effects) {
      this.#perform(effect);
      if (effect.type === "record" || effect.type === "log") noteworthy = true;
    }
    if (noteworthy) for (const listener of this.#listeners) listener();
  }

  #perform(effect: Effect): void {
    // What comes in the last turn behind the end is the heartbeat that was due as well: it would open the dead-man's switch that was just closed.
    if (this.#ended && !isWords(effect)) return;
    switch (effect.type) {
      case "send":
        return this.#send(effect);
      case "claimLeases":
      case "releaseLeases":
      case "askForAddresses":
      case "fenceSelf":
        return this.#surroundings.perform(effect);
      case "refreshDeadMan":
        return this.#refreshDeadMan(effect.remaining);
      case "ping":
        return this.#pinging.ask(effect.node);
      case "log":
        return this.#parts.log.line(effect);
      case "record":
        return this.#parts.log.record(effect.what, effect.detail);
      case "answerOperator":
        return this.#answer(effect.request, effect.outcome, effect.text);
      case "deliverToClients":
        for (const recipient of this.#recipients) recipient(effect.message);
        return;
      case "startClients":
        return this.#parts.clients.start();
      case "stopClients":
        return this.#parts.clients.stop();
      case "endProcess":
        return this.#end();
      case "fenceNode":
        return this.#parts.fencer.fence(effect);
      case "abandonFencing":
        return this.#parts.fencer.abandon(effect.operation);
      default:
        return this.#hands.perform(effect);
    }
  }

  /** Who was not scheduled in the middle of a turn does not know any more what it may hold: the next turn finds out. */
  #refreshDeadMan(remaining: Duration): void {
    const late = between(this.#latest, this.#parts.clock.now());
    if (late > this.#parts.config.settings.timing.keepalive) return;
    this.#parts.deadMan?.refresh(milliseconds(remaining - Math.max(0, late)), this.#hands.present());
    if (this.#parts.deadMan?.view.form !== "filter") this.#watch.allow(remaining, this.#latest);
  }

  #send(effect: Effect & { type: "send" }): void {
    const { codec, media } = this.#parts;
    const { message, strength, key } = effect;
    let datagram: Uint8Array | undefined;
    let line: Uint8Array | undefined;
    for (const medium of media) {
      if (medium.carries === "stream") {
        line ??= codec.encodeForLine(message, strength, key);
        medium.send(line, false, subjectOf(message));
      } else {
        datagram ??= codec.encode(message, strength, key);
        medium.send(datagram, isHeardOver(this.state, medium.link));
      }
    }
  }

  #answer(request: number, outcome: OperatorOutcome, text: string): void {
    this.#answers.get(request)?.(outcome, text);
    if (outcome !== "running") this.#answers.delete(request);
  }

  /** From here on this process says nothing to anybody: the node lives elsewhere. */
  #giveAway(passOn: (state: NodeState) => void): void {
    this.#ended = true;
    this.#parts.clock.arm(undefined, () => {});
    passOn(this.state);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.clock.arm(undefined, () => {});
    this.#parts.guardian.farewell();
    this.#parts.deadMan?.close();
    this.#parts.onEnd();
  }
}

const isWords = ({ type }: Effect): boolean => type === "log" || type === "record" || type === "answerOperator";

/** @returns whether every peer is up over this link, by datagrams that prove to be of now. */
function isHeardOver({ peers }: NodeState, link: LinkName): boolean {
  for (const peer of peers.values()) if (peer.links.get(link)?.liveness.kind !== "up") return false;
  return true;
}
