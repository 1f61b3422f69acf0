import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { afterEnd, type ClientHistory, mostShortRuns, shortRun } from "../../src/io/respawned-clients.js";
import type { ClientSettings } from "../../src/io/runner-protocol.js";
import { connectScripts } from "../../src/io/scripts.js";
import { alive, type RunnerWorld, runnerIn, runnerWorld } from "./runner-world.js";
import { until } from "./temporary.js";

const { uid, gid, username } = userInfo();

/** A world with one client, whose script writes its number into `runs` at each start. */
function worldWith(...names: string[]): RunnerWorld {
  const clients: ClientSettings[] = [];
  const world = runnerWorld(clients);
  for (const name of names)
    clients.push({
      command: join(world.paths.libexecDir, name),
      args: ["-a", "b"],
      user: username,
      uid,
      gid,
      onDeath: "restart",
    });
  return world;
}
const runs = (world: RunnerWorld): number[] =>
  [...world.read("runs").matchAll(/\d+/g)].map((match) => Number(match[0]));
const said = (world: RunnerWorld): string[] =>
  world
    .log()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.replace(/^.*: \[\d+\]: /, "").replace(/\d{2,}/g, "N"));

describe("respawned clients", () => {
  it("are started with their arguments, in their own directory and group, and ended with it", async (t) => {
    const world = worldWith("client");
    const body =
      'echo $$ >> $DIR/runs; echo "$* $(pwd) $(ps -o pgid= -p $$) $HA_CURHOST" > $DIR/seen; sleep 60 & echo $! > $DIR/child; wait';
    world.script("client", `#!/bin/sh\n${body}`, world.paths.libexecDir);
    await runnerIn(t, world);
    const scripts = connectScripts(world.paths.runnerSocket);
    t.after(() => scripts.close());
    await scripts.connected;
    scripts.startClients();
    scripts.startClients();
    await until(() => world.read("child") !== "");
    const [pid = 0] = runs(world);
    assert.deepEqual(world.read("seen").trim().split(/\s+/), [
      "-a",
      "b",
      join(world.paths.coresDir, username),
      String(pid),
      "alpha",
    ]);
    scripts.stopClients();
    const child = Number(world.read("child"));
    await until(() => !alive(pid) && !alive(child), 3000, "the end of the group");
    assert.equal(runs(world).length, 1);
    assert.match(
      world.log(),
      new RegExp(`info: Starting child client "${world.paths.libexecDir}/client -a b" \\(${uid},${gid}\\)`),
    );
    assert.match(world.log(), new RegExp(`info: Starting ".*/client -a b" as uid ${uid}  gid ${gid} \\(pid ${pid}\\)`));
  });

  it("are started again when they end or are killed, and given up when they end too fast too often", async (t) => {
    const world = worldWith("client");
    world.script("client", "#!/bin/sh\necho $$ >> $DIR/runs\nexit 3", world.paths.libexecDir);
    await runnerIn(t, world);
    const scripts = connectScripts(world.paths.runnerSocket);
    t.after(() => scripts.close());
    await scripts.connected;
    scripts.startClients();
    await until(() => world.log().includes("respawning too fast"), 10_000);
    assert.equal(runs(world).length, 11);
    const command = `${world.paths.libexecDir}/client -a b`;
    assert.ok(world.log().includes(`WARN: Managed ${command} process ${runs(world)[0]} exited with return code 3.`));
    assert.ok(world.log().includes(`ERROR: Respawning client "${command}":`));
    assert.ok(said(world).at(-1)?.startsWith("ERROR: Client "));
  });

  it("are announced again and started after a pause, with the lines of 3.0.6 in its order", async (t) => {
    const world = worldWith("client");
    world.script(
      "client",
      "#!/bin/sh\necho $$ >> $DIR/runs\n[ $(wc -l < $DIR/runs) = 2 ] && sleep 60\nexit 0",
      world.paths.libexecDir,
    );
    await runnerIn(t, world);
    const scripts = connectScripts(world.paths.runnerSocket);
    t.after(() => scripts.close());
    await scripts.connected;
    scripts.startClients();
    await until(() => runs(world).length === 2);
    await until(() => said(world).length === 6);
    scripts.stopClients();
    await until(() => said(world).length === 8);
    const name = `${world.paths.libexecDir}/client -a b`.replace(/\d{2,}/g, "N");
    const start = [
      `info: Starting child client "${name}" (${uid},${gid})`,
      `info: Starting "${name}" as uid ${uid}  gid ${gid} (pid N)`,
    ];
    assert.deepEqual(said(world), [
      ...start,
      `info: Managed ${name} process N exited with return code 0.`,
      `ERROR: Respawning client "${name}":`,
      ...start,
      `info: killing ${name} process group N with signal N`,
      `info: Managed ${name} process N killed by signal N [SIGTERM].`,
    ]);
  });

  it("marked failfast reset the machine when they end by themselves, and not when heartbeat stops them", async (t) => {
    for (const [body, resets] of [
      ["exit 0", true],
      ["kill -9 $$", true],
      ["echo $$ > $DIR/child; sleep 60", false],
    ] as const) {
      const clients: ClientSettings[] = [];
      const world = runnerWorld(clients);
      const command = world.script("client", `#!/bin/sh\n${body}`, world.paths.libexecDir);
      clients.push({ command, args: [], user: username, uid, gid, onDeath: "reboot" });
      world.script("reboot", `#!/bin/sh\necho rebooted >> ${world.file("resets")}`, world.paths.root);
      await runnerIn(t, world);
      const scripts = connectScripts(world.paths.runnerSocket);
      t.after(() => scripts.close());
      await scripts.connected;
      scripts.startClients();
      await until(() => world.read(resets ? "resets" : "child") !== "");
      scripts.stopClients();
      if (!resets) await until(() => world.log().includes("killed by signal"));
      await new Promise((done) => setTimeout(done, 200));
      assert.equal(world.read("resets"), resets ? "rebooted\n" : "", body);
      assert.equal(
        /CRIT: Rebooting this machine: .*client is marked failfast and has ended\./.test(world.log()),
        resets,
      );
    }
  });

  it("end with code 100 when they want to stay away", async (t) => {
    const world = worldWith("client");
    world.script("client", "#!/bin/sh\necho $$ >> $DIR/runs\nexit 100", world.paths.libexecDir);
    await runnerIn(t, world);
    const scripts = connectScripts(world.paths.runnerSocket);
    t.after(() => scripts.close());
    await scripts.connected;
    scripts.startClients();
    await until(() => world.log().includes("exited with return code 100."));
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(runs(world).length, 1);
  });

  it("have their record cleared by a long run", () => {
    let history: ClientHistory = { shortRuns: mostShortRuns };
    assert.equal(afterEnd(history, { kind: "signalled", signal: "SIGKILL", lasted: 10 }, "restart").next, "give-up");
    ({ history } = afterEnd(history, { kind: "exited", code: 0, lasted: shortRun }, "restart"));
    assert.deepEqual(history, { shortRuns: 0 });
    assert.equal(afterEnd(history, { kind: "exited", code: 0, lasted: 10 }, "restart").next, "respawn");
  });
});
