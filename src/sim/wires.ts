import type { Luck } from "./luck.js";
import type { Schedule } from "./schedule.js";
import { Tally } from "./tally.js";

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
  /** Share of which a copy comes once more long afterwards (somebody replays it), and of those that arrive with a bit turned over. */
  readonly stale: number;
  readonly damage: number;
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
  /** When `to` began to listen. */
  readonly begunAt: number;
  blame: Blame | undefined;
  /** The latest silence that was to blame on the network and long enough to be taken for death. */
  past:
    | { readonly beganAt: number; readonly endedAt: number; readonly length: number; readonly blame: Blame }
    | undefined;
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
  /** An old copy or a damaged one: no sign that anybody hears the sender. */
  readonly isWorthless?: true;
}

/** The way from one node to another, over all links. */
interface Path {
  /** How often each link is cut in this direction. */
  readonly cuts: Map<string, number>;
  silence: Silence | undefined;
  /** The number of the newest datagram that has arrived. */
  newest: number;
}

export class Wires {
  weather: Weather = { loss: 0, duplication: 0, delay: [0.2, 0.2], stale: 0, damage: 0 };
  /** The longest way that a datagram may have had so far, in milliseconds. */
  slowest = 0.2;
  /** Datagrams put on a wire, and lost there. */
  readonly counts = { carried: 0, lost: 0, cut: 0, duplicated: 0 };
  /** A silence shorter than this has no consequences, in milliseconds. */
  #notable = 1_000;
  readonly #schedule: Schedule;
  readonly #luck: Luck;
  readonly #nodes: readonly string[];
  readonly #links: readonly string[];
  readonly #receivers = new Map<string, Receiver>();
  readonly #paths: ReadonlyMap<string, ReadonlyMap<string, Path>>;
  readonly #tally: Tally;
  /** Luck of its own, so that worlds without mischief stay what they were. */
  readonly #mischief: Luck;

