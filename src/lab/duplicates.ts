/**
 * Looks for two holders of one address. The watcher asks the whole network "who has it?" again and again; two different MACs answering
 * the same question are two holders, and the interval of such questions is reported.
 */

/** A stretch of time in which more than one machine claimed an address. Instants are milliseconds of CLOCK_MONOTONIC. */
export interface TwoHolders {
  readonly address: string;
  readonly from: number;
  /** The last question with two answers; the true end lies within one period after it. */
  readonly to: number;
  readonly macs: readonly string[];
  readonly questions: number;
}

export class Duplicates {
  readonly #address: string;
  readonly #report: (found: TwoHolders, over: boolean) => void;
  #askedAt: number | undefined;
  #macs = new Set<string>();
  #open: { from: number; to: number; macs: Set<string>; questions: number } | undefined;

  constructor(address: string, report: (found: TwoHolders, over: boolean) => void) {
    this.#address = address;
    this.#report = report;
  }

  /** A new question is asked: the answers to the one before are complete. */
  ask(at: number): void {
    this.#close();
    this.#askedAt = at;
    this.#macs = new Set();
  }

  /** Somebody answered the last question. */
  claim(mac: string): void {
    if (this.#askedAt !== undefined) this.#macs.add(mac);
  }

  /** Ends the last question and whatever is still open. */
  finish(): void {
    this.#close();
    this.#end();
  }

  #close(): void {
    if (this.#askedAt === undefined) return;
    if (this.#macs.size < 2) {
      this.#end();
      return;
    }
    const begins = this.#open === undefined;
    this.#open ??= { from: this.#askedAt, to: this.#askedAt, macs: new Set(), questions: 0 };
    this.#open.to = this.#askedAt;
    this.#open.questions += 1;
    for (const mac of this.#macs) this.#open.macs.add(mac);
    if (begins) this.#report(this.#found(this.#open), false);
  }

  #end(): void {
    if (this.#open) this.#report(this.#found(this.#open), true);
    this.#open = undefined;
  }

  #found({
    from,
    to,
    macs,
    questions,
  }: {
    from: number;
    to: number;
    macs: Set<string>;
    questions: number;
  }): TwoHolders {
    return { address: this.#address, from, to, macs: [...macs].sort(), questions };
  }
}
