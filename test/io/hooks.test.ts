import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { childLedger } from "../../src/io/child-ledger.js";
import { fifoReader } from "../../src/io/fifo-reader.js";
import { hooks } from "../../src/io/hooks.js";
import { connectScripts, type OpenScripts } from "../../src/io/scripts.js";
import { type RunnerWorld, runnerIn, runnerWorld } from "./runner-world.js";
import { pause, until } from "./temporary.js";

async function daemonIn(t: TestContext, world: RunnerWorld): Promise<OpenScripts> {
  await runnerIn(t, world);
  const scripts = connectScripts(world.paths.runnerSocket);
  t.after(() => scripts.close());
  await scripts.connected;
  return scripts;
}

const hookScript = `#!/bin/sh
echo "$(basename $0) $* $HA_src $HA_st $HA_CURHOST $HA_OSTATUS $HA_keepalive" >>$DIR/hooks
`;
const status = (src: string, st: string) => ({
  type: "status",
  fields: { t: "status", src, st, OSTATUS: "active" },
});

describe("the hooks of rc.d", () => {
  it("see the message and the directives in their environment, run one after the other, and leave a line in ha-log", async (t) => {
    const world = runnerWorld();
    world.script("status", hookScript.replace("echo", '[ "$HA_st" = up ] && sleep 0.3\necho'), world.paths.rcDir);
    const daemon = await daemonIn(t, world);
    daemon.runHook(status("beta", "up"));
    daemon.runHook(status("beta", "active"));
    await until(() => world.read("hooks").split("\n").length === 3, 30_000, "both hooks");
    await until(() => /status status/.test(world.log()), 30_000, "a line in the log");
    assert.equal(
      world.read("hooks"),
      "status status beta up alpha active 1\nstatus status beta active alpha active 1\n",
    );
    assert.match(
      world.log(),
      new RegExp(`harc\\(default\\)\\[\\d+\\]: {4}info: Running ${world.paths.rcDir}/status status`),
    );
  });

  it("are run through harc where there is one", async (t) => {
    const world = runnerWorld();
    world.script("status", hookScript, world.paths.rcDir);
    world.script("harc", '#!/bin/sh\necho "harc $*" >>$DIR/hooks\nexec $HA_RCDIR/$1 "$1"\n', world.paths.confDir);
    const daemon = await daemonIn(t, world);
    daemon.runHook(status("beta", "dead"));
    await until(() => world.read("hooks").split("\n").length === 3, 30_000, "harc and the hook");
    assert.equal(world.read("hooks"), "harc status\nstatus status beta dead alpha active 1\n");
  });

  it("that sleep delay no resource script", async (t) => {
    const world = runnerWorld();
    world.script("status", "#!/bin/sh\nsleep 4\necho slept >>$DIR/hooks\n", world.paths.rcDir);
    world.script("svc", "#!/bin/sh\nexit 0\n");
    const daemon = await daemonIn(t, world);
    daemon.runHook(status("beta", "dead"));
    const answered = new Promise<void>((done) => daemon.onFinished(() => done()));
    daemon.run({ operation: 1 as never, text: "svc", action: "start", timeout: 30_000 });
    await answered;
    assert.equal(world.read("hooks"), "");
    await until(() => world.read("hooks") === "slept\n", 30_000, "the end of the hook");
  });

  it("that do not end are ended when their time is over, and the next one runs", async () => {
    const world = runnerWorld();
    world.script("status", "#!/bin/sh\n[ $HA_st = dead ] && sleep 600\necho $HA_st >>$DIR/hooks\n", world.paths.rcDir);
    const lines: string[] = [];
    const { rcDir, harc, coresDir } = world.paths;
    const environment = { DIR: dirname(world.file("hooks")) };
    const settings = { rcDir, harc, coresDir, environment, output: world.file("output"), limit: 500 };
    const waiting = hooks(settings, { line: ({ text }) => lines.push(text) }, childLedger(world.file("ledger")));
    waiting.run(status("beta", "dead"));
    waiting.run(status("beta", "up"));
    await until(() => waiting.pending === 0, 30_000, "the end of both");
    assert.equal(world.read("hooks"), "up\n");
    assert.ok(lines.includes(`${join(rcDir, "status")} did not end within 0.5 s; it was ended`), lines.join("\n"));
  });

  it("that would move resources behind the daemon's back are not run; others of the same name are", async (t) => {
    const world = runnerWorld();
    world.script("ip-request", `#!/bin/sh\n$HA_BIN/ResourceManager givegroup x\n${hookScript}`, world.paths.rcDir);
    world.script("hb_takeover", `#!/bin/sh\n# not hb_standby\n${hookScript}`, world.paths.rcDir);
    world.script("mine", hookScript, world.paths.rcDir);
    const daemon = await daemonIn(t, world);
    for (const type of ["ip-request", "hb_takeover", "unknown", "mine"])
      daemon.runHook({ type, fields: { src: "beta", st: "", OSTATUS: "up" } });
    await until(() => /mine/.test(world.read("hooks")), 30_000, "the last hook");
    assert.deepEqual(world.read("hooks").match(/^\S+/gm), ["hb_takeover", "mine"]);
  });
});

