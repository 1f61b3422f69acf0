import assert from "node:assert/strict";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { groupName, nodeName } from "../../src/core/names.js";
import { groupId } from "../../src/core/report.js";
import { milliseconds } from "../../src/core/time.js";
import { type DiskArbiter, openDiskArbiter } from "../../src/io/disk-arbiter.js";
import { format, sharedFile } from "./disk-storage.js";
import { until } from "./temporary.js";

const web = groupId(groupName("web"));
const lease = 2_000;

/** A node on a shared file. Claims are repeated as the core does. */
class Node {
  readonly arbiter: DiskArbiter;
  verdict: LeaseVerdict | undefined;
  why: string | undefined;
  #request = 0;

  constructor(path: string, name: string) {
    const lock = join(path, `../${name}.lock`);
    const settings = { path, node: nodeName(name), leaseTime: milliseconds(lease), lock, priority: undefined };
    this.arbiter = openDiskArbiter(settings);
    this.arbiter.onTrouble((why) => {
      this.why = why;
    });
    this.arbiter.onAnswer((_, verdicts) => {
      this.verdict = verdicts.get(web) ?? this.verdict;
    });
  }

  /** Claims until the verdict is as wanted. @returns when the claim was made that got it. */
  async insist(kind: LeaseVerdict["kind"]): Promise<number> {
    for (const end = performance.now() + 20_000; performance.now() < end; ) {
      const claimedAt = performance.now();
      this.verdict = undefined;
      this.arbiter.claim(++this.#request, [web]);
      for (let i = 0; i < 50 && this.verdict === undefined; i++) await sleep(10);
      if ((this.verdict as LeaseVerdict | undefined)?.kind === kind) return claimedAt;
      await sleep(20);
    }
    return assert.fail(`never ${kind}, but ${JSON.stringify(this.verdict)}; trouble: ${this.why}`);
  }
}

async function pair(t: TestContext): Promise<{ readonly alpha: Node; readonly bravo: Node; readonly file: string }> {
  const { path, file, close } = sharedFile();
  await format(path, ["alpha", "bravo"]);
  const [alpha, bravo] = [new Node(path, "alpha"), new Node(path, "bravo")];
  t.after(() => {
    alpha.arbiter.close();
    bravo.arbiter.close();
    close();
  });
  return { alpha, bravo, file };
}

describe("the disk process of a daemon", { concurrency: 2 }, () => {
  it("killed, is started anew, and its node keeps its lease", { timeout: 60_000 }, async (t) => {
    const { alpha, bravo } = await pair(t);
    await alpha.insist("granted");
    for (let round = 0; round < 3; round++) {
      const { pid } = alpha.arbiter;
      assert.ok(pid !== undefined);
      process.kill(pid, "SIGKILL");
      await until(() => alpha.arbiter.pid !== pid && alpha.arbiter.pid !== undefined);
      await alpha.insist("granted");
      await bravo.insist("held");
    }
  });

  it("killed for good, leaves a lease that runs out and not earlier", { timeout: 60_000 }, async (t) => {
    const { alpha, bravo } = await pair(t);
    const claimedAt = await alpha.insist("granted");
    alpha.arbiter.close();
    await bravo.insist("granted");
    assert.ok(performance.now() >= claimedAt + lease, "granted too early");
  });

  it("says what is wrong with a file that was cut, and grants nothing", { timeout: 60_000 }, async (t) => {
    const { alpha, bravo, file } = await pair(t);
    await alpha.insist("granted");
    truncateSync(file, 0);
    await alpha.insist("refused");
    await bravo.insist("refused");
    assert.match(alpha.why ?? "", /no lease area/);
    await format(file, ["alpha", "bravo"], true);
    await bravo.insist("granted");
  });
});
