import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { firewallFindings } from "../../src/doctor/rules/firewall.js";
import type { MediumSubject } from "../../src/doctor/subjects.js";
import type { FirewallFacts } from "../../src/ports/survey.js";
import { facts, subjects } from "./healthy.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../test/doctor/rulesets");
/** As `nft -j list ruleset` printed the rules of the file beside it. */
const ruleset = (name: string): FirewallFacts => ({
  nft: JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as unknown,
});
const found = (firewall: FirewallFacts, media: readonly MediumSubject[] = subjects.media) =>
  firewallFindings({ ...subjects, media }, { ...facts, firewall });
const ucast: MediumSubject = { kind: "ucast", device: "ens33", port: 694, peer: "172.30.106.102" };

test("Debian's example firewall, which lets nothing of ours in, is named with table, chain and rule, and opened by one command", () => {
  const findings = found(ruleset("debian"));
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [
      ["firewall-drops-heartbeats", "error"],
      ["firewall-drops-heartbeats", "error"],
    ],
  );
  assert.match(
    findings[0]?.what ?? "",
    /drops the heartbeats that come in on ens33 from 172\.30\.106\.102, udp port 694 \(nft, table inet filter, chain input: rule handle \d+\)/,
  );
  assert.equal(findings[0]?.mend[0], "nft insert rule inet filter input iifname ens33 udp dport 694 accept");
});

test("a firewall that lets heartbeats in by a set, a prefix and a star is no finding, and is one for a stranger's address", () => {
  assert.deepEqual(found(ruleset("open"), [ucast]), []);
  assert.equal(found(ruleset("open"), [{ ...ucast, peer: "10.0.0.2" }]).length, 1);
  assert.equal(found(ruleset("open"), [{ ...ucast, port: 700 }]).length, 1);
});

test("one rule in a chain that is jumped to is found, and only for the interface that it is about", () => {
  const [only, ...others] = found(ruleset("one-rule"));
  assert.match(only?.what ?? "", /on ens33 .*table ip mine, chain sieve: rule handle/);
  assert.deepEqual(others, []);
  assert.deepEqual(found(ruleset("one-rule"), [{ ...ucast, kind: "mcast6", peer: undefined }]), [], "it is about IPv4");
});

test("firewalld's own command opens firewalld", () => {
  const [first] = found(ruleset("firewalld"), [ucast]);
  assert.deepEqual(first?.mend, ["firewall-cmd --permanent --add-port=694/udp", "firewall-cmd --reload"]);
});

test("what goes out may be dropped too", () => {
  const [only, ...others] = found(ruleset("outgoing"));
  assert.match(only?.what ?? "", /go out on ens38 to 172\.30\.105\.13/);
  assert.match(only?.mend[0] ?? "", /filter output oifname ens38 udp dport 694 accept/);
  assert.deepEqual(others, []);
});

test("where a rule cannot be judged, the finding says probably", () => {
  const [first] = found(ruleset("doubtful"), [ucast]);
  assert.equal(first?.severity, "warning");
  assert.match(first?.what ?? "", /probably drops/);
});

const iptables = (rules: string, policy = "DROP"): FirewallFacts => ({
  iptables: `*filter\n:INPUT ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n:ufw-user-input - [0:0]\n${rules}\nCOMMIT\n`,
});

test("iptables: policies, ports, states, negation, jumps and quoted comments", () => {
  const cases: readonly (readonly [rules: string, policy: string, stopped: boolean])[] = [
    ["-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT", "DROP", true],
    ["-A INPUT -p udp -m udp --dport 694 -j ACCEPT", "DROP", false],
    ["-A INPUT -p udp -m multiport --dports 53,600:700 -j ACCEPT", "DROP", false],
    ["-A INPUT -i eth+ -j ACCEPT", "DROP", true],
    ["-A INPUT ! -i eth+ -j ACCEPT", "DROP", false],
    ["-A INPUT -s 172.30.106.0/24 -j ACCEPT", "DROP", false],
    ["-A INPUT -s 172.30.107.0/24 -j ACCEPT", "DROP", true],
    ['-A INPUT -p udp -m comment --comment "not -j ACCEPT" -j DROP', "ACCEPT", true],
    ["-A INPUT -j ufw-user-input\n-A ufw-user-input -p udp --dport 694 -j ACCEPT", "DROP", false],
    ["-A INPUT -j ufw-user-input\n-A ufw-user-input -p udp --dport 694 -j RETURN", "DROP", true],
    ["-A INPUT -p tcp --dport 694 -j REJECT", "ACCEPT", false],
    ["-A INPUT -p udp --dport 694 -j REJECT --reject-with icmp-port-unreachable", "ACCEPT", true],
  ];
  for (const [rules, policy, stopped] of cases)
    assert.equal(found(iptables(rules, policy), [ucast]).length, stopped ? 1 : 0, rules);
  assert.match(found(iptables("", "DROP"), [ucast])[0]?.mend[0] ?? "", /^ufw allow in on ens33 from 172\.30\.106\.102/);
});

test("a listing that is not understood says nothing", () => {
  for (const nft of [undefined, null, 7, "rules", [], { nftables: [{ rule: 3 }, null, { chain: { hook: 4 } }] }])
    assert.deepEqual(found({ nft }), []);
});
