import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import type { Snapshot } from "../../src/control/snapshot.js";
import { groupName, nodeName } from "../../src/core/names.js";
import { changes } from "../../src/status/changes.js";
import { painted, textOfLine } from "../../src/status/line.js";
import { render } from "../../src/status/render.js";
import { plain, spoken, wrapped } from "../../src/status/words.js";
import { home } from "../cli/pretend-daemon.js";
import { pair as fixture, starting, survivor } from "../cli/snapshots.js";

const pair: Snapshot = { ...fixture, program: "0.1.0" };
const shown = (snapshot: Snapshot, width: number, links = false): string =>
  `${render(snapshot, { width, links }).map(textOfLine).join("\n")}\n`;

const stuck: Snapshot = {
  ...pair,
  phase: "moving",
  phaseReason: "master1 gives up all groups; nginx does not stop",
  holds: "transition",
  groups: pair.groups.map((group) => ({ ...group, state: "stuck", because: "stop-failed", holder: null })),
  counters: { "bad-mac": 12, replayed: 3, "too-late": 0 },
  alerts: ["nginx did not stop in 11 attempts: master2 must not start it before somebody has looked"],
};

const leased: Snapshot = {
  ...pair,
  arbiter: { text: "witness 172.30.105.9:7694", leaseTime: 500, silentFor: 65_000 },
  groups: pair.groups.map((group) => ({
    ...group,
    policy: "lease",
    lease: group.owner === "master1" ? { remaining: 430, by: null } : { remaining: null, by: nodeName("master2") },
  })),
  alerts: ["the arbiter does not answer: one more failure and groups are given up; mend it"],
};

/** Reviewed as a diff: `UPDATE_STORIES=1 node --test …` writes the file anew. */
test("the picture of a node at 80 and at 120 columns is the reviewed one", () => {
  const scenes: readonly [string, Snapshot][] = [
    ["a healthy pair", pair],
    ["the peer and the gateway are dead", survivor],
    ["waiting for the peer", starting],
    ["a service does not stop", stuck],
    ["the witness does not answer", leased],
  ];
  const drawn = scenes.flatMap(([title, snapshot]) =>
    [80, 120].map((width) => `# ${title}, ${width} columns\n${shown(snapshot, width, width === 120)}`),
  );
  const path = join(home, "test/status/pictures.txt");
  if (process.env["UPDATE_STORIES"] === "1") writeFileSync(path, drawn.join("\n"));
  assert.equal(drawn.join("\n"), readFileSync(path, "utf8"));
});

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const anySnapshot = fc
  .record({ name: anyText, status: anyText, because: anyText, alert: anyText, reason: anyText, count: fc.nat() })
  .map(
    ({ name, status, because, alert, reason, count }): Snapshot => ({
      ...pair,
      phaseReason: reason,
      nodes: pair.nodes.map((node) => ({ ...node, name: nodeName(name), status, program: alert })),
      groups: pair.groups.map((group) => ({ ...group, name: groupName(name), because, resources: [name, status] })),
      alerts: [alert],
      counters: { [name]: count },
    }),
  );

test("no line is wider than the screen and nothing that a peer says reaches the terminal as a command", (context) => {
  const seed = Date.now() & 0x7fffffff;
  context.diagnostic(`seed ${seed}`);
  fc.assert(
    fc.property(anySnapshot, fc.integer({ min: 20, max: 200 }), (snapshot, width) => {
      for (const line of render(snapshot, { width, links: true })) {
        const text = textOfLine(line);
        assert.ok(text.length <= width, `${text.length} > ${width}: ${text}`);
        assert.ok(!/[\p{Cc}\p{Cf}]/u.test(text), JSON.stringify(text));
      }
    }),
    { seed, numRuns: 300 },
  );
});

test("without colour a line is its text; with colour the same text is there", () => {
  const lines = render(survivor, { width: 80, links: false });
  const bare = (text: string): string => stripVTControlCharacters(text).trimEnd();
  assert.deepEqual(
    lines.map((line) => bare(painted(line, true))),
    lines.map((line) => painted(line, false)),
  );
  assert.ok(lines.some((line) => painted(line, true).includes("\x1b[")));
});

test("changes are told once and in words; growing ages are no news", () => {
  assert.deepEqual(changes(pair, { ...pair, uptime: pair.uptime + 5_000 }), []);
  const waiting = (seconds: number): Snapshot => ({ ...starting, phaseReason: `at most ${seconds} s more` });
  assert.deepEqual(changes(waiting(10), waiting(9)), []);
  assert.deepEqual(changes(pair, { ...survivor, program: "0.1.0" }), [
    "node master2 is dead, status dead",
    "link master2:ens33 is down",
    "node 172.30.106.101 is dead, status dead",
    "link 172.30.106.101:172.30.106.101 is down",
    "group IPaddr::172.30.105.202/24/ens38 is held by master1, here held (holder-silent)",
    "alert: master2 is dead: nobody else can take over what this node holds",
  ]);
  assert.deepEqual(changes({ ...pair, generation: 6 }, pair)[0], "heartbeat was started again");
  assert.equal(changes(survivor, pair).at(-1), "over: master2 is dead: nobody else can take over what this node holds");
});

test("times are spoken in at most two units", () => {
  const table: readonly [number, string][] = [
    [-5, "0 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [9_940, "9.9 s"],
    [9_999, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min 0 s"],
    [3_599_400, "59 min 59 s"],
    [3_600_000, "1 h 0 min"],
    [90_000_000, "1 d 1 h"],
  ];
  for (const [ms, words] of table) assert.equal(spoken(ms), words);
});

test("wrapping loses no character but blanks", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 8, max: 80 }), (raw, width) => {
      const text = plain(raw);
      const lines = wrapped(text, width);
      assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
      assert.ok(lines.every((line) => line.length <= width));
    }),
  );
});
