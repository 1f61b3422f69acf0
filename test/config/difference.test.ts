import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesBetween } from "../../src/config/difference.js";
import { goodAuthkeys, goodHaCf, goodHaresources } from "./cluster.js";

const files = (haCf = goodHaCf, authkeys: string | undefined = goodAuthkeys, haresources = goodHaresources) => ({
  haCf: { path: "ha.cf", text: haCf },
  authkeys: { path: "authkeys", text: authkeys },
  haresources: { path: "haresources", text: haresources },
});
const told = (there: ReturnType<typeof files>) =>
  differencesBetween(files(), there).map(({ file, what, here, there: other }) => [file, what, here, other]);

test("comments, blanks, the order of lines, units, capitals and short forms make no difference", () => {
  const haCf = [...goodHaCf.trim().split("\n")]
    .reverse()
    .map((line) => `${line}   # said otherwise`)
    .join("\n")
    .replace("keepalive 1 ", "keepalive 1000ms ")
    .replace("node master1", "node MASTER1")
    .replace("auto_failback on", "auto_failback yes");
  const haresources = goodHaresources.replaceAll("IPaddr::", "").replace(" nginx", " \\\n  nginx");
  assert.deepEqual(told(files(haCf, `# ours\n${goodAuthkeys}`, haresources)), []);
});

test("each directive that means something else is named with both words and with what follows", () => {
  const haCf = goodHaCf
    .replace("deadtime 5", "deadtime 8")
    .replace("ucast ens33 172.30.106.102", "ucast ens33 172.30.106.101")
    .replace("node master2", "node master2 master3")
    .replace("logfacility local1\n", "");
  assert.deepEqual(told(files(haCf)), [
    ["ha.cf", "logfacility", "local1", undefined],
    ["ha.cf", "deadtime", "5", "8"],
    ["ha.cf", "ucast", "ens33 172.30.106.102", undefined],
    ["ha.cf", "ucast", undefined, "ens33 172.30.106.101"],
    ["ha.cf", "node", undefined, "master3"],
  ]);
  for (const { consequence } of differencesBetween(files(), files(haCf))) assert.ok(consequence.length > 10);
});

test("the tutorial's two haresources, which differ on purpose, are told with their consequence", () => {
  const theirs = goodHaresources.replace(" nginx", "").replace("202/24/ens38", "202/24/ens38 nginx");
  const found = differencesBetween(files(), files(goodHaCf, goodAuthkeys, theirs));
  assert.deepEqual(
    found.map(({ what, here, there }) => [what, here?.includes("nginx"), there?.includes("nginx")]),
    [
      ["172.30.105.201", true, false],
      ["172.30.105.202", false, true],
    ],
  );
  assert.match(found[0]?.consequence ?? "", /depends on the node that starts it/);
  const lost = differencesBetween(files(), files(goodHaCf, goodAuthkeys, "master2 172.30.105.201/24/ens38 nginx\n"));
  assert.match(lost[0]?.consequence ?? "", /at home somewhere else/);
  assert.match(lost[1]?.consequence ?? "", /not taken over/);
});

test("keys are compared and never shown", () => {
  const secret = "another-secret-word";
  const found = differencesBetween(files(), files(goodHaCf, `auth 2\n1 sha1 ${secret}\n2 md5 ${secret}\n`));
  assert.deepEqual(
    found.map(({ what, here, there }) => [what, here, there]),
    [
      ["auth", "1", "2"],
      ["key 1", "sha1", "sha1, another key"],
      ["key 2", undefined, "md5"],
    ],
  );
  assert.ok(!JSON.stringify(found).includes(secret));
  assert.ok(!JSON.stringify(found).includes(goodAuthkeys.trim().split(" ").at(-1) ?? "?"));
});

test("files with mistakes, and missing ones, are compared as far as they can be read", () => {
  assert.deepEqual(differencesBetween(files("nonsense 7\n"), files("nonsense 7\n")), []);
  const { authkeys: _, ...others } = files();
  const without = { ...others, authkeys: { path: "authkeys", text: undefined } };
  assert.deepEqual(
    differencesBetween(files(), without).map(({ file, here, there }) => [file, here, there]),
    [["authkeys", "(good)", undefined]],
  );
});
