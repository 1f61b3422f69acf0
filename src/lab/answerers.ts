/**
 * Who answers for an address. The same question goes out by several ways at once: to everybody on the wire ("who has it?"), and to whoever the
 * client's kernel believes in. All answers to one question are kept together, whatever way they came:
 *
 *     asked      | | | | | | | | | | | |
 *     answered   A A A A A . B B B B B B      a hand-over
 *     answered   A A A AB AB AB B B B B       two holders, for three questions
 *     answered   A A A A B B B A A A B B      A answers again although B had begun, and has not announced it: it returned unannounced
 *
 * Pure; instants are milliseconds of one clock, and an answer counts for the instant at which its question was asked.
 */

/** A stretch of time in which more than one machine answered for an address. Instants are milliseconds of CLOCK_MONOTONIC. */
export interface TwoHolders {
  readonly address: string;
  readonly from: number;
  /** The last question with two answers; the true end lies within one period after it. */
  readonly to: number;
  /** Who answered, by name where the MAC is known. */
  readonly macs: readonly string[];
  readonly questions: number;
  /** `together`: two answers to one question. `unannounced`: the former holder answered again and did not announce it. */
  readonly how: "together" | "unannounced";
}

/** How many questions are told apart: what a byte can count, a quarter of a second at a thousand a second. */
export const OPEN_QUESTIONS = 256;

/** An answer that takes longer counts for nothing; milliseconds. */
const COMPLETE = 150;
/** How long after its first answer an announcement still belongs to a return; milliseconds. */
const ANNOUNCED_WITHIN = 1_000;

interface Question {
  readonly number: number;
  readonly askedAt: number;
  readonly by: Set<string>;
}

/** Who answers now, since the question that it was first in. */
interface Holder {
  readonly who: string;
  readonly since: Question;
  lastAt: number;
}

/** A former holder answers again; an announcement may still come. */
interface Return {
  readonly holder: Holder;
  readonly from: Holder;
}

export class Answerers {
  readonly #address: string;
  readonly #report: (found: TwoHolders, over: boolean) => void;
  readonly #questions = new Array<Question | undefined>(OPEN_QUESTIONS);
  #oldest = 0;
  #next = 0;
  #open: { from: number; to: number; by: Set<string>; questions: number } | undefined;
  #holder: Holder | undefined;
  readonly #firstAt = new Map<string, number>();
  readonly #lastAt = new Map<string, number>();
  readonly #announcedAt = new Map<string, number>();
  #returns: readonly Return[] = [];

  /** @param report hears of each finding when it begins and again when it is over. */
  constructor(address: string, report: (found: TwoHolders, over: boolean) => void) {
    this.#address = address;
    this.#report = report;
  }

  /** A question is asked. @returns its number, modulo `OPEN_QUESTIONS`. */
  ask(at: number): number {
    while (this.#oldest < this.#next && this.#isComplete(at)) this.#close();
    const number = this.#next++;
    this.#questions[number % OPEN_QUESTIONS] = { number, askedAt: at, by: new Set() };
    this.#judgeReturns(at);
    return number % OPEN_QUESTIONS;
  }

  /** Somebody answered the question that `ask` gave this number. */
  answer(number: number, who: string): void {
    const question = this.#questions[number];
    if (question === undefined || question.number < this.#oldest || question.by.has(who)) return;
    question.by.add(who);
    if (!this.#firstAt.has(who)) this.#firstAt.set(who, question.askedAt);
    this.#lastAt.set(who, Math.max(this.#lastAt.get(who) ?? 0, question.askedAt));
    this.#noteHolder(who, question);
  }

  /** Somebody announced, unasked, that the address is his. */
  announce(who: string, at: number): void {
    this.#announcedAt.set(who, at);
  }

  /** Who answered any question asked since an instant. */
  since(at: number): readonly string[] {
    return [...this.#lastAt].filter(([, last]) => last >= at).map(([who]) => who);
  }

  /** Ends the questions that are left and whatever is still open. */
  finish(): void {
    while (this.#oldest < this.#next) this.#close();
    this.#end();
    this.#judgeReturns(Number.POSITIVE_INFINITY);
  }

  #isComplete(at: number): boolean {
    const asked = this.#questions[this.#oldest % OPEN_QUESTIONS]?.askedAt ?? 0;
    return this.#next - this.#oldest >= OPEN_QUESTIONS || at - asked > COMPLETE;
  }

  #close(): void {
    const question = this.#questions[this.#oldest++ % OPEN_QUESTIONS];
    if (question === undefined || question.by.size < 2) {
      this.#end();
      return;
    }
    const { askedAt, by } = question;
    const begins = this.#open === undefined;
    this.#open ??= { from: askedAt, to: askedAt, by: new Set(), questions: 0 };
    this.#open.to = askedAt;
    this.#open.questions += 1;
    for (const who of by) this.#open.by.add(who);
    if (begins) this.#report(this.#together(this.#open), false);
  }

  #end(): void {
    if (this.#open) this.#report(this.#together(this.#open), true);
    this.#open = undefined;
  }

  #together({ from, to, by, questions }: { from: number; to: number; by: Set<string>; questions: number }): TwoHolders {
    return { address: this.#address, from, to, macs: [...by].sort(), questions, how: "together" };
  }

  #noteHolder(who: string, since: Question): void {
    const before = this.#holder;
    const at = since.askedAt;
    if (before?.who === who) before.lastAt = Math.max(before.lastAt, at);
    // That an older question's late answer comes from the former holder is as it should be.
    if (before?.who === who || (before !== undefined && at <= before.since.askedAt)) return;
    this.#holder = { who, since, lastAt: at };
    const isBack = before !== undefined && (this.#firstAt.get(who) ?? at) < before.since.askedAt;
    if (isBack) this.#returns = [...this.#returns, { holder: this.#holder, from: before }];
  }

  /** Returns that were announced are as they should be, and two answers to one question are reported as such; what is left is told. */
  #judgeReturns(at: number): void {
    if (this.#returns.length === 0) return;
    const left: Return[] = [];
    for (const one of this.#returns) {
      const { who, since } = one.holder;
      const wasTogether = since.by.size > 1 || one.from.since.by.size > 1;
      const announced = this.#announcedAt.get(who) ?? Number.NEGATIVE_INFINITY;
      if (announced > one.from.since.askedAt || wasTogether) continue;
      if (at - since.askedAt <= ANNOUNCED_WITHIN) left.push(one);
      else this.#reportReturn(one);
    }
    this.#returns = left;
  }

  #reportReturn({ holder, from }: Return): void {
    const macs = [holder.who, from.who].sort();
    const found = { address: this.#address, from: holder.since.askedAt, to: holder.lastAt, macs, questions: 1 };
    this.#report({ ...found, how: "unannounced" }, true);
  }
}
