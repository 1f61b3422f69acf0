/** Never two holders with a disk as the arbiter: real daemons and one block device that both nodes reach, whatever happens to their links. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import type { Lab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { format, loopDevice, loopSkip } from "../io/disk-storage.js";
import {
  begin,
  CALM,
  cutAll,
  FIRST,
  gapOf,
  inLab,
  linesOf,
  NAMES,
  oneHolder,
  pairFiles,
  pairTopology,
  SECOND,
  snapshotOf,
} from "./our-pair.js";
import { labSkip } from "./support.js";

const DISK = "/run/lease-disk";

/** Opens a lab whose two nodes have the same disk; nothing but the disk and their links connects them. */
async function onOneDisk(lines: readonly string[], body: (lab: Lab, probe: ProbeRun) => Promise<void>): Promise<void> {
  const device = loopDevice();
  try {
    await format(device.path, NAMES);
    const number = statSync(device.path).rdev;
    const files = pairFiles({ ...CALM, lines: [`arbiter disk ${DISK}`, ...lines] });
    await inLab({ files, topology: pairTopology() }, async (lab) => {
      for (const name of NAMES)
        await lab.node(name).run(`mknod -m 600 ${DISK} b ${(number >> 8) & 0xfff} ${number & 0xff}`);
      const probe = await begin(lab);
      for (const name of NAMES) await usesDisk(lab.node(name));
      await body(lab, probe);
    });
  } finally {
    device.close();
  }
}

/** The disk process is slow to start on a busy machine; the pair has its addresses before that, by agreement. */
const usesDisk = (node: Node): Promise<unknown> =>
  until(`${node.name} to use the disk`, 40_000, async () => {
    const { arbiter } = await snapshotOf(node);
    return arbiter?.silentFor === null && (await linesOf(node, /disk \S+ is usable/)).length > 0;
  });

/** Stops the disk process of the node. */
async function stopDiskProcess(node: Node): Promise<void> {
  const found = (await node.processes()).find(({ command }) => /disk lease/.test(command));
  assert.ok(found !== undefined, "a disk process");
  await node.run(`kill -STOP ${found.pid}`);
}

describe("a pair with a disk as its arbiter", { skip: labSkip() || loopSkip() || false, timeout: 600_000 }, () => {
  test("every link is cut while both reach the disk: nothing moves; a crash then is still taken over", () =>
    onOneDisk(["lease_time 3s"], async (lab, probe) => {
      await cutAll(lab);
      await sleep(5_000);
      for (const [name, address] of [
        ["master1", FIRST],
        ["master2", SECOND],
      ] as const)
        assert.ok(await lab.node(name).holds(address), `${name} holds ${address} on`);
      const groups = (await snapshotOf(lab.node("master2"))).groups;
      assert.match(groups.find(({ name }) => name.includes(FIRST))?.because ?? "", /lease-held/);
      const crashedAt = performance.now();
      await lab.node("master1").crash();
      await probe.answeredBy(FIRST, "master2", 30_000);
      console.log(`# taken over ${Math.round(performance.now() - crashedAt)} ms after the crash (lease 3 s)`);
      assert.ok((await gapOf(probe, SECOND, crashedAt)) < 1_000);
      oneHolder(probe);
    }));

  test("a node that has lost its links and whose disk process is stopped gives up before the other one takes over", () =>
    onOneDisk(["lease_time 3s"], async (lab, probe) => {
      await stopDiskProcess(lab.node("master1"));
      await cutAll(lab);
      await until("master1 to give up", 30_000, async () => !(await lab.node("master1").holds(FIRST)));
      await until("master2 to take over", 30_000, async () => lab.node("master2").holds(FIRST));
      const gaveUp = (await linesOf(lab.node("master1"), /Giving up/)).join("\n");
      assert.match(gaveUp, /its lease has run out/);
      oneHolder(probe);
    }));
});
