import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Finding } from "../../src/doctor/finding.js";
import { emptyRoot, home, pretendDaemon, type Ran, run } from "./pretend-daemon.js";
import { pair } from "./snapshots.js";

const doctor = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> =>
  run("/usr/bin/env", ["node", join(home, "dist/test/cli/heartbeat-main.js"), "doctor", ...args], env);
const host = { TEST_HOST: "master1", TEST_INTERFACES: "ens33=172.30.106.101/24 ens38=172.30.105.12/24" };

/** A directory with three good files. */
function configuration(root: string): string {
  const directory = join(root, "ha.d");
  mkdirSync(directory);
  writeFileSync(
    join(directory, "ha.cf"),
    "logfile /var/log/ha-log\nkeepalive 1\ndeadtime 5\nwarntime 3\ninitdead 10\nudpport 694\nucast ens33 172.30.106.102\nucast ens38 172.30.105.13\nauto_failback on\nnode master1 master2\n",
  );
  writeFileSync(join(directory, "authkeys"), "auth 1\n1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju\n", { mode: 0o600 });
  writeFileSync(join(directory, "haresources"), "master1 IPaddr::172.30.105.201/24/ens38\n");
  return directory;
}

test("doctor ends with 0, 1 or 2: nothing, warnings, errors; the worst is said first, and the sum last", async () => {
  const root = emptyRoot();
  const directory = configuration(root);
  const ran = await doctor(["-c", directory], { ...host, HEARTBEAT_ROOT: root });
  assert.deepEqual([ran.exit, ran.stderr], [0, ""]);
  assert.match(
    ran.stdout,
    /^note heartbeat does not run on this node\. {2}\[not-running\]\n {4}What .*\n {4}-> heartbeat /,
  );
  assert.match(ran.stdout, /\nno errors, no warnings, 1 note\n$/);
  writeFileSync(join(directory, "haresource"), "");
  chmodSync(join(directory, "authkeys"), 0o644);
  const worse = await doctor(["-c", directory, "--json"], { ...host, HEARTBEAT_ROOT: root });
  assert.equal(worse.exit, 2);
  const { findings } = JSON.parse(worse.stdout) as { readonly findings: readonly Finding[] };
  assert.equal(findings[0]?.severity, "error");
  assert.match(findings[0]?.what ?? "", /Bad permissions on keyfile/);
  rmSync(root, { recursive: true });
});

test("doctor asks a running daemon twice, and takes what grew meanwhile for a trouble of now", async () => {
  let asked = 0;
  const daemon = await pretendDaemon((_, reply) => {
    asked++;
    const counters = { "bad-digest": 100 + (asked > 1 ? 3 : 0), "bad-node": 9 };
    reply({ kind: "snapshot", snapshot: { ...pair, counters } });
  });
  const ran = await doctor(["-c", configuration(daemon.root)], { ...host, HEARTBEAT_ROOT: daemon.root });
  await daemon.close();
  assert.equal(asked, 2);
  assert.equal(ran.exit, 1);
  assert.match(ran.stdout, /WARNING Heartbeats arrive that our keys do not fit \(bad-digest: 103\)/);
  assert.doesNotMatch(ran.stdout, /strangers-on-the-wire/, "that was some other time");
});

test("a daemon that does not answer is said, and the rest is looked at all the same", async () => {
  const daemon = await pretendDaemon((_, reply) => reply({ kind: "error", code: "not-permitted", text: "root only" }));
  const ran = await doctor(["-c", configuration(daemon.root)], { ...host, HEARTBEAT_ROOT: daemon.root });
  await daemon.close();
  const unseen = "not looked at: what the daemon has heard of the others (root only)";
  assert.deepEqual([ran.exit, ran.stdout], [0, `${unseen}\n\nno errors, no warnings, no notes\n`]);
});

const isRoot = process.getuid?.() === 0;
test("authkeys, which only root may read, is no finding for somebody else", {
  skip: isRoot ? "root may read all" : false,
}, async () => {
  const root = emptyRoot();
  const directory = configuration(root);
  chmodSync(join(directory, "authkeys"), 0);
  const ran = await doctor(["-c", directory], { ...host, HEARTBEAT_ROOT: root });
  assert.equal(ran.exit, 0);
  assert.match(ran.stdout, /not looked at: .*authkeys \(this user may not read it\)/);
  rmSync(root, { recursive: true });
});
