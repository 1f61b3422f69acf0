import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { generation, groupName, nodeName, term } from "../../src/core/names.js";
import {
  formatReport,
  groupId,
  isHolding,
  parseReport,
  type Report,
  type ReportedGroup,
  type ReportedState,
} from "../../src/core/report.js";
import { seeded } from "./rig.js";

const states: readonly ReportedState[] = ["idle", "acquiring", "held", "doubted", "releasing", "granted", "stuck"];
const anyId = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 8, maxLength: 8 });
const anyGroup: fc.Arbitrary<ReportedGroup> = fc.record(
  {
    state: fc.constantFrom(...states),
    term: fc.integer({ min: 0, max: 999_999_999_999_999 }).map(term),
    failed: fc.constantFrom(undefined, "start" as const, "died" as const),
    to: fc.option(
      fc.record(
        {
          node: fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/).map(nodeName),
          generation: fc.integer({ min: 0, max: 999_999_999_999_999 }).map(generation),
        },
        { noNullPrototype: true },
      ),
      { nil: undefined },
    ),
  },
  { noNullPrototype: true },
);
const anyReport: fc.Arbitrary<Report> = fc
  .array(fc.tuple(anyId, anyGroup), { maxLength: 20 })
  .map((entries) => new Map(entries));

test("what a node reports is what its peers read", (t) => {
  fc.assert(
    fc.property(anyReport, (report) => assert.deepEqual(parseReport(formatReport(report)), report)),
    seeded(t, 1_000),
  );
  assert.equal(formatReport(new Map()), "");
  assert.deepEqual(parseReport(""), new Map());
});

test("a report as it stands on the wire", () => {
  const text = "0000000ai3 0000000bh12! 0000000cg13>bravo/7 0000000dk1";
  assert.deepEqual(
    [...parseReport(text)],
    [
      ["0000000a", { state: "idle", term: 3, failed: undefined, to: undefined }],
      ["0000000b", { state: "held", term: 12, failed: "start", to: undefined }],
      ["0000000c", { state: "granted", term: 13, failed: undefined, to: { node: "bravo", generation: 7 } }],
      ["0000000d", { state: "stuck", term: 1, failed: undefined, to: undefined }],
    ],
  );
  assert.equal(formatReport(parseReport(text)), text);
});

test("any text can be read, and what is understood has sane terms", (t) => {
  const piece = fc.oneof(
    fc.string(),
    anyId,
    fc.constantFrom("h1", "i99999999999999999999", "!", ">", " ", "0000000ah1>", "0000000ag1>A B/1"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const [id, group] of parseReport(pieces.join(""))) {
        assert.match(id, /^[0-9a-f]{8}$/);
        assert.ok(Number.isSafeInteger(group.term) && group.term >= 0);
        assert.ok(states.includes(group.state));
      }
    }),
    seeded(t, 2_000),
  );
});

test("a group whose state cannot be understood counts as held: a newer version may mean anything by it", () => {
  for (const word of [
    "0000000ax7",
    "0000000ah1000000000000000",
    "0000000ah",
    "0000000a",
    "0000000ah5?new",
    "0000000aH5",
  ])
    assert.equal(parseReport(word).get("0000000a")?.state, "held", word);
  for (const word of ["x", "0000000", "0000000gh1", "", "00000 00ah1"])
    assert.deepEqual(parseReport(word), new Map(), word);
});

test("holding is everything in which a service may run", () => {
  assert.deepEqual(states.filter(isHolding), ["acquiring", "held", "doubted", "releasing", "stuck"]);
});

test("a group's id is FNV-1a over its name: eight digits, the same on every node", () => {
  assert.equal(groupId(groupName("")), "811c9dc5");
  assert.equal(groupId(groupName("a")), "e40c292c");
  assert.equal(groupId(groupName("foobar")), "bf9cf968");
});
