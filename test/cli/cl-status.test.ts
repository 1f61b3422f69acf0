import assert from "node:assert/strict";
import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { answer } from "../../src/cli/cl-status/answers.js";
import { isOutput, isSubCommand, readWords } from "../../src/cli/cl-status/command-line.js";
import type { Output } from "../../src/cli/cl-status/output.js";
import { clStatus } from "../../src/cli/cl-status/program.js";
import type { Snapshot } from "../../src/control/snapshot.js";
import { emptyRoot, home, pretendDaemon, run } from "./pretend-daemon.js";
import { pair, starting, survivor } from "./snapshots.js";

interface Call {
  readonly state: "stopped" | "both-active" | "peer-dead";
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}
const vectors = JSON.parse(readFileSync(join(home, "test/vectors/cl_status-3.0.6.json"), "utf8")) as { calls: Call[] };

/** Where 3.0.6 gives up (its time limit is 0 for a word that is no number) and we answer. */
const better = ["clientstatus master1 ipfail abc"];

const errorsOf = (output: Output): string =>
  output.stderr.map(({ form, text }) => (form === "log" ? `<stamp> ERROR: ${text}\n` : `${text}\n`)).join("");

function answered(args: readonly string[], snapshot: Snapshot): Output {
  const [command = "", ...rest] = args;
  assert.ok(isSubCommand(command));
  const request = readWords(command, rest);
  return isOutput(request) ? request : answer(request, snapshot);
}

test("cl_status says byte for byte what 3.0.6 said, on an active pair and on a survivor", () => {
  let compared = 0;
  for (const call of vectors.calls.filter(({ state }) => state !== "stopped")) {
    const line = call.args.join(" ");
    if (!isSubCommand(call.args[0] ?? "") || better.includes(line)) continue;
    const output = answered(call.args, call.state === "peer-dead" ? survivor : pair);
    assert.deepEqual(
      { line, stdout: output.stdout, stderr: errorsOf(output), exit: output.exit },
      { line, stdout: call.stdout, stderr: call.stderr, exit: call.exit },
    );
    compared += 1;
  }
  assert.ok(compared > 90, `only ${compared} calls compared`);
});

test("without a daemon every sub-command fails with the words and the code of 3.0.6", async () => {
  const calls = vectors.calls.filter(({ state }) => state === "stopped");
  assert.ok(calls.length > 80);
  for (const call of calls) {
    const output = await clStatus(call.args, "/nonexistent/control");
    assert.deepEqual(
      [call.args, output.stdout, errorsOf(output), output.exit],
      [call.args, call.stdout, call.stderr, call.exit],
    );
  }
});

test("while the node waits for its peers hbstatus says starting with the exit code of stopped, and rscstatus transition", () => {
  const hbstatus = answered(["hbstatus"], starting);
  assert.deepEqual([hbstatus.stdout, hbstatus.exit], ["Heartbeat is starting on this machine.\n", 1]);
  assert.match(answered(["hbstatus", "-v"], starting).stdout, /\n\(waiting for master2, never heard\)\n$/);
  assert.equal(answered(["rscstatus"], starting).stdout, "transition\n");
  assert.deepEqual([answered(["nodestatus", "master2"], starting).stdout], ["init\n"]);
});

test("clientstatus of a remote client is answered when the daemon knows it", () => {
  const known = { ...pair, nodes: pair.nodes.map((node) => ({ ...node, clients: ["ipfail"] })) };
  assert.deepEqual(answered(["clientstatus", "master2", "ipfail"], known), { stdout: "online\n", stderr: [], exit: 0 });
});

test("hbparameter does not find what only looks like a parameter", () => {
  assert.equal(answered(["hbparameter", "-p", "constructor"], pair).exit, 1);
});

test("the real cl_status asks a real socket once and prints the answer", async () => {
  const daemon = await pretendDaemon((_, reply) => reply({ kind: "snapshot", snapshot: pair }));
  const ran = await run("cl_status", ["rscstatus", "-m"], { HEARTBEAT_ROOT: daemon.root });
  await daemon.close();
  assert.deepEqual(ran, { stdout: "This node is holding local resources.\n", stderr: "", exit: 0 });
  assert.deepEqual(daemon.requests, [{ version: 1, id: 1, verb: "status" }]);
});

test("the real cl_status works through a symbolic link and stamps its errors like a log line", async () => {
  const root = emptyRoot();
  symlinkSync(join(home, "bin/cl_status"), join(root, "cl_status"));
  const ran = await run(join(root, "cl_status"), ["listnodes"], { HEARTBEAT_ROOT: root });
  rmSync(root, { recursive: true });
  assert.equal(ran.exit, 1);
  assert.match(
    ran.stderr,
    /^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \S+ cl_status: \[\d+\]: ERROR: Cannot signon with heartbeat\n/,
  );
  assert.match(ran.stderr, /ERROR: REASON: hb_api_signon: Can't initiate connection to heartbeat\n$/);
});

test("a daemon that accepts and never answers costs five seconds and exit 12", async () => {
  const root = emptyRoot();
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(join(root, "run/heartbeat/control"), resolve));
  const began = performance.now();
  const output = await clStatus(["rscstatus"], join(root, "run/heartbeat/control"));
  assert.equal(output.exit, 12);
  assert.ok(performance.now() - began < 6_000);
  server.close();
  rmSync(root, { recursive: true });
});

test("a daemon of another version is named as such, not guessed at", async () => {
  const daemon = await pretendDaemon((_, reply) => reply('{"version":2,"id":1,"kind":"snapshot"}\n'));
  const output = await clStatus(["rscstatus"], daemon.socket);
  await daemon.close();
  assert.equal(output.exit, 1);
  assert.match(output.stderr[1]?.text ?? "", /speaks version 2 .* restart heartbeat after an upgrade/);
});
