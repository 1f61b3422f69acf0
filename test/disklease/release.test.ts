import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseVerdict } from "../../src/core/lease.js";
import type { GroupId } from "../../src/core/report.js";
import { makeDisk, PretendProcess } from "./pretend-disk.js";

const web: GroupId = "0000000a";
const mail: GroupId = "0000000b";
const lease = 1_000;
/** An access moves on by so many bytes in each millisecond: a write takes one, the reading after it five. */
const bytes = 8_192;
/** A claim of what was nobody's takes a little more: a look, a promise, an acceptance. */
const claimTakes = 16;

type Verdicts = ReadonlyMap<GroupId, LeaseVerdict>;

/** Two nodes; alpha's first claim is on its way. Every millisecond each access moves on by a piece. */
class Pair {
  now = 0;
  readonly answers = new Map<string, Verdicts>();
  readonly alpha: PretendProcess;
  readonly bravo: PretendProcess;

  constructor() {
    const disk = makeDisk(["alpha", "bravo"]);
    const start = (node: string, seed: number): PretendProcess =>
      new PretendProcess(disk, { node, lease, now: 0, offset: seed * 1_000, seed }, (said) => {
        if (said.type === "answer") this.answers.set(`${node} ${said.request}`, said.verdicts);
      });
    this.alpha = start("alpha", 1);
    this.bravo = start("bravo", 2);
  }

  pass(duration: number): void {
    for (const end = this.now + duration; this.now < end; this.now++)
      for (const one of [this.alpha, this.bravo]) {
        if (one.access !== undefined) one.move(this.now, bytes);
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
function ready(): Pair {
  const pair = new Pair();
  pair.pass(lease / 2);
  return pair;
}

describe("a lease that is given back while its claim is under way", () => {
  for (const delay of [0, 3, 30])
    it(`is another's well within a lease, whatever has reached the disk by then (asked ${delay} ms later)`, () => {
      for (let after = 0; after <= claimTakes; after++) {
        const pair = ready();
        pair.alpha.claim(pair.now, 1, [web, mail]);
        pair.pass(after);
        assert.ok(!pair.answers.has("alpha 1"), "it is still under way");
        pair.alpha.giveBack(pair.now, [web]);
        pair.pass(delay);
        const took = pair.insist(web);
        assert.ok(took <= lease / 4, `given back ${after} ms after its claim it was free only after ${took} ms`);
        assert.equal(pair.answer("alpha 1").get(mail)?.kind, "granted");
      }
    });

  it("is this node's own again when it is claimed anew, whatever has reached the disk by then", () => {
    for (let after = 0; after <= claimTakes; after++)
      for (let pause = 0; pause <= 8; pause++) {
        const pair = ready();
        pair.alpha.claim(pair.now, 1, [web]);
        pair.pass(after);
        pair.alpha.giveBack(pair.now, [web]);
        pair.pass(pause);
        pair.alpha.claim(pair.now, 2, [web]);
        assert.equal(pair.answer("alpha 2").get(web)?.kind, "granted", `given back after ${after} ms`);
        pair.bravo.claim(pair.now, 1, [web]);
        assert.equal(pair.answer("bravo 1").get(web)?.kind, "held");
      }
  });
});
