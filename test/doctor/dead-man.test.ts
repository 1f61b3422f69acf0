import assert from "node:assert/strict";
import { test } from "node:test";
import { deadManFindings } from "../../src/doctor/rules/dead-man.js";
import { firewallFindings } from "../../src/doctor/rules/firewall.js";
import { facts, heard, subjects } from "./healthy.js";

/** As `nft -j list ruleset` prints the rules that the daemon makes, shortened to what is read. */
const left = {
  nftables: [
    { table: { family: "inet", name: "heartbeat" } },
    { set: { family: "inet", name: "held4", table: "heartbeat", type: "ipv4_addr", elem: ["172.30.105.201"] } },
    { set: { family: "inet", name: "alive", table: "heartbeat", type: "mark", flags: ["timeout"] } },
    {
      chain: { family: "inet", table: "heartbeat", name: "input", type: "filter", hook: "input", policy: "accept" },
    },
    {
      rule: {
        ...{ family: "inet", table: "heartbeat", chain: "input", handle: 6 },
        expr: [
          { match: { op: "==", left: { payload: { protocol: "ip", field: "daddr" } }, right: "@held4" } },
          { match: { op: "!=", left: { "&": [{ meta: { key: "mark" } }, 0] }, right: "@alive" } },
          { drop: null },
        ],
      },
    },
    { table: { family: "arp", name: "heartbeat" } },
  ],
};

test("rules that a killed daemon left behind are explained, with the command that removes them", () => {
  const [only, ...others] = deadManFindings({ ...facts, daemon: { kind: "stopped" }, firewall: { nft: left } });
  assert.equal(only?.code, "dead-man-left");
  assert.match(only?.what ?? "", /mute for 172\.30\.105\.201\./);
  assert.match(only?.mend[1] ?? "", /^nft delete table inet heartbeat; nft delete table arp heartbeat /);
  assert.deepEqual(others, []);
  assert.deepEqual(deadManFindings({ ...facts, firewall: { nft: left } }), [], "while heartbeat runs they are at work");
});

test("our own rules are never taken for a firewall that drops heartbeats", () => {
  assert.deepEqual(firewallFindings(subjects, { ...facts, firewall: { nft: left } }), []);
});

test("a coarse dead-man's switch is a warning where it is slower than deadtime, a note where it is not or was wished for", () => {
  const severity = (limit: number | null, lacking: string | null) =>
    deadManFindings({ ...facts, ...heard({ deadMan: { form: "lifetime", limit, lacking } }) }).map(
      (finding) => finding.severity,
    );
  assert.deepEqual(severity(6_000, "nf_tables cannot be had"), ["warning"]);
  assert.deepEqual(severity(3_000, "nf_tables cannot be had"), ["note"]);
  assert.deepEqual(severity(null, "dead_man off in ha.cf"), ["note"]);
  assert.deepEqual(severity(3_333, null), []);
});
