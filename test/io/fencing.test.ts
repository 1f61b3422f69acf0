import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { FencingAction } from "../../src/core/effect.js";
import type { FencingOutcome } from "../../src/core/event.js";
import { nodeName, operationId } from "../../src/core/names.js";
import { agentInput, agentParameters, plugOf } from "../../src/io/fence-agent.js";
import { connectFencer } from "../../src/io/fencer.js";
import type { FencingDeviceSettings } from "../../src/io/runner-protocol.js";
import { runnerIn, runnerWorld } from "./runner-world.js";
import { temporaryDirectory, until } from "./temporary.js";

/** A runner whose PATH begins with a folder of our own programs, and the daemon's side of fencing. */
async function fencing(t: TestContext, programs: Readonly<Record<string, string>>, device: FencingDeviceSettings) {
  const bin = join(temporaryDirectory(), "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const before = process.env["PATH"];
  process.env["PATH"] = `${bin}:${before}`;
  const world = runnerWorld([], [device]);
  await runnerIn(t, world);
  process.env["PATH"] = before;
  const fencer = connectFencer(world.paths.runnerSocket);
  t.after(() => fencer.close());
  const answers = new Map<number, FencingOutcome>();
  fencer.onFinished((operation, outcome) => answers.set(operation, outcome));
  await fencer.connected;
  const reset = async (
    operation: number,
    timeout = 5_000,
    action: FencingAction = "reset",
  ): Promise<FencingOutcome | undefined> => {
    fencer.fence({ operation: operationId(operation), node: nodeName("master1"), device: 0, action, timeout });
    await until(() => answers.has(operation), 20_000, "an answer");
    return answers.get(operation);
  };
  return { fencer, reset, read: (name: string) => readFileSync(join(bin, name), "utf8"), bin };
}

describe("a plug-in of cluster-glue", () => {
  it("is run by stonith, its parameters in a file that is gone afterwards and never on the command line", async (t) => {
    const device: FencingDeviceSettings = { kind: "plug-in", type: "null", parameters: ["master1", "s3cret"] };
    const text =
      'd=$(dirname "$0"); echo "$*" >$d/words; cat "$4" >$d/parameters; stat -c %a "$4" >$d/mode; echo "$4" >$d/file';
    const { reset, read } = await fencing(t, { stonith: text }, device);
    assert.deepEqual(await reset(1), { kind: "succeeded" });
    assert.match(read("words"), /^-t null -F \S+ -T reset master1\n$/);
    assert.equal(read("parameters"), "master1 s3cret\n");
    assert.equal(read("mode"), "600\n");
    assert.throws(() => readFileSync(read("file").trim()), /ENOENT/);
  });

  it("of a level of several is told to switch off, and on again", async (t) => {
    const device: FencingDeviceSettings = { kind: "plug-in", type: "external/x", parameters: [] };
    const { reset, read } = await fencing(t, { stonith: 'echo "$5 $6 $7" >>$(dirname "$0")/words' }, device);
    assert.deepEqual(await reset(1, 5_000, "off"), { kind: "succeeded" });
    assert.deepEqual(await reset(2, 5_000, "on"), { kind: "succeeded" });
    assert.equal(read("words"), "-T off master1\n-T on master1\n");
  });

  it("that fails says why; one that hangs is ended in time", async (t) => {
    const device: FencingDeviceSettings = { kind: "plug-in", type: "external/x", parameters: [] };
    const text = 'if [ -e "$(dirname "$0")/hang" ]; then sleep 60; fi; echo "no route to the switch" >&2; exit 5';
    const { reset, bin } = await fencing(t, { stonith: text }, device);
    assert.deepEqual(await reset(1), { kind: "failed", why: "exit code 5: no route to the switch" });
    writeFileSync(join(bin, "hang"), "");
    assert.deepEqual(await reset(2, 300), { kind: "failed", why: "it did not end in time" });
  });
});

describe("a fence agent", () => {
  const agent = (...parameters: readonly string[]): FencingDeviceSettings => ({
    kind: "agent",
    type: "fence_x",
    parameters,
  });

  it("reads what it is to do on standard input; its exit code is the answer", async (t) => {
    const { reset, read } = await fencing(
      t,
      { fence_x: 'cat >"$(dirname "$0")/input"' },
      agent("ip=10.0.0.9", "password=p q"),
    );
    assert.deepEqual(await reset(1), { kind: "succeeded" });
    assert.equal(read("input"), "ip=10.0.0.9\npassword=p q\naction=reboot\nplug=master1\nnodename=master1\n");
  });

  it("that was told to switch off is asked whether it is off", async (t) => {
    const text = 'd=$(dirname "$0"); cat >$d/input; if grep -q action=status $d/input; then exit $(cat $d/code); fi';
    const { reset, bin } = await fencing(t, { fence_x: text }, agent("action=off"));
    writeFileSync(join(bin, "code"), "2");
    assert.deepEqual(await reset(1), { kind: "succeeded" });
    writeFileSync(join(bin, "code"), "0");
    assert.equal((await reset(2))?.kind, "failed", "0 means: it is on");
  });

  it("is not asked for a node that it does not serve", async (t) => {
    const { reset } = await fencing(t, { fence_x: "exit 0" }, agent("pcmk_host_list=master2"));
    assert.deepEqual(await reset(1), { kind: "failed", why: "master1 is not in its pcmk_host_list or pcmk_host_map" });
  });

  it("finds the node's plug as Pacemaker's users write it", () => {
    const plug = (...words: readonly string[]) => plugOf(agentParameters(words), "master1");
    assert.equal(plug("pcmk_host_map=master1:3;master2:4"), "3");
    assert.equal(plug("pcmk_host_list=master1,master2"), "master1");
    assert.equal(plug("pcmk_host_list=master1", "plug=7"), "7");
    assert.equal(plug("pcmk_host_map=master2:4"), undefined);
    assert.equal(plug("port=9"), "9");
    assert.equal(plug(), "master1");
    const input = agentInput(agentParameters(["# comment", "lanplus=1", "nonsense"]), {
      action: "off",
      plug: "3",
      node: "n",
    });
    assert.equal(input, "lanplus=1\naction=off\nplug=3\nnodename=n\n");
  });
});
