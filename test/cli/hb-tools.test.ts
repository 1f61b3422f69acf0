import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { ControlAnswer } from "../../src/control/protocol.js";
import { emptyRoot, home, pretendDaemon, type Ran, run } from "./pretend-daemon.js";

async function against(answer: ControlAnswer, tool: string, args: readonly string[]) {
  const daemon = await pretendDaemon((_, reply) => reply(answer));
  const ran = await run(tool, args, { HEARTBEAT_ROOT: daemon.root });
  await daemon.close();
  return { ran, requests: daemon.requests };
}
const running: ControlAnswer = { kind: "wish", outcome: "running", text: "asking master2" };
const path = (tool: string): string => join(home, "bin", tool);

test("hb_standby prints the original's line, byte for byte, and exits 0 as soon as the hand-over has begun", async () => {
  const before = new Date();
  const { ran, requests } = await against(running, "hb_standby", []);
  assert.match(ran.stderr, /^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d Going standby \[all\]\.\n$/);
  assert.equal(ran.stderr.slice(4, 6), String(before.getDate()).padStart(2, "0"));
  assert.deepEqual([ran.stdout, ran.exit], ["", 0]);
  assert.deepEqual(requests, [{ version: 1, id: 1, verb: "standby", what: "all" }]);
});

test("each of the four words reaches the daemon", async () => {
  for (const word of ["all", "foreign", "local", "failback"]) {
    const { ran, requests } = await against(running, "hb_standby", [word]);
    assert.match(ran.stderr, new RegExp(`Going standby \\[${word}\\]\\.\n$`));
    assert.deepEqual(requests[0], { version: 1, id: 1, verb: "standby", what: word });
  }
});

test("hb_takeover prints nothing on success", async () => {
  const { ran, requests } = await against(running, "hb_takeover", ["foreign"]);
  assert.deepEqual(ran, { stdout: "", stderr: "", exit: 0 });
  assert.deepEqual(requests, [{ version: 1, id: 1, verb: "takeover", what: "foreign" }]);
});

test("a refusal is not called a standby: the reason on stderr, exit 1", async () => {
  const refused: ControlAnswer = { kind: "wish", outcome: "refused", text: "master2 is dead" };
  const { ran } = await against(refused, "hb_standby", []);
  assert.deepEqual(ran, { stdout: "", stderr: `${path("hb_standby")}: refused: master2 is dead\n`, exit: 1 });
});

test("wrong words and too many words give the original's texts on the original's channels, and reach no daemon", async () => {
  const usage = (tool: string, complaint: string): Ran => ({
    stdout: `${complaint}usage:\n`,
    stderr: `${path(tool)} [all|foreign|local|failback]\n`,
    exit: 1,
  });
  for (const tool of ["hb_standby", "hb_takeover"]) {
    const tried = async (args: readonly string[]): Promise<Ran> => (await against(running, tool, args)).ran;
    assert.deepEqual(await tried(["bogus"]), usage(tool, `${path(tool)}: wrong resources(bogus).\n`));
    assert.deepEqual(await tried(["all", "local"]), usage(tool, `${path(tool)}: too many arguments\n`));
    assert.deepEqual(await tried(["--help"]), usage(tool, ""));
  }
  assert.deepEqual((await against(running, "hb_standby", ["bogus"])).requests, []);
});

test("without a daemon the tools say so and leave nothing behind", async () => {
  const root = emptyRoot();
  const ran = await run("hb_standby", [], { HEARTBEAT_ROOT: root });
  rmSync(root, { recursive: true });
  assert.equal(ran.exit, 3);
  assert.match(ran.stderr, /heartbeat is not running here; start it with: heartbeat/);
  assert.equal(ran.stdout, "");
});

test("a socket left behind by a daemon that died is recognised", async () => {
  const root = emptyRoot();
  const socket = join(root, "run/heartbeat/control");
  // A socket that was listened on by a process killed in the middle: bound, nobody there.
  const child = await run("/usr/bin/env", ["node", "-e", killedListener(socket)], {});
  assert.notEqual(child.exit, 0);
  const ran = await run("hb_takeover", [], { HEARTBEAT_ROOT: root });
  rmSync(root, { recursive: true });
  assert.equal(ran.exit, 3);
  assert.match(ran.stderr, /did not end by itself/);
});
const killedListener = (socket: string): string =>
  `require("node:net").createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"))`;

test("a hung-up connection in the middle is an error, not a success", async () => {
  const root = emptyRoot();
  const server = createServer((peer) => peer.end());
  await new Promise<void>((resolve) => server.listen(join(root, "run/heartbeat/control"), resolve));
  const ran = await run("hb_standby", [], { HEARTBEAT_ROOT: root });
  server.close();
  rmSync(root, { recursive: true });
  assert.equal(ran.exit, 4);
  assert.match(ran.stderr, /closed the connection/);
});

test("a checkout that was not built says what to type", async () => {
  const root = emptyRoot();
  mkdirSync(join(root, "bin"));
  const copied = join(root, "bin/hb_standby");
  writeFileSync(copied, await readTool("hb_standby"), { mode: 0o755 });
  const ran = await run(copied, [], {});
  rmSync(root, { recursive: true });
  assert.equal(ran.exit, 127);
  assert.match(ran.stderr, /not built: run 'npm ci && npm run build'/);
});
const readTool = async (tool: string): Promise<string> => (await run("/bin/cat", [path(tool)], {})).stdout;
