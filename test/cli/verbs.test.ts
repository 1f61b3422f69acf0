import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAll } from "../../src/cli/config-files.js";
import { isVerb } from "../../src/cli/program.js";
import { defaultWitnessPort } from "../../src/config/arbitration.js";
import type { ControlAnswer } from "../../src/control/protocol.js";
import type { Snapshot } from "../../src/control/snapshot.js";
import { emptyRoot, home, pretendDaemon, type Ran, run, type Script } from "./pretend-daemon.js";
import { pair } from "./snapshots.js";

const heartbeat = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  run("/usr/bin/env", ["node", join(home, "dist/test/cli/heartbeat-main.js"), ...args], env);

async function against(script: Script, args: readonly string[]) {
  const daemon = await pretendDaemon(script);
  const ran = await heartbeat(args, { HEARTBEAT_ROOT: daemon.root });
  await daemon.close();
  return { ...ran, requests: daemon.requests };
}
const wish = (outcome: "running" | "completed" | "refused" | "failed", text: string): ControlAnswer => ({
  kind: "wish",
  outcome,
  text,
});

test("status --json is the daemon's snapshot, unchanged", async () => {
  const ran = await against((_, reply) => reply({ kind: "snapshot", snapshot: pair }), ["status", "--json"]);
  assert.equal(ran.exit, 0);
  assert.deepEqual(JSON.parse(ran.stdout) as Snapshot, pair);
});

test("status on a pipe has no colours and names the holder of each group", async () => {
  const ran = await against((_, reply) => reply({ kind: "snapshot", snapshot: pair }), ["status", "--links"]);
  assert.equal(ran.exit, 0);
  assert.ok(!ran.stdout.includes("\x1b"));
  assert.match(ran.stdout, /IPaddr::172\.30\.105\.201\/24\/ens38 +held by master1 \(here\)\n/);
  assert.match(ran.stdout, /master2:ens33 +up +420 ms ago\n/);
});

test("status without a daemon says how to start one, exit 3", async () => {
  const root = emptyRoot();
  const ran = await heartbeat(["status"], { HEARTBEAT_ROOT: root });
  rmSync(root, { recursive: true });
  assert.deepEqual([ran.stdout, ran.exit], ["", 3]);
  assert.match(ran.stderr, /^heartbeat is not running here; start it with/);
});

test("standby waits for the end and tells it: completed 0, refused 1, timed out 2, failed 5", async () => {
  const running = wish("running", "asking master2");
  const cases: readonly [readonly ControlAnswer[], number, RegExp][] = [
    [
      [running, wish("completed", "master2 holds all")],
      0,
      /standby all: begun \(asking master2\)\nstandby all completed: master2 holds all\n/,
    ],
    [[wish("refused", "master2 is dead")], 1, /^standby all refused: master2 is dead\n/],
    [[running], 2, /not finished after 0\.3 s; it goes on/],
    [[], 2, /did not answer within 0\.3 s; whether it heard the wish is not known/],
    [[running, wish("failed", "nginx did not stop")], 5, /standby all failed: nginx did not stop/],
    [[{ kind: "error", code: "not-permitted", text: "root only" }], 4, /root only/],
  ];
  for (const [answers, exit, words] of cases) {
    const ran = await against((_, reply) => answers.forEach(reply), ["standby", "--timeout", "0.3"]);
    assert.equal(ran.exit, exit, ran.stdout + ran.stderr);
    assert.match(ran.stdout + ran.stderr, words);
  }
});

test("takeover --no-wait returns as soon as it has begun", async () => {
  const ran = await against((_, reply) => reply(wish("running", "")), ["takeover", "foreign", "--no-wait", "--json"]);
  assert.deepEqual(JSON.parse(ran.stdout), {
    verb: "takeover",
    what: "foreign",
    outcome: "accepted",
    text: "",
    exit: 0,
  });
  assert.deepEqual(ran.requests, [{ version: 1, id: 1, verb: "takeover", what: "foreign" }]);
});

test("an unknown verb is answered with the nearest one, exit 64", async () => {
  const ran = await heartbeat(["statsu"]);
  assert.equal(ran.exit, 64);
  assert.match(ran.stderr, /Did you mean status\?/);
});

test("every verb that the help lists is a verb, and has a help of its own", async () => {
  const help = (await heartbeat(["--help"])).stdout;
  const listed = [...help.matchAll(/^ {2}([a-z]+)(?= [<[ ])/gm)].map(([, verb]) => verb ?? "");
  assert.ok(listed.length >= 10, help);
  for (const verb of listed) assert.ok(isVerb(verb), verb);
  assert.ok(!isVerb("explain"), "verbs of later work are no empty shells");
  const one = await heartbeat(["standby", "--help"]);
  assert.equal(one.exit, 0);
  assert.match(one.stdout, /--no-wait/);
});

test("lab gets its words untouched and its exit code is passed on", async () => {
  const ran = await heartbeat(["lab", "run", "--help", "-x"]);
  assert.deepEqual(ran, { stdout: "lab run|--help|-x\n", stderr: "", exit: 7 });
});

const host = { TEST_HOST: "master1", TEST_INTERFACES: "ens33=172.30.106.101/24 ens38=172.30.105.11/24" };
const flags = (directory: string): string[] =>
  `init --dir ${directory} --node master1=172.30.106.101,172.30.105.11 --node master2=172.30.106.102,172.30.105.12 --link ens33 --link ens38 --vip 172.30.105.201/24/ens38 --owner master1 --service nginx`.split(
    " ",
  );
function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hb-init-"));
  return work(directory).finally(() => rmSync(directory, { recursive: true, force: true }));
}

