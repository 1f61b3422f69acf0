/** STONITH with cluster-glue's `stonith` and its plug-ins, with a fence agent, and beside an original that fences too. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { run, until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { NodeFiles } from "../../src/lab/node.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { checkout } from "../../src/lab/tree.js";
import { FIRST, linesOf, type Name, pairFiles, SECOND, settled, snapshotOf, tellLogs } from "./our-pair.js";
import { powerSwitch } from "./power-switch.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();
const timeout = 600_000;

const skip = originalSkip("FENCING", original);

/** Ours, on a machine that has cluster-glue (it comes with the original). */
const withClusterGlue = (...more: readonly string[]): DaemonPlan => ({
  ...ourDaemon(),
  packages: [...(original.kind === "unpacked" ? [original.root] : []), ...more],
});

/** A plug-in with a wire of its own to the other machine's power switch: it leaves word, and somebody pulls the plug. */
const PLUG_IN = `#!/bin/sh
case $1 in
gethosts) echo master1; echo master2;;
getconfignames) echo hostlist;;
reset) [ ! -e /etc/switch-is-broken ] || { echo "no answer from the power switch" >&2; exit 1; }
  rm -f /run/switched; echo "$2" >/run/switch
  for i in $(seq 100); do [ ! -e /run/switched ] || exit 0; sleep 0.1; done; exit 1;;
getinfo-xml) echo "<parameters></parameters>";;
status|getinfo-*) echo lab;;
*) exit 1;;
esac
`;

describe("a pair of ours with a plug-in that really cuts the power", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  let power: ReturnType<typeof powerSwitch>;
  before(async () => {
    const lines = ["stonith_host * external/lab hostlist=master1,master2", "fence_delay 1", "fence_retry 1"];
    const extra = { "/usr/lib/stonith/plugins/external/lab": { content: PLUG_IN, mode: 0o755 } };
    lab = await openLab({ files: pairFiles({ lines, extra }), daemon: withClusterGlue() });
    power = powerSwitch(lab);
    probe = await lab.probe(SEED_ADDRESSES);
    await lab.start();
    await settled(lab, probe);
  });
  after(async () => {
    await power?.stop();
    if (lab !== undefined) await tellLogs(lab);
    await lab?.close();
  });

  test("every heartbeat link is cut and both live: one is reset before its address is taken, the other never", async () => {
    await lab.cut("master1:ens33");
    await probe.answeredBy(SECOND, "master1");
    await probe.answeredBy(FIRST, "master1");
    assert.deepEqual(power.cut, ["master2 by master1"]);
    assert.equal((await linesOf(lab.node("master1"), /node master2 now reset\./)).length, 1);
    await lab.heal();
    await lab.node("master2").revive();
    await settled(lab, probe);
  });

  test("a holder that hangs and whose kernel goes on answering is reset before its address is taken", async () => {
    power.cut.length = 0;
    await lab.node("master1").freeze();
    await probe.answeredBy(FIRST, "master2");
    assert.deepEqual(power.cut, ["master1 by master2"]);
    await lab.node("master1").revive();
    await settled(lab, probe);
  });

  test("while the device fails nothing is taken over; an operator's word stands in for it, and is kept", async () => {
    const survivor = lab.node("master2");
    await survivor.write({ "/etc/switch-is-broken": "" });
    await lab.node("master1").crash();
    await survivor.logged(/CRIT: master1 is silent and not fenced \[stonith external\/lab\]/);
    await sleep(1_500);
    assert.deepEqual(await lab.holders(FIRST), []);
    assert.ok((await linesOf(survivor, /ERROR: STONITH of master1 failed\. {2}Retrying/)).length >= 1);
    const { alerts, groups } = await snapshotOf(survivor);
    assert.ok(
      alerts.some((alert) => alert.startsWith("waiting for fencing of master1: ")),
      alerts.join("\n"),
    );
    assert.equal(groups[0]?.because, "awaiting-fencing (master1)");
    const { code, stdout, stderr } = await survivor.run(
      survivor.daemon.status.replace(/status$/, "confirm master1 dead"),
    );
    assert.equal(code, 0, stdout + stderr);
    await probe.answeredBy(FIRST, "master2");
    assert.match(await survivor.read("/var/log/heartbeat.jsonl"), /"confirmed-dead".*root \(uid 0\)/);
  });

  test("at no time did two nodes answer for one address", () => {
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });
});

