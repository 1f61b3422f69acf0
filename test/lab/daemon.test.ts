/** The daemon's processes under the operator's hands: what each kill, stop and full disk does to a real pair. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { checkout } from "../../src/lab/tree.js";
import { labSkip } from "./support.js";

const [FIRST, SECOND] = SEED_ADDRESSES;
const heartbeat = `${checkout}/bin/heartbeat`;
const TITLES = { guardian: /^heartbeat: master/, daemon: /^heartbeat: daemon/, runner: /^heartbeat: script/ } as const;

async function pidsOf(node: Node, ...which: readonly (keyof typeof TITLES)[]): Promise<readonly number[]> {
  const running = (await node.processes()).filter((one) => one.state !== "Z");
  return which.flatMap((kind) => running.filter((one) => TITLES[kind].test(one.command)).map((one) => one.pid));
}

describe("the processes of a node", { skip: labSkip({ nginx: "nginx-light" }), timeout: 600_000 }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  let first: Node;
  before(async () => {
    // A generous deadtime: what is told must come long before it, and a busy machine must not cause a false death.
    const timing = { keepalive: "200ms", warntime: "1500ms", deadtime: "3", initdead: "5" };
    lab = await openLab({ files: seedFiles({ services: ["nginx"], ...timing, extra: ["announce_interval 1"] }) });
    await lab.start();
    probe = await lab.probe(SEED_ADDRESSES);
    first = lab.node("master1");
  });
  after(() => lab?.close());

  const home = async (): Promise<void> => {
    await probe.answeredBy(FIRST, "master1");
    await probe.answeredBy(SECOND, "master2");
    await until("nginx", 20_000, async () => (await first.run("pgrep -x nginx")).code === 0, 100);
    // An nginx that was left running keeps the next start waiting for its port: the hand-over is not over before.
    const isQuiet = async () => /^master1 +active/.test((await first.run(`${heartbeat} status`)).stdout);
    await until("the end of the hand-over", 20_000, isQuiet, 100);
  };
  const must = async (words: string): Promise<void> => {
    const { code, stdout, stderr } = await first.run(`${heartbeat} ${words}`, { timeout: 60_000 });
    assert.equal(code, 0, `heartbeat ${words}: ${stdout}${stderr}`);
  };
  const longestGapSince = async (count: number): Promise<number> => {
    await sleep(700);
    return Math.max(0, ...probe.gaps.slice(count).map((gap) => gap.length));
  };

  test("a second start, a reload and harmless signals change nothing", async () => {
    await home();
    const before = await pidsOf(first, "guardian", "daemon");
    const gaps = probe.gaps.length;
    assert.match((await first.run(heartbeat)).stderr, /already running \[pid \d+\]/);
    assert.equal((await first.run(`${heartbeat} -r`)).code, 0);
    for (const signal of ["HUP", "ALRM", "PIPE", "INT", "USR1", "USR2"]) await first.signal(signal, before);
    assert.deepEqual(await pidsOf(first, "guardian", "daemon"), before);
    assert.equal(await longestGapSince(gaps), 0);
    assert.match(await first.log("ha-debug"), /debug: debug now set to 1 \[pid \d+\]/);
  });

  test("priority and memory: guardian and daemon have real-time priority and locked code, the script runner has neither", async () => {
    for (const pid of await pidsOf(first, "guardian", "daemon")) {
      const { stdout } = await first.run(`ps -o cls= -p ${pid}; grep VmLck /proc/${pid}/status`);
      assert.match(stdout, /FF[\s\S]*VmLck:\s+[1-9]/);
    }
    const [runner] = await pidsOf(first, "runner");
    assert.match((await first.run(`ps -o cls= -p ${runner}`)).stdout, /TS/);
  });

  test("SIGSTOP of the daemon: its guardian ends it and withdraws before deadtime; it comes back by itself", async () => {
    await home();
    const gaps = probe.gaps.length;
    await first.signal("STOP", await pidsOf(first, "daemon"));
    await probe.answeredBy(FIRST, "master2");
    assert.ok((await longestGapSince(gaps)) < 3_000);
    assert.match(
      await first.log(),
      /CRIT: The heartbeat daemon died \(silent for \d+ ms\); withdrawn: 172\.30\.105\.201/,
    );
    await home();
  });

  test("SIGSTOP and SIGCONT of the guardian: it judges nobody by its own sleep, nothing moves", async () => {
    const gaps = probe.gaps.length;
    const guardian = await pidsOf(first, "guardian");
    await first.signal("STOP", guardian);
    await sleep(4_000);
    await first.signal("CONT", guardian);
    await first.logged(/WARN: The guardian was not scheduled for \d+ ms/);
    assert.equal(await longestGapSince(gaps), 0);
  });

  test("SIGKILL of the script runner alone moves nothing; it is started again and runs the next scripts", async () => {
    await home();
    const gaps = probe.gaps.length;
    const former = await pidsOf(first, "runner");
    await first.signal("KILL", former);
    await until("another runner", 10_000, async () => {
      const now = await pidsOf(first, "runner");
      return now.length === 1 && now[0] !== former[0];
    });
    assert.equal(await longestGapSince(gaps), 0);
    assert.equal((await first.run(first.daemon.standby)).code, 0);
    await probe.answeredBy(FIRST, "master2");
    await must("takeover local");
    await home();
  });

  test("SIGKILL of the guardian: the daemon hands over and ends; the next start is clean", async () => {
    await home();
    const gaps = probe.gaps.length;
    await first.signal("KILL", await pidsOf(first, "guardian"));
    await probe.answeredBy(FIRST, "master2");
    assert.ok((await longestGapSince(gaps)) < 3_000);
    await until("its end", 20_000, async () => (await pidsOf(first, "daemon", "runner")).length === 0, 100);
    assert.match(await first.log(), /CRIT: Emergency Shutdown: Master Control process died\./);
    assert.equal((await first.run(`${heartbeat} -s`)).code, 1);
    await first.start();
    await home();
  });

  test("SIGKILL of everything at once: what is left behind is found by the next start and goes home as ever", async () => {
    await first.signal("KILL", await pidsOf(first, "guardian", "daemon", "runner"));
    await until("the peer to hold it", 20_000, async () => (await lab.holders(FIRST)).includes("master2"), 100);
    await first.start();
    await until("one holder", 20_000, async () => (await lab.holders(FIRST)).join() === "master1", 100);
    await home();
  });

  test("log files that are renamed are made anew, without a restart", async () => {
    await first.run("cd /var/log && mv ha-log ha-log.1 && mv ha-debug ha-debug.1");
    await first.signal("HUP", await pidsOf(first, "guardian"));
    await first.logged(/Configuration unchanged/);
    assert.match((await first.run("stat -c %U:%G:%a /var/log/ha-log")).stdout, /^hacluster:haclient:644$/m);
  });

  test("a full log disk fails no resource: the group is handed over and taken back", async () => {
    await home();
    const copy = "mount -t tmpfs -o size=256k full /mnt && cp -a /var/log/ha-* /mnt";
    await first.run(`${copy}; dd if=/dev/zero of=/mnt/fill bs=1k; mount --bind /mnt /var/log`);
    assert.match((await first.run("df --output=avail /var/log | tail -1")).stdout, /^\s*0$/m);
    await must("standby");
    await probe.answeredBy(FIRST, "master2");
    await must("takeover local");
    await home();
    await first.run("umount /var/log; umount /mnt");
  });

  test("the control socket: everybody may look, only root and haclient may change", async () => {
    const as = (groups: string, words: string) =>
      first.run(`setpriv --reuid nobody --regid nogroup ${groups} ${heartbeat} ${words}`, { timeout: 60_000 });
    assert.equal((await as("--clear-groups", "status")).code, 0);
    const refused = await as("--clear-groups", "standby");
    assert.match(refused.stdout + refused.stderr, /only root and the group haclient may do that/);
    assert.notEqual(refused.code, 0);
    if (lab.container.rootless) return;
    assert.equal((await as("--groups 890", "standby")).code, 0);
    assert.equal((await as("--groups 890", "takeover local")).code, 0);
  });

  test("where it may not lock memory (D14) it starts all the same, and warns once, with the reason", async () => {
    await home();
    const second = lab.node("master2");
    assert.equal((await second.stop()).code, 0);
    await probe.answeredBy(SECOND, "master1");
    const logged = (await second.log()).length;
    const poor = "ulimit -l 64; setsid setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock";
    const { code, stderr } = await second.run(`${poor} ${heartbeat} >>/var/log/heartbeat.out 2>&1 </dev/null`);
    assert.equal(code, 0, stderr);
    await home();
    const news = (await second.log()).slice(logged);
    assert.deepEqual(
      news.match(/.*memory is not locked.*/g)?.map((line) => line.replace(/.*: WARN: /, "")),
      ["memory is not locked: needs the capability CAP_IPC_LOCK"],
    );
    assert.doesNotMatch(news, /ERROR|CRIT/);
    assert.equal((await second.stop()).code, 0);
    await second.start();
    await home();
  });

  test("a clean stop removes pid file and processes", async () => {
    assert.equal((await first.stop()).code, 0);
    assert.deepEqual(await pidsOf(first, "guardian", "daemon", "runner"), []);
    assert.equal((await first.run("test -e /run/heartbeat.pid")).code, 1);
    assert.equal((await first.run(`${heartbeat} -s`)).code, 3);
    assert.deepEqual(await lab.holders(FIRST), ["master2"]);
  });
});
