import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { groupName, nodeName } from "../../src/core/names.js";
import { groupId } from "../../src/core/report.js";
import { milliseconds } from "../../src/core/time.js";
import { AREA } from "../../src/disklease/layout.js";
import { type DiskArbiter, openDiskArbiter } from "../../src/io/disk-arbiter.js";
import type { DiskPicture } from "../../src/main/disk/show.js";
import { sharedFile } from "../io/disk-storage.js";
import { temporaryDirectory } from "../io/temporary.js";
import { type Installation, installation } from "./installation.js";

const lease = 1_000;

interface Desk {
  readonly cluster: Installation;
  readonly path: string;
  /** Opens the arbiter as the disk process of this node would. */
  node(name: string): DiskArbiter;
}

function desk(t: TestContext): Desk {
  const storage = sharedFile();
  t.after(() => storage.close());
  const node = (name: string): DiskArbiter => {
    const lock = `${storage.path}.${name}`;
    const settings = { path: storage.path, node: nodeName(name), leaseTime: milliseconds(lease), lock };
    const arbiter = openDiskArbiter({ ...settings, priority: undefined });
    t.after(() => arbiter.close());
    return arbiter;
  };
  return { cluster: installation(t, ["journal /var/log/journal"]), path: storage.path, node };
}

/** The node has the lease of `svc` as soon as this returns. */
async function holds(arbiter: DiskArbiter): Promise<void> {
  const svc = groupId(groupName("svc"));
  for (let request = 1; request < 500; request++) {
    const kind = await new Promise<string | undefined>((done) => {
      arbiter.onAnswer((_, verdicts) => done(verdicts.get(svc)?.kind));
      arbiter.claim(request, [svc]);
      setTimeout(() => done(undefined), 200);
    });
    if (kind === "granted") return;
  }
  assert.fail("never granted");
}

describe("heartbeat disk", { concurrency: 3 }, () => {
  it("init makes an area of an empty file, and says so a second time without harm", async (t) => {
    const { cluster, path } = desk(t);
    const made = await cluster.run("disk", "init", path);
    assert.equal(made.code, 0, made.error);
    assert.match(made.out, /is a lease area for .*other and 1 resource groups/);
    const before = readFileSync(path);
    const again = await cluster.run("disk", "init", path);
    assert.match(again.out, /already; nothing was missing/);
    assert.deepEqual(readFileSync(path), before);
  });

  it("init does not touch what it does not know, unless it is forced", async (t) => {
    const { cluster, path } = desk(t);
    writeFileSync(path, new Uint8Array(AREA).fill(7));
    const refused = await cluster.run("disk", "init", path);
    assert.equal(refused.code, 1);
    assert.match(refused.error, /nothing was written.*\n--force overwrites/);
    assert.ok(readFileSync(path).every((byte) => byte === 7));
    assert.equal((await cluster.run("disk", "init", path, "--force")).code, 0);
  });

  it("init refuses a directory and what is too small, and writes into neither", async (t) => {
    const { cluster } = desk(t);
    const directory = temporaryDirectory();
    assert.match((await cluster.run("disk", "init", directory)).error, /neither a file nor a block device/);
    writeFileSync(`${directory}/small`, "data");
    assert.match((await cluster.run("disk", "init", `${directory}/small`)).error, /too small/);
    assert.equal(readFileSync(`${directory}/small`, "utf8"), "data");
    assert.equal((await cluster.run("disk", "show", "/dev/no-such-disk")).code, 5);
    assert.ok(!existsSync("/dev/no-such-disk"));
  });

  it("init --force refuses while a node uses the area", async (t) => {
    const { cluster, path, node } = desk(t);
    await cluster.run("disk", "init", path);
    await holds(node("other"));
    const refused = await cluster.run("disk", "init", path, "--force");
    assert.equal(refused.code, 1, refused.out);
    assert.match(refused.error, /other uses it now; stop heartbeat there first/);
  });

  it("show says who holds and who is silent, for people and as JSON", async (t) => {
    const { cluster, path, node } = desk(t);
    assert.match((await cluster.run("disk", "show", path)).error, /no lease area; heartbeat disk init/);
    await cluster.run("disk", "init", path);
    await holds(node("other"));
    const shown = await cluster.run("disk", "show", path, "--json");
    const { nodes, groups } = JSON.parse(shown.out) as DiskPicture;
    assert.deepEqual(
      nodes.map(({ name, writes, damaged }) => [name === "other", writes, damaged]),
      [
        [false, false, false],
        [true, true, false],
      ],
    );
    assert.deepEqual([groups.length, groups[0]?.holder, groups[0]?.term, groups[0]?.state], [1, "other", 1, "silent"]);
    assert.match((await cluster.run("disk", "show", path)).out, /other, term 1: not renewed \(runs out after 1 s\)/);
  });

  it("release needs --yes, refuses what is renewed, and leaves its trace in log and journal", async (t) => {
    const { cluster, path, node } = desk(t);
    await cluster.run("disk", "init", path);
    assert.match((await cluster.run("disk", "release", path, "svc", "--yes")).error, /nobody has had a lease of svc/);
    const other = node("other");
    await holds(other);
    let request = 1_000;
    const renewing = setInterval(() => other.claim(++request, [groupId(groupName("svc"))]), 50);
    const renewed = await cluster.run("disk", "release", path, "svc", "--yes");
    clearInterval(renewing);
    assert.equal(renewed.code, 1);
    assert.match(renewed.error, /other is alive and renews its lease of svc/);
    other.close();
    const unsure = await cluster.run("disk", "release", path, "svc");
    assert.equal(unsure.code, 1);
    assert.match(unsure.error, /Make sure that other is off/);
    assert.doesNotMatch(cluster.log(), /released by/);
    const done = await cluster.run("disk", "release", path, "svc", "--yes");
    assert.equal(done.code, 0, done.error);
    assert.match(cluster.log(), /WARN: lease of svc \(other, term 1\) on .* released by/);
    assert.match(cluster.read("var/log/journal"), /"disk-release".*"holder":"other"/);
    assert.match((await cluster.run("disk", "release", path, "svc", "--yes")).out, /released already/);
  });

  it("poison reaches a node that lives, and says so when it does not", async (t) => {
    const { cluster, path, node } = desk(t);
    await cluster.run("disk", "init", path);
    assert.match((await cluster.run("disk", "poison", path, "nobody")).error, /nobody is not on .*; there are /);
    assert.match((await cluster.run("disk", "poison", path, "other")).error, /other has never written/);
    const other = node("other");
    await holds(other);
    const poisoned = new Promise<string>((done) => other.onPoison(done));
    const taken = await cluster.run("disk", "poison", path, "other");
    assert.equal(taken.code, 0, taken.error);
    assert.match(taken.out, /other took the poison after \d+ ms/);
    assert.match(await poisoned, /@/);
    other.close();
    const late = await cluster.run("disk", "poison", path, "other", "--timeout", "0.3");
    assert.equal(late.code, 2);
    assert.match(late.error, /did not take the poison within 0\.3 s/);
    assert.equal(cluster.log().match(/WARN: other poisoned on /g)?.length, 2);
    assert.match(cluster.read("var/log/journal"), /"disk-poison"/);
  });
});
