import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describeConfig, directiveTable } from "../../src/config/describe.js";
import { ownDirectives } from "../../src/config/directives.js";
import { check, master1 } from "./cluster.js";

/** What heartbeat 3.0.6 printed. */
const recorded = (name: string): string =>
  readFileSync(new URL(`../../../test/config/recorded/${name}.txt`, import.meta.url), "utf8");

for (const [option, file, wiki] of [
  ["-D", "directives", false],
  ["-DW", "directives-wiki", true],
] as const)
  test(`heartbeat ${option} prints the original's table byte for byte, then our own directives`, () => {
    const table = directiveTable(wiki, "3.0.6");
    const original = recorded(file);
    assert.equal(table.slice(0, original.length), original);
    const ours = table.slice(original.length).split("\n").slice(0, -1);
    assert.ok(ours.length > 5);
    for (const line of ours)
      assert.ok(
        [...ownDirectives].some((name) => line.includes(name)),
        line,
      );
  });

/** The files that the original was asked about. */
const haCf = `logfile /var/log/ha-log
debugfile /var/log/ha-debug
keepalive 1
deadtime 5
warntime 3
initdead 10
udpport 694
ucast ens33 172.30.106.102
auto_failback on
node master1
node master2
`;

test("heartbeat -v prints the configuration in force byte for byte as the original", () => {
  const { config } = check({ haCf });
  assert.ok(config);
  assert.equal(describeConfig(config, "master1"), recorded("verbose"));
});

test("heartbeat -v names every medium and ping node in the original's words", () => {
  const host = { ...master1, ttys: () => "tty" as const };
  const lines = [
    "bcast ens38",
    "mcast ens33 225.0.0.1 694 1 0",
    "ucast6 ens33 fe80::2",
    "mcast6 ens33 ff02::1:1 694 1 0",
    "serial /dev/ttyS0",
    "ping 172.30.105.254",
    "ping6 ::2",
    "ping_group g1 172.30.105.254 172.30.105.253",
  ];
  const { config } = check({ haCf: `${haCf}${lines.join("\n")}\n` }, host);
  assert.ok(config);
  const text = describeConfig(config, "master1");
  const said = text.slice(text.indexOf("Communications media")).split("\n").slice(1, -2);
  assert.deepEqual(
    said.filter((line) => line !== "#"),
    [
      "# UDP/IP unicast heartbeat channel -------------",
      "ucast ens33",
      "# UDP/IP broadcast heartbeat channel -------------",
      "bcast ens38",
      "# UDP/IP multicast heartbeat channel -------------",
      "mcast ens33",
      "# UDP/IPv6 unicast heartbeat channel -------------",
      "ucast6 ens33",
      "# UDP/IP multicast heartbeat channel -------------",
      "mcast6 ens33",
      "# serial ring heartbeat channel -------------",
      "serial /dev/ttyS0",
      "# ping membership heartbeat channel -------------",
      "ping 172.30.105.254",
      "# ping6 membership heartbeat channel -------------",
      "ping6 ::2",
      "# ping group membership heartbeat channel -------------",
      "ping_group g1",
    ],
  );
  assert.match(text, /\nnode g1\t#\t current status: init\n/);
});
