import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { ResourceAction } from "../../src/core/effect.js";
import type { ResourceOutcome } from "../../src/core/event.js";
import { operationId } from "../../src/core/names.js";
import { connectScripts, type OpenScripts } from "../../src/io/scripts.js";
import { alive, type RunnerWorld, runnerIn, runnerWorld } from "./runner-world.js";
import { pause, until } from "./temporary.js";

/** The daemon's side, with answers awaited by number. */
function daemonSide(t: TestContext, world: RunnerWorld) {
  const scripts: OpenScripts = connectScripts(world.paths.runnerSocket);
  t.after(() => scripts.close());
  const answers = new Map<number, ResourceOutcome[]>();
  scripts.onFinished((operation, outcome) => answers.set(operation, [...(answers.get(operation) ?? []), outcome]));
  let last = 0;
  const begin = (text: string, action: ResourceAction, timeout = 5000): number => {
    last += 1;
    scripts.run({ operation: operationId(last), text, action, timeout });
    return last;
  };
  const answered = async (operation: number): Promise<ResourceOutcome> => {
    await until(() => answers.has(operation), 20_000, `the answer to operation ${operation}`);
    const [first, ...others] = answers.get(operation) ?? [];
    assert.deepEqual(others, [], "answered more than once");
    return first ?? assert.fail();
  };
  const call = (text: string, action: ResourceAction, timeout?: number) => answered(begin(text, action, timeout));
  return { scripts, begin, answered, call, answers };
}

/** The init script of the tutorial this project began with: no `status`, `set -e`, usage on stderr, exit 3. */
const tutorialScript = (daemon: string): string => `#!/bin/sh
DESC="nginx daemon"
NAME=nginx
DAEMON=${daemon}
SCRIPTNAME=/etc/init.d/$NAME
set -e
[ -x "$DAEMON" ] || exit 0
case "$1" in
start)
echo -n "Starting $DESC: $NAME"
$DAEMON || echo -n "nginx already running"
echo "."
;;
stop)
echo -n "Stopping $DESC: $NAME"
rm -f $DIR/nginx.started || echo -n "nginx not running"
echo "."
;;
*)
echo "Usage: $SCRIPTNAME {start|stop|reload|restart}" >&2
exit 3
;;
esac
exit 0
`;

describe("whether a service still runs", () => {
  it("is asked of its script's status, or of the operator's own command, whose exit code tells", async (t) => {
    const world = runnerWorld([], [], {
      tutorial: ["/bin/sh", "-c", "test -e $DIR/up || exit $(cat $DIR/code)"],
      slow: ["/bin/sleep", "60"],
      gone: ["/no/such/program"],
    });
    world.script("talks", "#!/bin/sh\n[ $1 = status ] && echo running");
    world.script("tutorial", tutorialScript("/bin/true"));
    await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    assert.deepEqual(await daemon.call("talks", "monitor"), { kind: "running" });
    assert.deepEqual(await daemon.call("tutorial", "status"), { kind: "unknown" });
    for (const code of [3, 7]) {
      writeFileSync(world.file("code"), `${code}`);
      assert.deepEqual(await daemon.call("tutorial", "monitor"), { kind: "stopped" });
    }
    for (const code of [1, 8, 28]) {
      writeFileSync(world.file("code"), `${code}`);
      assert.deepEqual(await daemon.call("tutorial", "monitor"), { kind: "failed", why: "exit-code", code });
    }
    writeFileSync(world.file("up"), "");
    assert.deepEqual(await daemon.call("tutorial", "monitor"), { kind: "running" });
    assert.deepEqual(await daemon.call("slow", "monitor", 300), { kind: "failed", why: "timed-out" });
    assert.deepEqual(await daemon.call("gone", "monitor"), { kind: "failed", why: "not-found" });
    await until(() => /\/bin\/sleep did not end within 300 ms/.test(world.log()));
    await until(() => /\/no\/such\/program cannot be started: ENOENT/.test(world.log()));
  });
});