  constructor(world: {
    schedule: Schedule;
    luck: Luck;
    nodes: readonly string[];
    links: readonly string[];
    tally?: Tally;
  }) {
    this.#schedule = world.schedule;
    this.#luck = world.luck;
    this.#mischief = world.luck.stream("mischief");
    this.#tally = world.tally ?? new Tally();
    const pathsFrom = (): ReadonlyMap<string, Path> => new Map(world.nodes.map((to) => [to, newPath()]));
    this.#paths = new Map(world.nodes.map((from) => [from, pathsFrom()]));
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

  /** What was slow has arrived: from now on only today's weather counts. @param deadtime of the cluster, in milliseconds. */
  forgetWeather(deadtime: number): void {
    this.slowest = this.weather.delay[1];
    this.#notable = Math.min(1_000, deadtime / 2);
  }

  /** Cuts the wires; a wire that is cut twice must be healed twice. */
  cut(choice: WireChoice): void {
    for (const [{ cuts }, link] of this.#chosen(choice)) cuts.set(link, (cuts.get(link) ?? 0) + 1);
  }

  heal(choice: WireChoice): void {
    for (const [{ cuts }, link] of this.#chosen(choice)) cuts.set(link, Math.max(0, (cuts.get(link) ?? 0) - 1));
  }

  healEverything(): void {
    for (const paths of this.#paths.values()) for (const path of paths.values()) path.cuts.clear();
  }

  *#chosen(choice: WireChoice): Iterable<readonly [Path, string]> {
    for (const link of this.#links) {
      if (choice.link !== undefined && choice.link !== link) continue;
      for (const one of this.#nodes)
        for (const other of this.#nodes) if (isMeant(choice, one, other)) yield [this.#path(one, other), link];
    }
  }

  /** @throws RangeError when there is no such node. */
  #path(from: string, to: string): Path {
    const path = this.#paths.get(from)?.get(to);
    if (path === undefined) throw new RangeError(`there is no way from ${from} to ${to}`);
    return path;
  }

  /** @returns whether nothing gets from one of the two to the other over any link, in one direction at least. */
  isTorn(one: string, other: string): boolean {
    return this.#allCut(this.#path(one, other)) || this.#allCut(this.#path(other, one));
  }

  isCut(from: string, to: string, link: string): boolean {
    return isCut(this.#path(from, to), link);
  }

  /** Puts a datagram on the wire. */
  carry(datagram: Datagram, to: string): void {
    const number = this.counts.carried++;
    const { from, link } = datagram;
    const path = this.#path(from, to);
    const cut = isCut(path, link);
    const { loss, duplication } = this.weather;
    // Luck is drawn whether it is needed or not, so that a fault less does not change the rest of the world.
    const [lost, twice] = [this.#luck.chance(loss), this.#luck.chance(duplication)];
    if (from !== to && (cut || lost)) return this.#lose(datagram, to, { path, cut });
    const damaged = this.#doMischief(datagram, to);
    if (damaged) return this.#blame(from, to, "loss");
    this.#deliverLater(datagram, to, { path, number });
    if (!twice) return;
    this.counts.duplicated++;
    this.#tally.note("datagram came twice");
    this.#deliverLater(datagram, to, { path, number });
  }

  #lose({ from }: Datagram, to: string, { path, cut }: { readonly path: Path; readonly cut: boolean }): void {
    this.counts[cut ? "cut" : "lost"]++;
    const allCut = cut && this.#allCut(path);
    if (!cut) this.#tally.note("datagram lost");
    else if (!allCut) this.#tally.note("datagram cut off, another link carried on");
    else this.#tally.note(`datagram cut off ${this.#allCut(this.#path(to, from)) ? "on all links" : "one way only"}`);
    if (this.#receivers.get(to)?.isReading() === true) this.#blame(from, to, allCut ? "all-links-cut" : "loss");
  }

  #deliverLater(
    datagram: Datagram,
    to: string,
    { path, number }: { readonly path: Path; readonly number: number },
  ): void {
    const [shortest, longest] = this.weather.delay;
    this.#schedule.in(this.#luck.between(shortest, longest), () => {
      if (number < path.newest) this.#tally.note("datagram overtook another");
      else path.newest = number;
      this.#receivers.get(to)?.take(datagram);
    });
  }

  /** Sends what an attacker or a broken card would. @returns whether the datagram itself is spoilt. */
  #doMischief(datagram: Datagram, to: string): boolean {
    const { stale, damage } = this.weather;
    if (stale === 0 && damage === 0) return false;
    const take = (bytes: Uint8Array): void => this.#receivers.get(to)?.take({ ...datagram, bytes, isWorthless: true });
    if (this.#mischief.chance(stale)) {
      this.#tally.note("datagram came again much later");
      this.#schedule.in(this.#mischief.between(300, 15_000), () => take(datagram.bytes));
    }
    if (datagram.from === to || !this.#mischief.chance(damage)) return false;
    this.#tally.note("datagram damaged");
    const bytes = Uint8Array.from(datagram.bytes);
    const at = this.#mischief.whole(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#mischief.whole(0, 7));
    this.#schedule.in(this.weather.delay[0], () => take(bytes));
    return true;
  }

  #allCut(path: Path): boolean {
    return this.#links.every((link) => isCut(path, link));
  }

  #blame(from: string, to: string, blame: Blame): void {
    const silence = this.silence(from, to);
    if (silence.blame !== "all-links-cut") silence.blame = blame;
  }

  /** @returns whether one of the two cannot hear the other now: whoever lost must hear it, and until then nothing can be settled. */
  isDeafNow(from: string, to: string): boolean {
    return [this.silence(from, to), this.silence(to, from)].some(
      ({ blame, heardAt }) => blame !== undefined && this.#schedule.now - heardAt > this.#notable,
    );
  }

  /** @returns since when `to` has heard `from` without a break; `undefined`: it does not now. */
  hearingSince(from: string, to: string): number | undefined {
    const { heardAt, past, begunAt } = this.silence(from, to);
    if (this.#schedule.now - heardAt > this.#notable) return undefined;
    return past?.endedAt ?? begunAt;
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
    if (silence.blame !== undefined && length > this.#notable) {
      const before = silence.past;
      // A second, shorter silence before the first one is settled does not make the first one shorter.
      const again = before !== undefined && now - before.endedAt < 5_000 ? before : undefined;
      silence.past = {
        beganAt: again?.beganAt ?? silence.heardAt,
        endedAt: now,
        length: Math.max(length, again?.length ?? 0),
        blame: silence.blame,
      };
      const opposite = this.silence(to, from);
      if (opposite.past !== undefined) opposite.past = { ...opposite.past, endedAt: now };
    }
    silence.heardAt = now;
    silence.blame = undefined;
  }

  /** A daemon began to listen: it has heard nobody yet, and nobody is late. */
  noteStart(node: string): void {
    for (const other of this.#nodes) this.#path(other, node).silence = unheard(this.#schedule.now);
  }

  silence(from: string, to: string): Silence {
    const path = this.#path(from, to);
    path.silence ??= unheard(this.#schedule.now);
    return path.silence;
  }
}

const unheard = (now: number): Silence => ({ heardAt: now, begunAt: now, blame: undefined, past: undefined });
const newPath = (): Path => ({ cuts: new Map(), silence: undefined, newest: 0 });
const isCut = ({ cuts }: Path, link: string): boolean => (cuts.get(link) ?? 0) > 0;

function isMeant({ from, to, bothWays }: WireChoice, one: string, other: string): boolean {
  if (one === other) return false;
  const forth = (from === undefined || from === one) && (to === undefined || to === other);
  const back = (from === undefined || from === other) && (to === undefined || to === one);
  return forth || (bothWays && back);
}
