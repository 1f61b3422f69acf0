import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Luck } from "./pretend-disk.js";
import { lease, ready, web } from "./pretend-pair.js";

/** Bytes in a millisecond: a reading takes one, that of the whole area sixteen. */
const disk = 65_536;
/** A claim of three accesses, the reading that missed the renewal and the one that showed it; 3 ms between two readings. */
const lateness = 10;

describe("a lease whose holder has died", () => {
  for (const [rhythm, from, to] of [
    ["in step", 200, 200],
    ["nearly in step", 195, 215],
    ["often late", 200, 400],
  ] as const)
    it(`is another's as soon as it is over, when its holder renewed it ${rhythm}`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const luck = new Luck(seed);
        const pair = ready(disk);
        for (let request = 1; request <= 8; request++) {
          const renewedAt = pair.now;
          pair.alpha.claim(pair.now, request, [web]);
          assert.equal(pair.answer(`alpha ${request}`).get(web)?.kind, "granted");
          pair.pass(from + luck.whole(to - from + 1) - (pair.now - renewedAt));
        }
        pair.alphaDies();
        pair.insist(web);
        const late = pair.now - pair.alphaWroteAt - lease;
        assert.ok(late >= 0, `seed ${seed}: taken ${-late} ms before its end`);
        assert.ok(late <= lateness, `seed ${seed}: taken ${late} ms after its end`);
      }
    });

  it("is not looked at all the time while it is renewed in step", () => {
    const pair = ready(disk);
    for (let request = 1; request <= 20; request++) {
      const at = pair.now;
      pair.alpha.claim(pair.now, request, [web]);
      pair.answer(`alpha ${request}`);
      pair.pass(lease / 5 - (pair.now - at));
    }
    const before = pair.bravo.accesses;
    for (let request = 21; request <= 40; request++) {
      const at = pair.now;
      pair.alpha.claim(pair.now, request, [web]);
      pair.answer(`alpha ${request}`);
      pair.pass(lease / 5 - (pair.now - at));
    }
    const looks = (pair.bravo.accesses - before) / 20;
    assert.ok(looks <= 12, `${looks} readings for each renewal`);
  });
});
