import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { claimTakes, lease, mail, ready, web } from "./pretend-pair.js";

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
