import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConfig } from "../../src/config/check.js";
import type { HostFacts } from "../../src/config/host-facts.js";
import { master1 } from "./cluster.js";
import { filesOf, type Verdict, verdicts } from "./original-verdicts.js";

/** The machine of the measurement, with what the daemon itself would find on it. */
const host: HostFacts = {
  ...master1,
  scripts: () => "absent",
  ttys: () => "absent",
  stonithTypes: (type) => type === "null",
};

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const name = ({ file, edits, also }: Verdict): string =>
  [`${file}:`, edits.map(short).join(", "), ...(also === undefined ? [] : [`(${also.edits.join(", ")})`])].join(" ");

for (const row of verdicts)
  test(`${name(row)} is ${row.exit === 0 ? "accepted" : "refused"} by 3.0.6${row.ours === undefined ? " and by us" : `, ${row.ours.verdict} by us: ${row.ours.because}`}`, () => {
    const texts = filesOf(row);
    const file = (which: Verdict["file"], mode: number) => ({ path: `/etc/ha.d/${which}`, text: texts[which], mode });
    const files = {
      haCf: file("ha.cf", 0o644),
      authkeys: file("authkeys", texts.mode),
      haresources: file("haresources", 0o644),
    };
    const { config, problems } = checkConfig({ files, host });
    const wanted = row.ours?.verdict ?? (row.exit === 0 ? "accepted" : "refused");
    assert.equal(config === undefined ? "refused" : "accepted", wanted, JSON.stringify(problems));
    if (row.ours !== undefined) assert.notEqual(wanted === "accepted", row.exit === 0, "this is no difference");
  });

test("ours differs from 3.0.6 only by refusing what could not have worked, and by the unit s", () => {
  const lenient = verdicts.filter((row) => row.ours?.verdict === "accepted");
  assert.deepEqual(lenient.map(name), ["ha.cf: keepalive 1 → keepalive 1s", "ha.cf: + conn_logd_time 5s"]);
});