describe("resource scripts", () => {
  it("are looked for in resource.d before init.d, and a file that is not executable is passed over", async (t) => {
    const world = runnerWorld();
    world.script("both", "#!/bin/sh\necho resource.d > $DIR/which");
    world.script("both", "#!/bin/sh\necho init.d > $DIR/which", world.paths.initDir);
    world.script("hidden", "#!/bin/sh\necho resource.d > $DIR/which", undefined, 0o644);
    world.script("hidden", "#!/bin/sh\necho init.d > $DIR/which", world.paths.initDir);
    await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    assert.deepEqual(await daemon.call("both", "start"), { kind: "succeeded" });
    assert.equal(world.read("which"), "resource.d\n");
    await daemon.call("hidden", "start");
    assert.equal(world.read("which"), "init.d\n");
  });

  it("get their arguments first and the verb last, the original's environment, a directory and a group of their own", async (t) => {
    const world = runnerWorld();
    world.script(
      "svc",
      '#!/bin/sh\necho "$*" "$HA_keepalive $HA_CURHOST $HA_RESOURCEDIR" "$(pwd)" $$ $(ps -o pgid= -p $$) $(ps -o cls= -p $$) > $DIR/seen',
    );
    await runnerIn(t, world);
    await daemonSide(t, world).call("svc::a b::c", "start");
    const [words, surroundings] = [
      world.read("seen").split(" ").slice(0, 4),
      world.read("seen").trim().split(" ").slice(4),
    ];
    assert.deepEqual(words, ["a", "b", "c", "start"]);
    const [keepalive, node, resources, directory, pid, group, policy] = surroundings;
    assert.deepEqual(
      [keepalive, node, resources, directory, policy],
      ["1", "alpha", world.paths.resourceDir, join(world.paths.coresDir, "root"), "TS"],
    );
    assert.equal(pid, group);
  });

  it("answer by exit code to start and stop, and by their words to status", async (t) => {
    const world = runnerWorld();
    world.script("says", '#!/bin/sh\n[ "$2" = status ] || exit 4\necho "$1"; exit 1');
    world.script("fine", "#!/bin/sh\nexit 0");
    await runnerIn(t, world);
    const { call } = daemonSide(t, world);
    assert.deepEqual(await call("fine", "start"), { kind: "succeeded" });
    assert.deepEqual(await call("says::x", "stop"), { kind: "failed", why: "exit-code", code: 4 });
    const spoken = ["running", "OK", "Running", "RUNNING", "ok", "stopped"];
    const heard = await Promise.all(spoken.map(async (word) => (await call(`says::${word}`, "status")).kind));
    assert.deepEqual(heard, ["running", "running", "running", "stopped", "stopped", "stopped"]);
  });

  it("that do not exist, cannot be executed or cannot be interpreted fail with a name and a line in the log", async (t) => {
    const world = runnerWorld();
    world.script("plain", "#!/bin/sh\n", undefined, 0o644);
    world.script("lost", "#!/no/such/shell\n");
    world.script("bare", "echo started > $DIR/bare\n");
    await runnerIn(t, world);
    const { call } = daemonSide(t, world);
    assert.deepEqual(await call("nosuch", "start"), { kind: "failed", why: "not-found" });
    assert.deepEqual(await call("plain", "start"), { kind: "failed", why: "not-executable" });
    assert.deepEqual(await call("lost", "start"), { kind: "failed", why: "not-found" });
    assert.deepEqual(await call("../../bin/sh", "start"), { kind: "failed", why: "not-found" });
    assert.deepEqual(await call("bare", "start"), { kind: "succeeded" });
    assert.equal(world.read("bare"), "started\n");
    await until(() => world.log().includes("lost cannot be started: ENOENT"));
    assert.match(
      world.log(),
      /ResourceManager\(default\)\[\d+\]: {4}ERROR: Cannot locate resource script nosuch: looked in/,
    );
    assert.match(world.log(), /Cannot locate resource script plain \(.*plain is not an executable file\)/);
  });

  it("leave the original's Running lines: two blanks where there is no argument; status leaves none", async (t) => {
    const world = runnerWorld();
    const path = world.script("svc", "#!/bin/sh\nexit 0");
    await runnerIn(t, world);
    const { call } = daemonSide(t, world);
    for (const action of ["status", "start"] as const) await call("svc", action);
    await call("svc::1::2", "stop");
    await until(() => world.log().includes("stop"));
    const lines = world
      .log()
      .split("\n")
      .slice(0, -1)
      .map((line) => line.replace(/^.*\]: {4}/, ""));
    assert.deepEqual(lines, [`info: Running ${path}  start`, `info: Running ${path} 1 2 stop`]);
    assert.match(
      world.log("ha-debug"),
      /^ResourceManager\(default\)\[\d+\]:\t\d{4}\/\d\d\/\d\d_\d\d:\d\d:\d\d info: Running /m,
    );
  });

  it("whose start fails say their last words in ha-log, all of them in ha-debug", async (t) => {
    const world = runnerWorld();
    const path = world.script(
      "svc",
      "#!/bin/sh\necho binding; echo 'bind() to 10.0.0.1:80 failed (99: no such address)' >&2; exit 1",
    );
    await runnerIn(t, world);
    await daemonSide(t, world).call("svc", "start");
    await until(() => world.log().includes("ERROR"));
    assert.ok(
      world
        .log()
        .includes(`ERROR: Return code 1 from ${path}: binding; bind() to 10.0.0.1:80 failed (99: no such address)`),
      world.log(),
    );
    assert.match(world.log("ha-debug"), /^binding\nbind\(\) to/m);
  });

  it("without a status verb are started without asking: no failure, said once", async (t) => {
    const world = runnerWorld();
    const nginx = world.script("nginx-binary", "#!/bin/sh\ntouch $DIR/nginx.started", world.paths.varDir);
    const path = world.script("nginx", tutorialScript(nginx), world.paths.initDir);
    await runnerIn(t, world);
    const { call } = daemonSide(t, world);
    assert.deepEqual(await call("nginx", "status"), { kind: "unknown" });
    assert.deepEqual(await call("nginx", "status"), { kind: "unknown" });
    assert.deepEqual(await call("nginx", "start"), { kind: "succeeded" });
    assert.deepEqual(await call("nginx", "start"), { kind: "succeeded" });
    assert.deepEqual(await call("nginx", "stop"), { kind: "succeeded" });
    await until(() => world.log().includes("stop"));
    assert.equal(world.log().split(`${path} has no status verb (exit code 3)`).length - 1, 1);
    assert.doesNotMatch(world.log(), /ERROR|WARN/);
  });

  it("that leave a service with an open standard output behind do not hold up the answer, nor does their end kill it", async (t) => {
    const world = runnerWorld();
    const service = '(trap "" HUP; while :; do echo alive; sleep 0.05; done) & echo $! > $DIR/service';
    world.script("svc", `#!/bin/sh\nif [ $1 = status ]; then sleep 30 & echo running; exit 0; fi\n${service}`);
    const runner = await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    const before = performance.now();
    assert.deepEqual(await daemon.call("svc", "start"), { kind: "succeeded" });
    assert.deepEqual(await daemon.call("svc", "status"), { kind: "running" });
    assert.ok(performance.now() - before < 3000, "waited for the service's output");
    const pid = Number(world.read("service"));
    t.after(() => alive(pid) && process.kill(pid, "SIGKILL"));
    daemon.scripts.close();
    await runner.leave(8000);
    await pause(300);
    assert.ok(alive(pid), "the service died with the runner");
  });

  it("are ended with their whole group when their time is up, however deaf they are", async (t) => {
    const world = runnerWorld();
    world.script(
      "hangs",
      "#!/bin/sh\ntrap '' TERM\n(trap '' TERM; sleep 60) & echo $! > $DIR/child\necho $$ > $DIR/leader\nwait; sleep 60",
    );
    await runnerIn(t, world);
    assert.deepEqual(await daemonSide(t, world).call("hangs", "start", 300), { kind: "failed", why: "timed-out" });
    const pids = ["leader", "child"].map((name) => Number(world.read(name)));
    await until(() => pids.every((pid) => !alive(pid)), 4000, "the end of the group");
    await until(() => /hangs start did not end within 300 ms/.test(world.log()));
  });

  it("that are abandoned are ended, owe no answer, and hold back the next call for the same resource until they are gone", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\necho $1+ >> $DIR/order; [ $1 = start ] && sleep 30; echo $1- >> $DIR/order");
    world.script("other", "#!/bin/sh\nexit 0");
    await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    const start = daemon.begin("svc", "start", 60_000);
    await until(() => world.read("order") !== "");
    const stop = daemon.begin("svc", "stop");
    assert.deepEqual(await daemon.call("other", "start"), { kind: "succeeded" });
    assert.equal(world.read("order"), "start+\n");
    daemon.scripts.abandon(operationId(start));
    assert.deepEqual(await daemon.answered(stop), { kind: "succeeded" });
    assert.equal(world.read("order"), "start+\nstop+\nstop-\n");
    assert.equal(daemon.answers.has(start), false);
  });

  it("killed by a signal fail as killed", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\nkill -9 $$");
    await runnerIn(t, world);
    assert.deepEqual(await daemonSide(t, world).call("svc", "stop"), { kind: "failed", why: "killed" });
  });

  it("of the OCF kind are called with their environment and judged by exit code", async (t) => {
    const world = runnerWorld();
    const agent =
      '#!/bin/sh\necho "$1 $OCF_RESKEY_ip $OCF_RESOURCE_PROVIDER $OCF_RESOURCE_TYPE" >> $DIR/ocf\ncase $1 in monitor) exit $OCF_RESKEY_code;; esac; exit 0';
    world.script("thing", agent, join(world.paths.ocfRoot, "resource.d", "acme"));
    await runnerIn(t, world);
    const { call } = daemonSide(t, world);
    const monitored = await Promise.all(
      [0, 7, 1].map((code) => call(`ocf:acme:thing::ip=10.0.0.1::code=${code}`, "status")),
    );
    assert.deepEqual(monitored, [
      { kind: "running" },
      { kind: "stopped" },
      { kind: "failed", why: "exit-code", code: 1 },
    ]);
    assert.deepEqual(await call("ocf:acme:thing::ip=10.0.0.1", "start"), { kind: "succeeded" });
    assert.match(world.read("ocf"), /^start 10.0.0.1 acme thing$/m);
  });
});

