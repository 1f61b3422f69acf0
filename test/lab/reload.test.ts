/** Reload and key rotation of a running pair under the client probe: nothing that is held moves, and no peer notices anything. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { checkout } from "../../src/lab/tree.js";
import {
  ADDRESS,
  FIRST,
  gapOf,
  NAMES,
  onSteadyMachine,
  pairFiles,
  pairTopology,
  phaseOf,
  SECOND,
  SECRET,
  settled,
  snapshotOf,
  tellLogs,
} from "./our-pair.js";
import { labSkip } from "./support.js";

const heartbeat = `${checkout}/bin/heartbeat`;
/** Writes each call into a file, and runs when its mark is there. */
const service = {
  mode: 0o755,
  content: `#!/bin/sh
echo "$1 $2" >>/run/calls
case $2 in
start) touch /run/svc.$1 ;;
stop) rm -f /run/svc.$1 ;;
status) [ -e /run/svc.$1 ] && echo running || { echo stopped; exit 3; } ;;
esac
`,
};
const groups = (first: string): string => `master1 ${ADDRESS(201)}${first}\nmaster2 ${ADDRESS(202)}\n`;
const oldAndNew = (sending: 1 | 2): string =>
  `auth ${sending}\n1 sha1 another-secret-of-the-same-pair\n2 sha1 ${SECRET}\n`;

