import type { Luck } from "./luck.js";
import type { Schedule } from "./schedule.js";

/**
 * The pretend network: several links, each between all nodes; every direction of every pair can be cut by itself. It keeps the
 * truth about who could hear whom, because that is what excuses two holders (design.md 3: without an arbiter a cut of every link
 * permits them) and nothing else does.
 */
export interface Weather {
  /** Share of the datagrams that is lost, and that comes twice. */
  readonly loss: number;
  readonly duplication: number;
  /** Milliseconds on the way, at least and at most; a wide range reorders. */
  readonly delay: readonly [number, number];
}

/** Which wires are meant; what is left out means all. */
export interface WireChoice {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly link?: string | undefined;
  /** The opposite direction too. */
  readonly bothWays: boolean;
}

/** How long nothing of `from` was read by `to`, and whether the network (or a frozen machine) is to blame. */
export interface Silence {
  heardAt: number;
  blame: Blame | undefined;
  /** The latest silence that was to blame on the network and long enough to be taken for death. */
  past: { readonly endedAt: number; readonly length: number; readonly blame: Blame } | undefined;
}
export type Blame = "all-links-cut" | "loss" | "machine-frozen";

/** Where datagrams arrive. */
export interface Receiver {
  /** Whether it reads right now; what is lost while it cannot read is nobody's silence but its own. */
  isReading(): boolean;
  take(datagram: Datagram): void;
}

export interface Datagram {
  readonly from: string;
  readonly link: string;
  readonly bytes: Uint8Array;
}

export class Wires {
  weather: Weather = { loss: 0, duplication: 0, delay: [0.2, 0.2] };
  /** The longest way that a datagram may have had so far, in milliseconds. */
  slowest = 0.2;
  /** Datagrams put on a wire, and lost there. */
  readonly counts = { carried: 0, lost: 0, cut: 0, duplicated: 0 };
  readonly #schedule: Schedule;
  readonly #luck: Luck;
  readonly #nodes: readonly string[];
  readonly #links: readonly string[];
  readonly #receivers = new Map<string, Receiver>();
  readonly #cuts = new Map<string, number>();
  readonly #silences = new Map<string, Silence>();

  constructor(world: { schedule: Schedule; luck: Luck; nodes: readonly string[]; links: readonly string[] }) {
    this.#schedule = world.schedule;
    this.#luck = world.luck;
    this.#nodes = world.nodes;
    this.#links = world.links;
  }

  connect(node: string, receiver: Receiver): void {
    this.#receivers.set(node, receiver);
  }

  change(weather: Partial<Weather>): void {
    this.weather = { ...this.weather, ...weather };
    this.slowest = Math.max(this.slowest, this.weather.delay[1]);
  }

  /** Cuts the wires; a wire that is cut twice must be healed twice. */
  cut(choice: WireChoice): void {
    for (const wire of this.#chosen(choice)) this.#cuts.set(wire, (this.#cuts.get(wire) ?? 0) + 1);
  }

  heal(choice: WireChoice): void {
    for (const wire of this.#chosen(choice)) this.#cuts.set(wire, Math.max(0, (this.#cuts.get(wire) ?? 0) - 1));
  }

  healEverything(): void {
    this.#cuts.clear();
  }

  *#chosen(choice: WireChoice): Iterable<string> {
    for (const link of this.#links) {
      if (choice.link !== undefined && choice.link !== link) continue;
      for (const one of this.#nodes)
        for (const other of this.#nodes) if (isMeant(choice, one, other)) yield wireOf(one, other, link);
    }
  }

  isCut(from: string, to: string, link: string): boolean {
    return (this.#cuts.get(wireOf(from, to, link)) ?? 0) > 0;
  }

  /** Puts a datagram on the wire. */
  carry(datagram: Datagram, to: string): void {
    this.counts.carried++;
    const { from, link } = datagram;
    const cut = this.isCut(from, to, link);
    const { loss, duplication } = this.weather;
    // Luck is drawn whether it is needed or not, so that a fault less does not change the rest of the world.
    const [lost, twice] = [this.#luck.chance(loss), this.#luck.chance(duplication)];
    if (from !== to && (cut || lost)) {
      this.counts[cut ? "cut" : "lost"]++;
      if (this.#receivers.get(to)?.isReading() === true)
        this.#blame(from, to, this.#allCut(from, to) ? "all-links-cut" : "loss");
      return;
    }
    this.#deliverLater(datagram, to);
    if (!twice) return;
    this.counts.duplicated++;
    this.#deliverLater(datagram, to);
  }

  #deliverLater(datagram: Datagram, to: string): void {
    const [shortest, longest] = this.weather.delay;
    this.#schedule.in(this.#luck.between(shortest, longest), () => this.#receivers.get(to)?.take(datagram));
  }

  #allCut(from: string, to: string): boolean {
    return this.#links.every((link) => this.isCut(from, to, link));
  }

  #blame(from: string, to: string, blame: Blame): void {
    const silence = this.silence(from, to);
    if (silence.blame !== "all-links-cut") silence.blame = blame;
  }

  /** @returns whether one of the two cannot hear the other now: whoever lost must hear it, and until then nothing can be settled. */
  isDeafNow(from: string, to: string): boolean {
    return [this.silence(from, to), this.silence(to, from)].some(
      ({ blame, heardAt }) => blame !== undefined && this.#schedule.now - heardAt > 1_000,
    );
  }

  /** The whole machine stopped: its silence is as good as a cut. */
  noteFrozen(node: string): void {
    for (const to of this.#nodes) if (to !== node) this.#blame(node, to, "machine-frozen");
  }

  /** `to` has read something of `from`. */
  noteRead(from: string, to: string): void {
    const silence = this.silence(from, to);
    const { now } = this.#schedule;
    const length = now - silence.heardAt;
    if (silence.blame !== undefined && length > 1_000) {
      const before = silence.past;
      // A second, shorter silence before the first one is settled does not make the first one shorter.
      const longest = before !== undefined && now - before.endedAt < 5_000 ? Math.max(length, before.length) : length;
      silence.past = { endedAt: now, length: longest, blame: silence.blame };
      const opposite = this.silence(to, from);
      if (opposite.past !== undefined) opposite.past = { ...opposite.past, endedAt: now };
    }
    silence.heardAt = now;
    silence.blame = undefined;
  }

  /** A daemon began to listen: it has heard nobody yet, and nobody is late. */
  noteStart(node: string): void {
    for (const other of this.#nodes) {
      this.#silences.set(wireOf(other, node, ""), { heardAt: this.#schedule.now, blame: undefined, past: undefined });
    }
  }

  silence(from: string, to: string): Silence {
    const wire = wireOf(from, to, "");
    const known = this.#silences.get(wire);
    if (known !== undefined) return known;
    const made: Silence = { heardAt: this.#schedule.now, blame: undefined, past: undefined };
    this.#silences.set(wire, made);
    return made;
  }
}

const wireOf = (from: string, to: string, link: string): string => `${from}>${to}:${link}`;

function isMeant({ from, to, bothWays }: WireChoice, one: string, other: string): boolean {
  if (one === other) return false;
  const forth = (from === undefined || from === one) && (to === undefined || to === other);
  const back = (from === undefined || from === other) && (to === undefined || to === one);
  return forth || (bothWays && back);
}