test("init writes three files that check accepts on both nodes, the key readable by root alone, and says how to go on", () =>
  inDirectory(async (directory) => {
    const ran = await heartbeat(flags(join(directory, "ha.d")), host);
    assert.equal(ran.exit, 0, ran.stderr);
    assert.match(ran.stdout, /no errors, no warnings\n/);
    assert.match(ran.stdout, /scp -p .*authkeys .* root@172\.30\.106\.102:/);
    assert.equal(statSync(join(directory, "ha.d/authkeys")).mode & 0o777, 0o600);
    assert.match(readFileSync(join(directory, "ha.d/authkeys"), "utf8"), /^1 sha1 [\w-]{43}$/m);
    assert.match(
      readFileSync(join(directory, "ha.d/haresources"), "utf8"),
      /^master1 IPaddr::172\.30\.105\.201\/24\/ens38 nginx$/m,
    );
    assert.deepEqual(readdirSync(join(directory, "ha.d")).toSorted(), ["authkeys", "ha.cf", "haresources"]);
    for (const node of ["master1", "master2"])
      assert.equal((await heartbeat(["check", "-c", join(directory, "ha.d"), "--node", node], host)).exit, 0);
    assert.equal((await heartbeat(["check", "-c", join(directory, "ha.d"), "--node", "master3"], host)).exit, 1);
  }));

test("init never overwrites; with --force the former files are kept", () =>
  inDirectory(async (directory) => {
    writeFileSync(join(directory, "haresources"), "precious\n");
    const refused = await heartbeat(flags(directory), host);
    assert.equal(refused.exit, 1);
    assert.match(refused.stderr, /nothing was written: .*haresources: there already/);
    assert.deepEqual(readdirSync(directory), ["haresources"]);
    const forced = await heartbeat([...flags(directory), "--force"], host);
    assert.equal(forced.exit, 0, forced.stderr);
    assert.equal(readFileSync(join(directory, "haresources.saved"), "utf8"), "precious\n");
    assert.deepEqual(readdirSync(directory).toSorted(), ["authkeys", "ha.cf", "haresources", "haresources.saved"]);
  }));

test("init on a host that is none of the nodes writes nothing", () =>
  inDirectory(async (directory) => {
    const ran = await heartbeat(flags(directory), { ...host, TEST_HOST: "elsewhere" });
    assert.equal(ran.exit, 1);
    assert.match(ran.stderr, /nothing was written, because heartbeat would not start with it/);
    assert.deepEqual(readdirSync(directory), []);
  }));

test("init names every flaw of its flags at once", () =>
  inDirectory(async (directory) => {
    const ran = await heartbeat(["init", "--dir", directory, "--node", "a=b", "--vip", "x", "--owner", "c"], host);
    assert.equal(ran.exit, 64);
    assert.equal(ran.stderr.trim().split("\n").length, 6, ran.stderr);
  }));

test("when a file cannot be put in place, the ones before it are taken back", () =>
  inDirectory((directory) => {
    const one = join(directory, "one");
    const two = join(directory, "two");
    writeFileSync(one, "former");
    // Something that cannot be moved aside: its saved name is a directory with something in it.
    writeFileSync(two, "former");
    mkdirSync(join(`${two}.saved`, "full"), { recursive: true });
    const files = [one, two].map((path) => ({ path, text: "new", mode: 0o644 }));
    const written = writeAll(files, true);
    assert.equal(written.ok, false);
    assert.equal(readFileSync(one, "utf8"), "former");
    assert.equal(readFileSync(two, "utf8"), "former");
    assert.deepEqual(readdirSync(directory).toSorted(), ["one", "two", "two.saved"]);
    return Promise.resolve();
  }));

test("keygen writes mode 0600 whatever the umask, a new key each time, and keeps its hands off a file that is there", () =>
  inDirectory(async (directory) => {
    const path = join(directory, "authkeys");
    for (const mask of ["0", "0277"]) {
      const shell = `umask ${mask}; exec node ${join(home, "dist/test/cli/heartbeat-main.js")} keygen --force -o ${path}`;
      assert.equal((await run("/bin/sh", ["-c", shell], {})).exit, 0);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
    const first = readFileSync(path, "utf8");
    assert.equal((await heartbeat(["keygen", "-o", path])).exit, 1);
    assert.equal(readFileSync(path, "utf8"), first);
    assert.notEqual((await heartbeat(["keygen", "--print"])).stdout, first);
  }));

test("check --json has every problem with its place", () =>
  inDirectory(async (directory) => {
    writeFileSync(join(directory, "ha.cf"), "keepalive 0\nfoobar 1\n");
    const ran = await heartbeat(["check", "-c", directory, "--json"], host);
    assert.equal(ran.exit, 1);
    const said = JSON.parse(ran.stdout) as {
      ok: boolean;
      problems: { file: string; line: number; severity: string }[];
    };
    assert.equal(said.ok, false);
    assert.ok(said.problems.some(({ file, line }) => file.endsWith("ha.cf") && line === 2));
    assert.ok(!existsSync(join(directory, "authkeys")));
  }));

test("the bash completion offers verbs and their words", async () => {
  const script = `eval "$(node ${join(home, "dist/test/cli/heartbeat-main.js")} completion bash)"
    COMP_WORDS=(heartbeat st); COMP_CWORD=1; _heartbeat; echo "\${COMPREPLY[@]}"
    COMP_WORDS=(heartbeat standby fo); COMP_CWORD=2; _heartbeat; echo "\${COMPREPLY[@]}"`;
  const ran = await run("/bin/bash", ["-c", script], {});
  assert.deepEqual(ran, { stdout: "status standby\nforeign\n", stderr: "", exit: 0 });
});

test("a witness listens where a node asks that names no port", async () => {
  const { stdout } = await heartbeat(["witness"]);
  assert.equal(stdout, `witness 0.0.0.0:${defaultWitnessPort}\n`);
});
