import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emptyRoot, home, type Ran, run } from "./pretend-daemon.js";

const check = (...args: readonly string[]): Promise<Ran> =>
  run("/usr/bin/env", ["node", join(home, "dist/test/cli/heartbeat-main.js"), "check", ...args], {});

function configuration(directory: string, deadtime: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "ha.cf"), `deadtime ${deadtime}\nnode a b\n`);
  writeFileSync(join(directory, "authkeys"), "auth 1\n1 sha1 some-secret-word\n", { mode: 0o600 });
  writeFileSync(join(directory, "haresources"), "a 10.0.0.1\n");
  return directory;
}

test("check --against a directory says what is different, and ends with 0 or 1", async () => {
  const root = emptyRoot();
  const [one, two, three] = [
    ["one", "5"],
    ["two", "5000ms"],
    ["three", "8"],
  ].map(([name = "", deadtime = ""]) => configuration(join(root, name), deadtime));
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  assert.deepEqual(await check("-c", one, "--against", two), {
    stdout: `${one} and ${two} mean the same\n`,
    stderr: "",
    exit: 0,
  });
  const differs = await check("-c", one, "--against", three);
  assert.equal(differs.exit, 1);
  assert.match(differs.stdout, /^ha\.cf: deadtime\n {4}here: 5\n {4}\S+three: 8\n {4}Each of ours judges by its own/);
  rmSync(root, { recursive: true });
});

test("check --against a git revision compares with what was committed; authkeys need not be in it", async () => {
  const root = emptyRoot();
  const directory = configuration(join(root, "ha.d"), "5");
  const git = (...words: readonly string[]): void =>
    void execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
      stdio: "pipe",
    });
  git("init", "-q");
  git("add", "ha.cf", "haresources");
  git("commit", "-qm", "as it ran");
  assert.equal((await check("-c", directory, "--against", "HEAD")).exit, 0);
  configuration(directory, "6");
  const differs = await check("-c", directory, "--against", "HEAD", "--json");
  assert.equal(differs.exit, 1);
  assert.deepEqual(
    (JSON.parse(differs.stdout) as { differences: { what: string; there: string }[] }).differences.map(
      ({ what, there }) => [what, there],
    ),
    [["deadtime", "5"]],
  );
  const nowhere = await check("-c", directory, "--against", "no-such-thing");
  assert.equal(nowhere.exit, 5);
  assert.match(nowhere.stderr, /neither a directory nor a git revision/);
  rmSync(root, { recursive: true });
});