/** A stand-in for ipmitool: it remembers what it was asked, and its chassis. */
const IPMITOOL = `#!/bin/sh
echo "$*" >>/var/log/ipmitool
case "$*" in
*"power status"*) echo "Chassis Power is $(cat /run/chassis 2>/dev/null || echo on)";;
*"power off"*) echo off >/run/chassis; echo "Chassis Power Control: Down/Off";;
*"power on"*) echo on >/run/chassis; echo "Chassis Power Control: Up/On";;
esac
`;

describe("a fence agent of Debian, and the plug-in that pretends", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    const agents = await run([`${checkout}/scripts/fence-agents.sh`], { timeout: 600_000 });
    assert.equal(agents.code, 0, agents.stderr);
    const device: Readonly<Record<Name, string>> = {
      master1: "stonith_host * null master1 master2",
      master2: "stonith fence_ipmilan /etc/ha.d/fence-master1",
    };
    const secrets =
      "ip=172.30.107.11\nusername=heartbeat\npassword=not-to-be-seen\nipmitool_path=/usr/local/sbin/ipmitool\npcmk_host_list=master1\n";
    const extra = {
      "/usr/local/sbin/ipmitool": { content: IPMITOOL, mode: 0o755 },
      "/etc/ha.d/fence-master1": { content: secrets, mode: 0o600 },
    };
    const base = pairFiles({ lines: ["fence_delay 0"], extra });
    const files = (name: Name): NodeFiles => ({ ...base[name], haCf: `${base[name].haCf}${device[name]}\n` });
    lab = await openLab({
      files: { master1: files("master1"), master2: files("master2") },
      daemon: withClusterGlue(agents.stdout.trim()),
    });
    probe = await lab.probe(SEED_ADDRESSES);
    await lab.start();
    await settled(lab, probe);
  });
  after(async () => {
    if (lab !== undefined) await tellLogs(lab);
    await lab?.close();
  });

  test("fence_ipmilan gets its parameters on standard input and resets the silent node before the takeover", async () => {
    await lab.node("master1").crash();
    await probe.answeredBy(FIRST, "master2");
    assert.match(await lab.node("master2").read("/var/log/ipmitool"), /-U heartbeat .*power off\n[\s\S]*power on/);
    assert.doesNotMatch(await lab.node("master2").log(), /not-to-be-seen/);
    await lab.node("master1").revive();
    await settled(lab, probe);
  });

  test("stonith_host * null: the survivor takes over after the pretended reset", async () => {
    await lab.node("master2").crash();
    await probe.answeredBy(SECOND, "master1");
    const lines = await linesOf(
      lab.node("master1"),
      /Resetting node master2 with \[stonith null\]|node master2 now reset\./,
    );
    assert.equal(lines.length, 2, lines.join("\n"));
  });
});

describe("ours and an original that both fence with null", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    const timing = { keepalive: "200ms", deadtime: "2", warntime: "1", initdead: "10" };
    const base = seedFiles(timing);
    const fencing = "stonith_host * null master1 master2\n";
    const files = Object.fromEntries(
      Object.entries(base).map(([name, one]) => [name, { ...one, haCf: `${one.haCf}\n${fencing}` }]),
    );
    const daemon = (name: string): DaemonPlan => (name === "master1" ? withClusterGlue() : originalDaemon(original));
    lab = await openLab({ files, daemon });
    probe = await lab.probe(SEED_ADDRESSES);
    await lab.start();
    await probe.answeredBy(FIRST, "master1");
    await probe.answeredBy(SECOND, "master2");
  });
  after(async () => {
    if (lab !== undefined) await tellLogs(lab);
    await lab?.close();
  });

  test("ours resets the original before it takes over", async () => {
    const quiet = async () => !/transition/.test((await lab.node("master2").run("cl_status rscstatus")).stdout);
    await until("the original to be stable", 60_000, quiet, 250);
    await lab.node("master2").crash();
    await probe.answeredBy(SECOND, "master1");
    assert.equal((await linesOf(lab.node("master1"), /node master2 now reset\./)).length, 1);
    await lab.node("master2").revive();
    await probe.answeredBy(SECOND, "master2");
  });

  test("the original resets ours before it takes over", async () => {
    const quiet = async () => !/transition/.test((await lab.node("master2").run("cl_status rscstatus")).stdout);
    await until("the original to be stable", 60_000, quiet, 250);
    await lab.node("master1").crash();
    await probe.answeredBy(FIRST, "master2");
    assert.equal((await linesOf(lab.node("master2"), /node master1 now reset\./)).length, 1);
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });
});