describe("reload", { skip: labSkip(), timeout: 600_000 }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  let first: Node;
  let second: Node;
  const plain = { haresources: groups(" svc::a"), extra: { "/etc/ha.d/resource.d/svc": service } };
  before(async () => {
    lab = await openLab({ topology: pairTopology(), files: pairFiles(plain) });
    await lab.start();
    probe = await lab.probe([FIRST, SECOND]);
    [first, second] = [lab.node("master1"), lab.node("master2")];
    await settled(lab, probe);
  });
  after(() => lab?.close());

  /** Runs the body; afterwards neither address was ever away for as long as a client would notice, and the peer saw nothing. */
  const unnoticed = (body: () => Promise<void>, troubles = anyTrouble): Promise<void> =>
    onSteadyMachine(async () => {
      try {
        const gaps = probe.gaps.length;
        const seen = await countOf(second, troubles);
        await body();
        await sleep(1_500);
        assert.deepEqual(probe.gaps.slice(gaps), []);
        assert.equal(await countOf(second, troubles), seen);
      } catch (error) {
        await tellLogs(lab);
        throw error;
      }
    });
  /** What the peer would have to say if it had missed anything. */
  const anyTrouble = /is dead|Link .* dead|restart on node|returning|Late heartbeat|lost packet/g;
  /** Who changes its daemon itself may miss a datagram that comes to the former one in its last moment, and asks for it again. */
  const graveTrouble = /is dead|Link .* dead|restart on node|returning|Late heartbeat/g;
  const countOf = async (node: Node, what: RegExp): Promise<number> => (await node.log()).match(what)?.length ?? 0;
  const reload = async (node: Node): Promise<void> => {
    const { code, stderr } = await node.run(`${heartbeat} -r`);
    assert.match(stderr, /info: Signalling heartbeat pid \d+ to reread config files/);
    assert.equal(code, 0);
  };
  /** Waits for the n-th line since the start that says so. */
  const restarts = async (node: Node): Promise<number> => (await node.log()).match(/Restarted in place/g)?.length ?? 0;
  const restartInPlace = async (node: Node): Promise<void> => {
    const before = await restarts(node);
    await reload(node);
    await until("the restart in place", 15_000, async () => (await restarts(node)) > before, 50);
  };
  const daemonOf = async (node: Node): Promise<number | undefined> =>
    (await node.processes()).find((one) => /^heartbeat: daemon/.test(one.command) && one.state !== "Z")?.pid;
  const callsOf = async (node: Node): Promise<string> => (await node.read("/run/calls")).trim();

  test("a changed ha.cf: another daemon goes on where the former was, no address is away for a millisecond, the peer notices nothing", async () => {
    const [master, daemon, before] = [await first.daemonPid(), await daemonOf(first), await snapshotOf(first)];
    await unnoticed(async () => {
      const { haCf } = pairFiles({ ...plain, lines: ["deadping 7", "debug 1"] }).master1;
      await first.furnish({ haCf });
      await restartInPlace(first);
    });
    assert.equal(await first.daemonPid(), master);
    assert.notEqual(await daemonOf(first), daemon);
    const after = await snapshotOf(first);
    assert.equal(after.generation, before.generation);
    assert.equal(after.parameters["deadping"], "7");
    assert.deepEqual(
      after.groups.map(({ name, state, term }) => ({ name, state, term })),
      before.groups.map(({ name, state, term }) => ({ name, state, term })),
    );
    assert.equal(await callsOf(first), "a status\na start");
    const silences = (await first.log()).match(/no heartbeat for (\d+) ms/);
    console.log(`in place: ${silences?.[0]}`);
    assert.ok(Number(silences?.[1]) < 300, silences?.[0]);
  });

  test("resources that are new in a group are started, groups that are gone are stopped, and nothing else is touched", async () => {
    const everything = (first: string): string => `${groups(first)}master1 svc::c\n`;
    await unnoticed(async () => {
      for (const node of [second, first]) await node.furnish({ haresources: everything(" svc::a svc::b") });
      for (const node of [second, first]) await restartInPlace(node);
      await until("the new ones", 10_000, async () => (await first.run("ls /run/svc.b /run/svc.c")).code === 0, 50);
      await phaseOf(first, "active");
    }, graveTrouble);
    assert.doesNotMatch(await callsOf(first), /stop/);
    await unnoticed(async () => {
      for (const node of [second, first]) await node.furnish({ haresources: groups(" svc::a svc::b") });
      for (const node of [second, first]) await restartInPlace(node);
    }, graveTrouble);
    assert.match(await callsOf(first), /c stop$/);
    assert.doesNotMatch(await callsOf(first), /[ab] stop/);
    assert.equal(await callsOf(second), "");
    await phaseOf(first, "active");
  });

  test("a broken ha.cf and a raw SIGHUP: every problem is logged, the former configuration stays in force, also for a daemon that is started again", async () => {
    const daemon = await daemonOf(first);
    const { haCf } = pairFiles(plain).master1;
    await unnoticed(async () => {
      await first.furnish({ haCf: `${haCf}badword yes\ndeadtime soon\n` });
      const { code, stderr } = await first.run(`${heartbeat} -r`);
      assert.equal(code, 1);
      assert.match(stderr, /Illegal directive \[badword\][\s\S]*info: Config errors: Heartbeat pid \d+ NOT restarted/);
      await first.signal("HUP", [(await first.daemonPid()) ?? 0]);
      await first.logged(/ERROR: .*Illegal directive \[badword\]/);
      await first.logged(/info: Config errors: Heartbeat NOT restarted/);
    });
    assert.equal(await daemonOf(first), daemon);
    await first.signal("KILL", [daemon ?? 0]);
    await probe.answeredBy(FIRST, "master2", 10_000);
    await settled(lab, probe);
    await first.furnish({ haCf: pairFiles({ ...plain, lines: ["deadping 7", "debug 1"] }).master1.haCf });
    // The same words in a file that was written again: as with the original, another daemon goes on with them.
    await restartInPlace(first);
    const unchanged = async () => (await first.log()).match(/Configuration unchanged/g)?.length ?? 0;
    const before = await unchanged();
    await reload(first);
    await until("that nothing changed", 10_000, async () => (await unchanged()) > before, 50);
  });

  test("rotation of the key: listed on both, switched on one node and then on the other, not one beat is lost and not one refused", async () => {
    const refusals = async (): Promise<string> => {
      const shown = await Promise.all(NAMES.map((name) => snapshotOf(lab.node(name))));
      return JSON.stringify(
        shown.map(({ counters }) => Object.keys(counters).filter((name) => /mac|key|digest|auth/.test(name))),
      );
    };
    const before = await refusals();
    await unnoticed(async () => {
      for (const sending of [2, 1] as const)
        for (const node of [first, second]) {
          await node.furnish({ authkeys: oldAndNew(sending) });
          await reload(node);
          const rereads = async () => (await node.log()).match(/Rereading authentication file/g)?.length ?? 0;
          await until("the new key", 10_000, async () => (await rereads()) === (sending === 2 ? 1 : 2), 50);
          await sleep(500);
        }
      for (const node of [first, second]) {
        await node.furnish({ authkeys: "auth 1\n1 sha1 another-secret-of-the-same-pair\n" });
        await reload(node);
      }
    });
    assert.equal(await refusals(), before);
  });

  test("a crash right after a reload costs a deadtime, not half a minute", async () => {
    await first.furnish({ haCf: pairFiles(plain).master1.haCf });
    await restartInPlace(first);
    const crashed = await first.crash();
    await probe.answeredBy(FIRST, "master2", 10_000);
    const gap = await gapOf(probe, FIRST, crashed);
    assert.ok(gap < 3_000, `${gap} ms`);
  });
});
