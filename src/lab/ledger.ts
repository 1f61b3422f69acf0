/**
 * From questions and answers to gaps. The client asks an address the same thing a thousand times a second; the ledger notes which
 * questions were answered, by whom, and where a run of unanswered ones lies between two answers, that is a gap:
 *
 *     asked      | | | | | | | | | | | | | |
 *     answered   A A A . . . . . . . . B B B         length = time of the first B − time of the last A (both: when asked)
 *
 * A question counts as unanswered only when its answer has not come within `patience`. If the client itself overslept, that is noted
 * beside the gap, so that the cluster is not blamed for it.
 */

/** One interruption as the client saw it. Instants are milliseconds of CLOCK_MONOTONIC. */
export interface Gap {
  readonly address: string;
  /** When the last question was asked that was answered before the silence. */
  readonly start: number;
  /** From there to the first question that was answered again, in milliseconds. */
  readonly length: number;
  /** Questions without answer. */
  readonly lost: number;
  /** Who answered before and after: a MAC for pings, the page's text for http. */
  readonly before: string;
  readonly after: string;
  /** How much of the gap the client itself slept through; a length that consists of this is no fault of the cluster. */
  readonly asleep: number;
}

/** A change of whoever answers. */
export interface Change {
  readonly address: string;
  readonly at: number;
  readonly from: string | undefined;
  readonly to: string;
}

/** Where the ledger's findings go. */
export interface Findings {
  gap(gap: Gap): void;
  change(change: Change): void;
}

/** What is known about one address so far. */
export interface Tally {
  readonly address: string;
  readonly asked: number;
  readonly answered: number;
  /** Answers that came when nobody waited for them any more. */
  readonly late: number;
  /** Who answered last; undefined if nobody ever did. */
  readonly by: string | undefined;
  /** If nobody answers now: since when (the last question that was answered). */
  readonly silentSince: number | undefined;
  /** Longest time between a question and its answer. */
  readonly slowest: number;
}

/** Questions that can be open at a time; a power of two. At 1000 a second it is a minute. */
const SIZE = 65_536;

export class Ledger {
  readonly address: string;
  readonly #patience: number;
  readonly #findings: Findings;
  readonly #sentAt = new Float64Array(SIZE);
  readonly #answeredBy: (string | undefined)[] = new Array(SIZE);
  /** The next question's number, and the oldest one that is not settled. */
  #next = 0;
  #oldest = 0;
  #answered = 0;
  #late = 0;
  #slowest = 0;
  #lost = 0;
  #by: string | undefined;
  #lastAnswered = 0;
  #sleeps: { from: number; to: number }[] = [];

  constructor(address: string, patience: number, findings: Findings) {
    this.address = address;
    this.#patience = patience;
    this.#findings = findings;
  }

  /** Notes a question; returns its number, which the answer has to carry. */
  ask(at: number): number {
    const number = this.#next++;
    this.#sentAt[number % SIZE] = at;
    this.#answeredBy[number % SIZE] = undefined;
    return number;
  }

  /** Notes an answer. Numbers never given, answers given twice and answers that come too late change nothing. */
  answer(number: number, by: string, at: number): void {
    if (number >= this.#next || number < this.#next - SIZE) return;
    if (number < this.#oldest) {
      this.#late += 1;
      return;
    }
    if (this.#answeredBy[number % SIZE] !== undefined) return;
    this.#answeredBy[number % SIZE] = by;
    this.#slowest = Math.max(this.#slowest, at - (this.#sentAt[number % SIZE] ?? at));
  }

  /** Notes that the client was not asking between two instants although it should have been. */
  overslept(from: number, to: number): void {
    this.#sleeps.push({ from, to });
    if (this.#sleeps.length > 1000) this.#sleeps = this.#sleeps.slice(-500);
  }

  /** Settles every question that is answered or too old, in the order in which they were asked. */
  settle(now: number): void {
    while (this.#oldest < this.#next) {
      const slot = this.#oldest % SIZE;
      const by = this.#answeredBy[slot];
      const sentAt = this.#sentAt[slot] ?? 0;
      if (by === undefined && now - sentAt < this.#patience) return;
      this.#oldest += 1;
      if (by === undefined) this.#lost += 1;
      else this.#settleAnswered(sentAt, by);
    }
  }

  tally(): Tally {
    const silentSince = this.#lost > 0 && this.#by !== undefined ? this.#lastAnswered : undefined;
    const { address } = this;
    return {
      address,
      asked: this.#next,
      answered: this.#answered,
      late: this.#late,
      by: this.#by,
      silentSince,
      slowest: this.#slowest,
    };
  }

  #settleAnswered(sentAt: number, by: string): void {
    const before = this.#by;
    if (before !== undefined && this.#lost > 0) {
      const start = this.#lastAnswered;
      const asleep = this.#asleepBetween(start, sentAt);
      this.#findings.gap({
        address: this.address,
        start,
        length: sentAt - start,
        lost: this.#lost,
        before,
        after: by,
        asleep,
      });
    }
    if (before !== by) this.#findings.change({ address: this.address, at: sentAt, from: before, to: by });
    this.#lost = 0;
    this.#by = by;
    this.#answered += 1;
    this.#lastAnswered = sentAt;
  }

  #asleepBetween(from: number, to: number): number {
    return this.#sleeps.reduce(
      (sum, sleep) => sum + Math.max(0, Math.min(to, sleep.to) - Math.max(from, sleep.from)),
      0,
    );
  }
}
