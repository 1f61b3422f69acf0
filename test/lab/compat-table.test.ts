import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, type Verdict } from "../../src/lab/compat.js";
import type { Pairing } from "../../src/lab/compat-scenes.js";
import { countLost, countTakeovers, unread, withLost, withStall } from "../../src/lab/compat-stall.js";
import { linesOf, tableOf, transcribed } from "../../src/lab/compat-table.js";

const mixed: Pairing = { medium: "ucast", format: "classic", digest: "sha1", ours: "master1", failback: "on" };
const originals: Pairing = { ...mixed, ours: "nobody" };
const scenes = ["crash of ours", "cut and heal"];
const failed = (outcome: string): readonly Verdict[] => [{ scene: "cut and heal", outcome }];
const cellsOf = (table: string, pairing: Pairing): string =>
  table.split("\n").find((line) => line.startsWith(`| ${nameOf(pairing)} |`)) ?? "";

test("a scene that failed is ours to answer for, unless two originals fail there too", () => {
  const alone = tableOf(new Map([[mixed, failed("two holders")]]), scenes);
  assert.match(cellsOf(alone, mixed), /\| – \| no \(1\) \|$/);
  const both = new Map([mixed, originals].map((pairing) => [pairing, failed("two holders")] as const));
  assert.match(cellsOf(tableOf(both, scenes), mixed), /\| – \| as 3\.0\.6 \(1\) \|$/);
});

test("a scene that failed while the machine stood still proves nothing, and its note says for how long", () => {
  assert.equal(withStall("two holders", 999), "two holders");
  const table = tableOf(new Map([[mixed, failed(withStall("two holders", 9_530))]]), scenes);
  assert.match(cellsOf(table, mixed), /\| – \| unclear \(1\) \|$/);
  assert.match(table, /^1\. .+: cut and heal: two holders; meanwhile the machine stood still for 9\.5 s$/m);
});

test("a scene in which an original threw its own scripts' messages away is its own failure, whoever is beside it", () => {
  const line = "Nov 27 20:19:23 master2 heartbeat: [1604]: ERROR: msg2string: Message with zero fields\n";
  assert.deepEqual(["", line, line + line].map(countLost), [0, 1, 2]);
  assert.equal(withLost("in vain", 0), "in vain");
  const table = tableOf(new Map([[mixed, failed(withLost(withStall("in vain", 2_000), 1))]]), scenes);
  assert.match(cellsOf(table, mixed), /\| – \| 3\.0\.6 \(1\) \|$/);
});

test("what an original's own tool said and the original never read is its own loss as well", () => {
  const table = tableOf(
    new Map([[mixed, failed(`waited 20000 ms in vain for: hb_takeover local: ${unread}`)]]),
    scenes,
  );
  assert.match(cellsOf(table, mixed), /\| – \| 3\.0\.6 \(1\) \|$/);
  const line = "2026/11/27_22:29:42  harc(default)[1667]:    info: Running /etc/ha.d//rc.d/hb_takeover hb_takeover\n";
  assert.deepEqual(["", line, line + line].map(countTakeovers), [0, 1, 2]);
});

test("a failure of two originals on a machine that stood still excuses nobody", () => {
  const played = new Map([
    [mixed, failed("two holders")],
    [originals, failed(withStall("two holders", 9_530))],
  ]);
  assert.match(cellsOf(tableOf(played, scenes), mixed), /\| no \(1\) \|$/);
});

test("a table that is read again and written again is the same", () => {
  const verdicts = [{ scene: "crash of ours", outcome: "ok" }, ...failed(withStall("waited in vain for: x", 2_000))];
  const table = tableOf(new Map([[mixed, verdicts]]), scenes);
  const again = tableOf(new Map([[mixed, transcribed(linesOf(table), mixed)]]), scenes);
  assert.equal(again, table);
});
