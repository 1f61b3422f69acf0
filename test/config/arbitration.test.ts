import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConfig } from "../../src/config/check.js";

const base = [
  "logfile /var/log/ha-log",
  "keepalive 1",
  "deadtime 10",
  "auto_failback on",
  "bcast ens33",
  "bcast ens34",
  "cluster web",
  "node master1 master2",
];

const usualResources = "master1 10.0.0.1/24/ens38 nginx\nmaster2 10.0.0.2/24/ens38\n";

function checkWith(haresources: string, ...lines: readonly string[]) {
  return checkConfig({
    files: {
      haCf: { path: "ha.cf", text: `${[...base, ...lines].join("\n")}\n` },
      authkeys: { path: "authkeys", text: "auth 1\n1 sha1 a-long-and-random-secret\n", mode: 0o600 },
      haresources: { path: "haresources", text: haresources },
    },
    host: { unameNode: "master1" },
  });
}
const check = (...lines: readonly string[]) => checkWith(usualResources, ...lines);
const codes = (...lines: readonly string[]) =>
  check(...lines)
    .problems.map((problem) => problem.code)
    .filter((code) => code !== "initdead-short");
const settings = (...lines: readonly string[]) => {
  const { config, problems } = check(...lines);
  assert.ok(config !== undefined, JSON.stringify(problems));
  return config;
};
const policies = (...lines: readonly string[]) =>
  settings(...lines).settings.groups.map(({ policy, takeoverDelay }) => `${policy} ${takeoverDelay}`);

test("without a directive of ours silence is enough, and the address is asked for", () => {
  const { arbitration } = settings().settings;
  assert.deepEqual(policies(), ["takeover-on-silence 0", "takeover-on-silence 0"]);
  assert.equal(arbitration.leaseTime, undefined);
  assert.equal(arbitration.askAddress, true);
  assert.equal(arbitration.pingQuorum, false);
});

test("a means that is configured is used: an arbiter's lease, else fencing", () => {
  assert.deepEqual(policies("arbiter witness 10.9.9.9"), ["lease 0", "lease 0"]);
  assert.deepEqual(policies("stonith_host * null master1 master2"), ["fence-first 0", "fence-first 0"]);
  assert.deepEqual(policies("stonith_host * null master1 master2", "arbiter disk /dev/sdb1"), ["lease 0", "lease 0"]);
});

test("takeover_policy is about all groups, or about those it names, and may wait", () => {
  assert.deepEqual(policies("takeover_policy manual"), ["manual 0", "manual 0"]);
  assert.deepEqual(
    policies("takeover_policy takeover-on-silence after 2s", "takeover_policy manual 10.0.0.2/24/ens38"),
    ["takeover-on-silence 2000", "manual 0"],
  );
});

test("a witness has a numeric address and, if need be, a port", () => {
  const at = (text: string) => settings(`arbiter witness ${text}`).arbiter;
  assert.deepEqual(at("10.9.9.9"), { kind: "witness", address: "10.9.9.9", port: 7694 });
  assert.deepEqual(at("10.9.9.9:700"), { kind: "witness", address: "10.9.9.9", port: 700 });
  assert.deepEqual(at("2001:db8::9"), { kind: "witness", address: "2001:db8::9", port: 7694 });
  assert.deepEqual(at("[2001:db8::9]:700"), { kind: "witness", address: "2001:db8::9", port: 700 });
});

test("a lease lasts for deadtime, at least 100 ms, or for what lease_time says", () => {
  assert.equal(settings("arbiter witness 10.9.9.9").settings.arbitration.leaseTime, 10_000);
  assert.equal(settings("arbiter witness 10.9.9.9", "lease_time 500ms").settings.arbitration.leaseTime, 500);
  assert.equal(settings("clock_drift 500ppm").settings.arbitration.clockDrift, 0.0005);
});

test("everything that cannot work is said, at its place", () => {
  assert.deepEqual(codes("arbiter witness third.example"), ["bad-arbiter"]);
  assert.deepEqual(codes("arbiter oracle 10.9.9.9"), ["bad-arbiter"]);
  assert.deepEqual(codes("arbiter disk sdb1"), ["bad-arbiter"]);
  assert.deepEqual(codes("arbiter witness"), ["bad-arbiter"]);
  assert.deepEqual(codes("arbiter witness 10.9.9.9:0"), ["bad-arbiter"]);
  assert.deepEqual(codes("arbiter witness 10.9.9.9", "arbiter disk /dev/sdb"), ["arbiter-repeated"]);
  assert.deepEqual(codes("lease_time 50ms", "arbiter witness 10.9.9.9"), ["lease-too-short"]);
  assert.deepEqual(codes("lease_time 20", "arbiter witness 10.9.9.9"), ["lease-long"]);
  assert.deepEqual(codes("lease_time 2"), ["lease-without-arbiter"]);
  assert.deepEqual(codes("takeover_policy lease"), ["policy-without-means"]);
  assert.deepEqual(codes("takeover_policy fence-first"), ["policy-without-means"]);
  assert.deepEqual(codes("takeover_policy leas"), ["bad-policy"]);
  assert.deepEqual(codes("takeover_policy manual after soon"), ["bad-policy"]);
  assert.deepEqual(codes("takeover_policy manual 10.0.0.3/24/ens38"), ["unknown-group"]);
  assert.deepEqual(codes("ping_quorum on"), ["quorum-without-ping"]);
  assert.deepEqual(codes("clock_drift 20%"), ["bad-drift"]);
});

test("who may lose a lease while a file system is mounted is told to give it time", () => {
  const resources = "master1 10.0.0.1/24/ens38 Filesystem::/dev/sdb1::/srv\nmaster2 10.0.0.2/24/ens38 nginx\n";
  const found = (...lines: readonly string[]) =>
    checkWith(resources, ...lines)
      .problems.filter(({ code }) => code === "storage-without-delay")
      .map(({ hint }) => hint);
  assert.match(found("arbiter witness 10.9.9.9").join(), /takeover_policy lease after 10s 10\.0\.0\.1\/24\/ens38/);
  assert.deepEqual(found("arbiter witness 10.9.9.9", "takeover_policy lease after 10s"), []);
  assert.deepEqual(found("arbiter witness 10.9.9.9", "takeover_policy manual 10.0.0.1/24/ens38"), []);
  assert.deepEqual(found(), []);
});
