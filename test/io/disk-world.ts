import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeName } from "../../src/core/names.js";
import { milliseconds } from "../../src/core/time.js";
import { type DiskArbiter, openDiskArbiter } from "../../src/io/disk-arbiter.js";
import { poisonNode } from "../../src/main/disk/remedies.js";
import type { ArbitersUnderTest, ArbiterUser } from "../contracts/arbiter.js";
import { format, type Storage, watchDisk } from "./disk-storage.js";

const names = ["alpha", "bravo", "charlie"] as const;
const lease = 2_000;
const slack = lease / 10;
/** A machine that is slower than this now and then is at times much slower: a claim takes three accesses, and one that is under way before. */
const slowAccess = slack / 20;

/** Waits until the disk process of each has read the disk. */
export const ready = (arbiters: readonly DiskArbiter[]): Promise<unknown> =>
  Promise.all(arbiters.map((arbiter) => new Promise<void>((done) => arbiter.onTrouble((why) => why === "" && done()))));

/** Three nodes on one disk, each with its disk process. */
export async function onStorage(storage: Storage): Promise<ArbitersUnderTest> {
  await format(storage.path, names);
  const users = names.map((name) => {
    const settings = { path: storage.path, node: nodeName(name), leaseTime: milliseconds(lease), priority: 2 };
    return {
      node: nodeName(name),
      arbiter: openDiskArbiter({ ...settings, lock: join(storage.directory, `${name}.lock`) }),
    };
  });
  await ready(users.map(({ arbiter }) => arbiter));
  const stopped = new Set<number>();
  const watch = watchDisk(storage.path);
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  stalls.enable();
  return {
    users: users as unknown as readonly [ArbiterUser, ArbiterUser, ArbiterUser],
    lease,
    slack,
    quiet: 1.3 * lease,
    now: () => performance.now(),
    pass: (duration) => sleep(duration),
    reach(user, isReached) {
      const pid = (user.arbiter as DiskArbiter).pid ?? 0;
      process.kill(pid, isReached ? "SIGCONT" : "SIGSTOP");
      if (isReached) stopped.delete(pid);
      else stopped.add(pid);
    },
    poison: (user, by) => void poisonNode(storage.path, user.node, lease, by),
    loseMemory: () => format(storage.path, names, true),
    hasStalled: () => watch.longest() > slowAccess || stalls.max / 1e6 > slowAccess,
    async close() {
      stalls.disable();
      for (const pid of stopped) process.kill(pid, "SIGCONT");
      for (const { arbiter } of users) arbiter.close();
      await watch.close();
      storage.close();
    },
  };
}