/** A daemon that takes what the FIFO brings. */
async function fifoTaker(t: TestContext, world: RunnerWorld) {
  const daemon = connectScripts(world.paths.runnerSocket);
  t.after(() => daemon.close());
  const heard: string[] = [];
  daemon.onFifo((text) => heard.push(text));
  await daemon.connected;
  return { daemon, heard };
}

describe("the FIFO", () => {
  it("has mode 0600, takes the messages of shell tools, and is gone when nobody reads it", async (t) => {
    const world = runnerWorld();
    writeFileSync(world.paths.fifo, "left by a tool while heartbeat did not run");
    const runner = await runnerIn(t, world);
    const { daemon, heard } = await fifoTaker(t, world);
    // Whoever else speaks to the runner takes nothing away from the daemon.
    const another = connectScripts(world.paths.runnerSocket);
    t.after(() => another.close());
    await another.connected;
    const facts = statSync(world.paths.fifo);
    assert.deepEqual([facts.isFIFO(), facts.mode & 0o777], [true, 0o600]);
    const write = 'for line in ">>>" t=mine "text=a b" "<<<"; do echo "$line" >>"$0"; done';
    execFileSync("/bin/sh", ["-c", write, world.paths.fifo], { timeout: 30_000 });
    execFileSync("/bin/sh", ["-c", 'printf "garbage\\n>>>\\nt=two\\n<<<\\n" >"$0"', world.paths.fifo], {
      timeout: 5_000,
    });
    await until(() => heard.length === 2, 30_000, "both messages");
    assert.deepEqual(heard, [">>>\nt=mine\ntext=a b\n<<<\n", ">>>\nt=two\n<<<\n"]);
    const complaint = /something was written into .*fifo that is no message of heartbeat/;
    await until(() => complaint.test(world.log()), 30_000, "a line in the log");
    daemon.close();
    another.close();
    await runner.leave(30_000);
    assert.equal(existsSync(world.paths.fifo), false);
  });

  it("keeps what is typed while no daemon takes it, and gives it to the next one", async (t) => {
    const world = runnerWorld();
    await runnerIn(t, world);
    const type = (word: string): void => {
      const options = { timeout: 5_000 };
      execFileSync("/bin/sh", ["-c", `printf ">>>\nt=${word}\n<<<\n" >"$0"`, world.paths.fifo], options);
    };
    type("early");
    await pause(300);
    const first = await fifoTaker(t, world);
    await until(() => first.heard.length === 1, 30_000, "what was typed before the first daemon");
    first.daemon.close();
    await pause(300);
    type("between");
    await pause(1200);
    const second = await fifoTaker(t, world);
    await until(() => second.heard.length === 1, 30_000, "what was typed between two daemons");
    assert.deepEqual([first.heard, second.heard], [[">>>\nt=early\n<<<\n"], [">>>\nt=between\n<<<\n"]]);
  });

  it("keeps at most one unfinished message, whatever is written", () => {
    const reader = fifoReader();
    const push = (text: string) => reader.push(Buffer.from(text, "latin1"));
    assert.deepEqual(push("x".repeat(200_000)), []);
    assert.deepEqual(push(`\n>>>\n${"a=b\n".repeat(30_000)}<<<\n`), []);
    assert.deepEqual(push(">>>\nt=cut\n>>>\nt=who"), []);
    assert.deepEqual(push("le\n<<<\n"), [">>>\nt=whole\n<<<\n"]);
    assert.ok(reader.dropped >= 3);
  });
});
