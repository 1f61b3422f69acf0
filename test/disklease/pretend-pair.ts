import assert from "node:assert/strict";
import type { LeaseVerdict } from "../../src/core/lease.js";
import type { GroupId } from "../../src/core/report.js";
import { makeDisk, PretendProcess } from "./pretend-disk.js";

export const web: GroupId = "0000000a";
export const mail: GroupId = "0000000b";
export const lease = 1_000;
/** A slow disk: an access moves on by so many bytes in each millisecond; a write takes one, the reading after it five. */
const slow = 8_192;
/** A claim of what was nobody's takes a little more: a look, a promise, an acceptance. */
export const claimTakes = 16;

/** By so much alpha's clock is ahead of the world's; bravo's by twice that. */
const alphaAhead = 1_000;

type Verdicts = ReadonlyMap<GroupId, LeaseVerdict>;

/** Two nodes; alpha's first claim is on its way. Every millisecond each access moves on by a piece. */
export class Pair {
  now = 0;
  #alphaLives = true;
  readonly answers = new Map<string, Verdicts>();
  readonly alpha: PretendProcess;
  readonly bravo: PretendProcess;

  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    const disk = makeDisk(["alpha", "bravo"]);
    const start = (node: string, seed: number): PretendProcess =>
      new PretendProcess(disk, { node, lease, now: 0, offset: seed * alphaAhead, seed }, (said) => {
        if (said.type === "answer") this.answers.set(`${node} ${said.request}`, said.verdicts);
      });
    this.alpha = start("alpha", 1);
    this.bravo = start("bravo", 2);
  }

  /** When alpha's last write began, by the world's clock. */
  get alphaWroteAt(): number {
    return (this.alpha.state.membership?.writtenAt ?? Number.NaN) - alphaAhead;
  }

  /** Power loss: its process does nothing any more. */
  alphaDies(): void {
    this.#alphaLives = false;
  }

  pass(duration: number): void {
    for (const end = this.now + duration; this.now < end; this.now++)
      for (const one of this.#alphaLives ? [this.alpha, this.bravo] : [this.bravo]) {
        if (one.access !== undefined) one.move(this.now, this.#bytes);
        else if (one.deadline <= this.now) one.step(this.now, { type: "deadlineReached" });
      }
  }

  /** @returns the answer to the claim, as soon as there is one. */
  answer(claim: string): Verdicts {
    for (let i = 0; i < lease && !this.answers.has(claim); i++) this.pass(1);
    return this.answers.get(claim) ?? assert.fail(`no answer to ${claim}`);
  }

  /** Bravo claims as a core does, again when that is worth while. @returns how long it took. */
  insist(group: GroupId): number {
    const began = this.now;
    for (let request = 1; this.now < began + 4 * lease; request++) {
      this.bravo.claim(this.now, request, [group]);
      const verdict = this.answer(`bravo ${request}`).get(group);
      if (verdict?.kind === "granted") return this.now - began;
      this.pass(verdict?.kind === "held" ? Math.max(1, verdict.freeIn) : lease / 20);
    }
    return assert.fail("never granted");
  }
}

/** The first readings are over. */
export function ready(bytes = slow): Pair {
  const pair = new Pair(bytes);
  pair.pass(lease / 2);
  return pair;
}
