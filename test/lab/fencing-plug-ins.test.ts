/** Plug-ins of cluster-glue, unchanged, under our daemon: meatware, which waits for a person, and external/ssh. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES } from "../../src/lab/seed.js";
import { FIRST, pairFiles, SECOND, settled, snapshotOf, tellLogs } from "./our-pair.js";
import { powerSwitch } from "./power-switch.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();
const timeout = 300_000;
const skip = originalSkip("PLUG-INS OF CLUSTER-GLUE", original);
const withClusterGlue = (): DaemonPlan => ({
  ...ourDaemon(),
  packages: original.kind === "unpacked" ? [original.root] : [],
});

describe("a pair of ours with meatware", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    const lines = ["stonith_host * meatware master1 master2", "fence_delay 0"];
    lab = await openLab({ files: pairFiles({ lines }), daemon: withClusterGlue() });
    probe = await lab.probe(SEED_ADDRESSES);
    await lab.start();
    await settled(lab, probe);
  });
  after(async () => {
    if (lab !== undefined) await tellLogs(lab);
    await lab?.close();
  });

  test("nothing of a silent node is taken before a person has typed meatclient -c, and then at once", async () => {
    const survivor = lab.node("master1");
    await lab.node("master2").crash();
    await survivor.logged(/Resetting node master2 with \[stonith meatware\]/);
    await sleep(2_000);
    assert.deepEqual(await lab.holders(SECOND), []);
    const { groups, alerts } = await snapshotOf(survivor);
    assert.ok(
      groups.some(({ because }) => because === "awaiting-fencing (master2)"),
      JSON.stringify(groups),
    );
    assert.match(alerts.join("\n"), /waiting for fencing of master2: stonith meatware is at it/);
    const confirm = async (): Promise<boolean> => (await survivor.run("echo y | meatclient -c master2")).code === 0;
    await until("meatclient to find the waiting plug-in", 30_000, confirm, 500);
    await probe.answeredBy(SECOND, "master1");
    await survivor.logged(/node master2 now reset\./);
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });
});

/** Stands in for the way to the other machine: it writes down its call, and somebody pulls that machine's plug. */
const SSH = `#!/bin/sh
echo "$*" >>/var/log/ssh-calls
while [ "$1" != root ]; do shift; done
rm -f /run/switched; echo "$2" >/run/switch
for i in $(seq 100); do [ ! -e /run/switched ] || exit 0; sleep 0.1; done
exit 255
`;

describe("a pair of ours with external/ssh", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  let power: ReturnType<typeof powerSwitch>;
  before(async () => {
    const lines = ["stonith_host * external/ssh hostlist=master1,master2", "fence_delay 2"];
    const extra = { "/usr/bin/ssh": { content: SSH, mode: 0o755 } };
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

  test("the silent node is rebooted by ssh before its address is taken, and the other one never", async () => {
    await lab.cut("master1:ens33");
    await probe.answeredBy(SECOND, "master1");
    await probe.answeredBy(FIRST, "master1");
    assert.deepEqual(power.cut, ["master2 by master1"]);
    const calls = (await lab.node("master1").read("/var/log/ssh-calls")).trim().split("\n");
    assert.equal(calls.length, 1, calls.join("\n"));
    assert.match(calls[0] ?? "", /-l root master2 .*reboot -nf/);
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });
});