describe("the script runner", () => {
  it("when killed is noticed: what it had in hand is answered, its children do not outlive it, its successor is found", async (t) => {
    const world = runnerWorld();
    world.script("slow", "#!/bin/sh\necho $$ > $DIR/slow; sleep 30");
    world.script("fine", "#!/bin/sh\nexit 0");
    const first = await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    const slow = daemon.begin("slow", "start", 60_000);
    await until(
      () => world.read("slow") !== "" && world.read("run/heartbeat/children").includes(world.read("slow").trim()),
    );
    process.kill(first.pid ?? assert.fail(), "SIGKILL");
    assert.deepEqual(await daemon.answered(slow), { kind: "failed", why: "no-answer" });
    const orphan = Number(world.read("slow"));
    assert.ok(alive(orphan), "the orphan should still be there");
    await runnerIn(t, world);
    await until(() => !alive(orphan), 2000, "the end of the orphan");
    assert.deepEqual(await daemon.call("fine", "start"), { kind: "succeeded" });
  });

  it("ends start and status calls when the daemon goes away, lets stop calls finish, and ends when the guardian is gone too", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\necho $1+ $$ >> $DIR/$1; sleep 0.7; echo $1- >> $DIR/$1");
    world.script("second", readFileSync(join(world.paths.resourceDir, "svc"), "utf8"));
    const runner = await runnerIn(t, world);
    const daemon = daemonSide(t, world);
    daemon.begin("svc", "start");
    daemon.begin("second", "stop");
    await until(() => world.read("start") !== "" && world.read("stop") !== "");
    daemon.scripts.close();
    await runner.leave(8000);
    assert.match(world.read("start"), /^start\+ \d+\n$/);
    assert.match(world.read("stop"), /^stop\+ \d+\nstop-\n$/);
  });

  it("serves the guardian when the daemon is gone", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\necho $1 >> $DIR/did");
    const runner = await runnerIn(t, world);
    assert.deepEqual(await runner.run("svc", "stop", 1000), { kind: "succeeded" });
    assert.equal(world.read("did"), "stop\n");
  });

  it("that does not answer at all is not waited for", async (t) => {
    const world = runnerWorld();
    const daemon = daemonSide(t, world); // nobody listens
    const before = performance.now();
    assert.deepEqual(await daemon.call("svc", "start", 100), { kind: "failed", why: "no-answer" });
    assert.ok(performance.now() - before < 6000);
  });
});
