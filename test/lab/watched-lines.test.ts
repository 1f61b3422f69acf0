/**
 * The lines of ha-log that the tutorial shows, and people's log watchers match: a pair is started, goes standby, takes over, loses a
 * heartbeat and stops. Each row of the table is a row of docs/seed-checklist.md; lines of the original that have no meaning here, or not
 * yet, are missing from the table and named there.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { NAMES, type Name, settled } from "./our-pair.js";
import { labSkip } from "./support.js";

const heartbeat = (text: string): RegExp =>
  new RegExp(`^[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d master[12] heartbeat: \\[\\d+\\]: ${text}$`, "m");
const script = (name: string, text: string): RegExp =>
  new RegExp(`^\\d{4}/\\d\\d/\\d\\d_\\d\\d:\\d\\d:\\d\\d {2}${name}\\(default\\)\\[\\d+\\]: {4}${text}$`, "m");

/** In the order in which they come. */
const LINES: readonly (readonly [row: string, node: Name, line: RegExp])[] = [
  ["S96", "master1", heartbeat("info: glib: ucast: bound send socket to device: ens33")],
  ["S97", "master1", heartbeat("info: glib: ucast: set SO_REUSEPORT\\(w\\)")],
  ["S97", "master1", heartbeat("info: glib: ucast: set SO_REUSEADDR")],
  ["S97", "master1", heartbeat("info: glib: ucast: bound receive socket to device: ens33")],
  ["S97", "master1", heartbeat("info: glib: ucast: set SO_REUSEPORT")],
  ["S98", "master1", heartbeat("info: glib: ucast: started on port 694 interface ens33 to 172.30.105.102")],
  ["S99", "master1", heartbeat("info: glib: ping heartbeat started.")],
  ["S100", "master1", heartbeat("info: Local status now set to: 'up'")],
  ["S101", "master1", heartbeat("info: Link master2:ens33 up.")],
  ["S104", "master1", heartbeat("info: Comm_now_up\\(\\): updating status to active")],
  ["S100", "master1", heartbeat("info: Local status now set to: 'active'")],
  ["S111", "master1", script("ip-request-resp", "received ip-request-resp IPaddr::172.30.105.201/24/ens38 OK yes")],
  [
    "S112",
    "master1",
    script("ResourceManager", "info: Acquiring resource group: master1 IPaddr::172.30.105.201/24/ens38 nginx"),
  ],
  [
    "S113",
    "master1",
    script("ResourceManager", "info: Running /etc/ha.d/resource.d/IPaddr 172.30.105.201/24/ens38 start"),
  ],
  ["S115", "master1", script("ResourceManager", "info: Running /etc/init.d/nginx {2}start")],
  ["S108", "master1", heartbeat("info: Initial resource acquisition complete \\(T_RESOURCES\\(us\\)\\)")],
  ["S109", "master1", heartbeat("info: Local Resource acquisition completed.")],
  ["S101", "master1", heartbeat("info: Link 172.30.105.254:172.30.105.254 up.")],
  ["S102", "master1", heartbeat("info: Status update for node 172.30.105.254: status ping")],
  ["S102", "master2", heartbeat("info: Status update for node master1: status active")],
  ["S115", "master1", script("ResourceManager", "info: Running /etc/init.d/nginx {2}stop")],
  ["S116", "master1", heartbeat("info: all HA resource release completed \\(standby\\).")],
  ["S116", "master1", heartbeat("info: Local standby process completed \\[all\\].")],
  ["S116", "master1", heartbeat("info: Other node completed standby takeover of all resources.")],
  ["S118", "master2", heartbeat("info: all HA resource acquisition completed \\(standby\\).")],
  ["S118", "master2", heartbeat("info: Standby resource acquisition done \\[all\\].")],
  ["S107", "master2", heartbeat("info: remote resource transition completed.")],
  ["S117", "master2", heartbeat("WARN: \\d+ lost packet\\(s\\) for \\[master1\\] \\[\\d+:\\d+\\]")],
  ["S117", "master2", heartbeat("info: No pkts missing from master1!")],
];

describe("ha-log of a pair of ours", { skip: labSkip({ nginx: "nginx-light" }), timeout: 600_000 }, () => {
  let lab: Lab;
  const logs = new Map<Name, string>();
  before(async () => {
    lab = await openLab({ files: seedFiles({ services: ["nginx"], deadtime: "3", warntime: "2" }) });
    await lab.start();
    const probe = await lab.probe(SEED_ADDRESSES);
    await settled(lab, probe);
    const one = lab.node("master1");
    assert.equal((await one.run(one.daemon.standby)).code, 0);
    await lab.node("master2").logged(/Standby resource acquisition done \[all\]/);
    await settledOn(lab, "master2");
    assert.equal((await one.run(`${one.daemon.takeover} local`)).code, 0);
    await settled(lab, probe);
    await lab.cut("master2:ens33", { direction: "in" });
    await sleep(500);
    await lab.heal();
    await lab.node("master2").logged(/No pkts missing from master1/);
    for (const name of NAMES) {
      assert.equal((await lab.node(name).stop()).code, 0);
      logs.set(name, await lab.node(name).log());
    }
  });
  after(() => lab?.close());

  for (const [row, node, line] of LINES)
    test(`${row}: ${line.source.replace(/^.*?(?=info|WARN|received)|\$$/g, "")}`, () => {
      assert.match(logs.get(node) ?? "", line);
    });

  test("S119: the lines come in the tutorial's order, in the two forms of 3.0.6", () => {
    const log = logs.get("master1") ?? "";
    const start = LINES.filter(([row, node]) => node === "master1" && Number(row.slice(1)) <= 115 && row !== "S102");
    const places = start.map(([, , line]) => log.search(line));
    const late = ["S101", "S108", "S109"];
    const sorted = places.filter((_, index) => !late.includes(start[index]?.[0] ?? ""));
    assert.deepEqual(
      sorted,
      [...sorted].sort((a, b) => a - b),
    );
    assert.deepEqual(
      log
        .split("\n")
        .filter(
          (text) =>
            text !== "" &&
            !/^([A-Z][a-z]{2} [ \d]\d \S+ master1 heartbeat: \[\d+\]: |\d{4}\/\d\d\/\d\d_\S+ {2}[\w-]+\(default\)\[\d+\]: {4})(\w+: |received ip-request-resp )/.test(
              text,
            ),
        ),
      [],
    );
  });
});

async function settledOn(lab: Lab, name: Name): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await Promise.all(SEED_ADDRESSES.map((one) => lab.holders(one)))).every((held) => held.join() === name)) {
    assert.ok(performance.now() < end, `${name} does not hold everything`);
    await sleep(100);
  }
}
