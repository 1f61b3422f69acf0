import assert from "node:assert/strict";
import { it } from "node:test";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { groupName } from "../../src/core/names.js";
import { type GroupId, groupId } from "../../src/core/report.js";
import type { Arbiter } from "../../src/ports/arbiter.js";
import { arbiterContract } from "../contracts/arbiter.js";
import { loopDevice, loopSkip } from "../io/disk-storage.js";
import { onStorage } from "../io/disk-world.js";

const skip = loopSkip();
const web = groupId(groupName("web"));

// The disks of today; two tests at a time, because mostly they wait for leases to run out.
arbiterContract("disk, a loop device with sectors of 4096 bytes", () => onStorage(loopDevice(4096)), skip, 2);

const verdict = (arbiter: Arbiter, group: GroupId): Promise<LeaseVerdict | undefined> =>
  new Promise((done) => {
    arbiter.onAnswer((_, verdicts) => done(verdicts.get(group)));
    arbiter.claim(1, [group]);
  });

it("a device with sectors of 512 bytes gives a lease to one node", {
  skip: skip ?? false,
  timeout: 60_000,
}, async () => {
  const world = await onStorage(loopDevice(512));
  try {
    const [first, second] = world.users;
    assert.deepEqual(await verdict(first.arbiter, web), { kind: "granted" });
    const other = await verdict(second.arbiter, web);
    assert.ok(other?.kind === "held" && other.by === first.node, JSON.stringify(other));
  } finally {
    await world.close();
  }
});
