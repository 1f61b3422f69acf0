/** Our pair over every kind of medium, over two at once, with every key, and beside another cluster. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { availability } from "../../src/lab/requirements.js";
import type { MachinePlan, Topology } from "../../src/lab/topology.js";
import {
  ADDRESS,
  FIRST,
  gapOf,
  inLab,
  linesOf,
  NAMES,
  type Name,
  NUMBER,
  other,
  type PairOptions,
  pairFiles,
  pairTopology,
  SECOND,
  SECRET,
  settled,
  snapshotOf,
  ucast33,
  ucast38,
} from "./our-pair.js";
import { labSkip } from "./support.js";
import { Tap } from "./wire-tap.js";

const skip = labSkip({ tcpdump: "tcpdump" });
const timeout = 600_000;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
/** How a datagram is signed: the method that its digest names, or the plain one. */
const isStrong = (bytes: Uint8Array): boolean => /,%%%\n\d+:\d+ hmac-sha256 [0-9a-f]{64},$/.test(text(bytes));
const isPlainSha1 = (bytes: Uint8Array): boolean => /,%%%\n\d+:\d+ [0-9a-f]{40},$/.test(text(bytes));

interface Stage {
  readonly lab: Lab;
  readonly probe: ProbeRun;
}

const MEDIA: Readonly<Record<string, (node: Name) => string>> = {
  ucast: ucast33,
  bcast: () => "bcast ens33",
  mcast: () => "mcast ens33 239.0.0.42 694 1 0",
  ucast6: (node) => `ucast6 ens33 fd00:33::${NUMBER[other(node)].ens33}`,
  mcast6: () => "mcast6 ens33 ff12::42 694 1 0",
};
const SIXTH = "fd00:38::201";

describe("a pair of ours over one medium", { skip, timeout }, () => {
  for (const [kind, line] of Object.entries(MEDIA))
    test(`${kind}: both active, heartbeats only on their own card, crash, return`, async () => {
      const haresources = `master1 ${ADDRESS(201)}\nmaster1 IPv6addr::${SIXTH}/64/ens38\nmaster2 ${ADDRESS(202)}\n`;
      const files = pairFiles({ media: (node) => [line(node)], haresources });
      await inLab({ topology: pairTopology(), files }, async (lab) => {
        const [own, service] = [
          await Tap.set(lab.node("master1"), "ens33"),
          await Tap.set(lab.node("master1"), "ens38"),
        ];
        await lab.start();
        const probe = await lab.probe([FIRST, SECOND, SIXTH]);
        await settled(lab, probe);
        await probe.answeredBy(SIXTH, "master1");
        await sleep(500);
        signedByTurns(own, kind);
        assert.equal(service.datagrams.length, 0, "a heartbeat left by the other card of the same network");
        const largest = Math.max(...own.datagrams.map((one) => one.payload.length));
        console.log(`${kind}: ${own.datagrams.length} datagrams, the largest of ${largest} bytes`);
        assert.ok(largest <= 512, `${largest} bytes`);
        await crashAndReturn({ lab, probe }, kind);
      });
    });
});

/** The first words are in the configured method, so that an original could read them; then both know that they can do better. */
function signedByTurns(tap: Tap, kind: string): void {
  const payloads = tap.datagrams.map((one) => one.payload);
  assert.ok(payloads.length > 10, `${kind}: only ${payloads.length} heartbeats on the wire`);
  assert.ok(
    payloads[0] !== undefined && isPlainSha1(payloads[0]),
    "the first heartbeat is not readable for an original",
  );
  assert.ok(payloads.slice(-5).every(isStrong), "two of ours do not use the strong method");
}

async function crashAndReturn({ lab, probe }: Stage, kind: string): Promise<void> {
  const tap = await Tap.set(lab.client, "ens38", "icmp6 and ip6[40] == 136");
  const entry = async (): Promise<string> => (await lab.client.run(`ip -6 neigh show ${SIXTH}`)).stdout;
  assert.match(await entry(), new RegExp(lab.wires.macOf("master1", "ens38")));
  const at = await lab.node("master1").crash();
  await probe.answeredBy(FIRST, "master2");
  await probe.answeredBy(SIXTH, "master2");
  const [gap, gap6] = [await gapOf(probe, FIRST, at), await gapOf(probe, SIXTH, at)];
  console.log(`${kind}: crash, gap ${gap.toFixed(0)} ms, the IPv6 address ${gap6.toFixed(0)} ms`);
  assert.ok(gap < 2_500 && gap6 < 2_500, `deadtime is 1 s, the gaps were ${gap} and ${gap6} ms`);
  assert.match(await entry(), new RegExp(lab.wires.macOf("master2", "ens38")), "the neighbour entry did not change");
  // Byte 4 of an advertisement: R, S (solicited), O (override). Unasked and overriding is what changes the entries of others.
  const unasked = tap.frames.filter((frame) => ((frame[58] ?? 0) & 0x60) === 0x20);
  assert.ok(unasked.length > 0, "no unsolicited neighbour advertisement was sent");
  await lab.node("master1").revive();
  await settled(lab, probe);
  await probe.answeredBy(SIXTH, "master1");
  assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
}

describe("two heartbeat links", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    const media = (node: Name) => [ucast33(node), ucast38(node)];
    lab = await openLab({ topology: pairTopology(), files: pairFiles({ media }) });
    await lab.start();
    probe = await lab.probe([FIRST, SECOND]);
    await settled(lab, probe);
  });
  after(() => lab?.close());

  test("a message that comes over both links counts once, and its copy is no alarm", () => countsOnce(lab));

  test("cutting one link is logged and changes nothing, and so is its return", async () => {
    const before = await Promise.all(NAMES.map((name) => lab.node(name).log()));
    await lab.cut("master1:ens33");
    for (const name of NAMES) await lab.node(name).logged(new RegExp(`info: Link ${other(name)}:ens33 dead\\.`));
    await sleep(2_000);
    for (const [index, name] of NAMES.entries()) {
      const news = (await lab.node(name).log()).slice(before[index]?.length);
      assert.deepEqual(withoutStamps(news), [`info: Link ${other(name)}:ens33 dead.`]);
    }
    await lab.heal("master1:ens33");
    const ups = async (name: Name) =>
      (await linesOf(lab.node(name), new RegExp(`Link ${other(name)}:ens33 up`))).length;
    for (const name of NAMES) await until(`${name}'s link to be up`, 10_000, async () => (await ups(name)) === 2);
    assert.deepEqual(await lab.holders(FIRST), ["master1"]);
    assert.deepEqual(
      probe.gaps.filter((gap) => gap.length - gap.asleep > 50),
      [],
    );
  });

  test("a link that works in one direction only is dead for the one who hears nothing", async () => {
    const before = (await lab.node("master2").log()).length;
    const dead = async () => (await linesOf(lab.node("master1"), /Link master2:ens33 dead/)).length;
    const count = await dead();
    await lab.cut("master1:ens33", { direction: "in" });
    await until("master1 to see the link dead", 10_000, async () => (await dead()) > count);
    await sleep(1_500);
    assert.deepEqual(withoutStamps((await lab.node("master2").log()).slice(before)), []);
    assert.deepEqual(await linesOf(lab.node("master1"), /is dead/), []);
    await lab.heal("master1:ens33");
    await lab.node("master1").logged(/Link master2:ens33 up/);
    await settled(lab, probe);
  });

  test("a ping node that falls silent, and its return, are logged in the words of the original", async () => {
    await lab.cut("gateway:ens38");
    for (const name of NAMES) {
      await lab.node(name).logged(/WARN: node 172\.30\.105\.254: is dead/);
      await lab.node(name).logged(/info: Link 172\.30\.105\.254:172\.30\.105\.254 dead\./);
    }
    await lab.heal("gateway:ens38");
    const ups = async (name: Name) =>
      (await linesOf(lab.node(name), /Status update for node 172\.30\.105\.254: status ping/)).length;
    for (const name of NAMES) await until(`${name} to see the ping node`, 10_000, async () => (await ups(name)) === 2);
    assert.equal((await linesOf(lab.node("master1"), /node 172\.30\.105\.254: is dead/)).length, 1);
  });

  test("with both links cut the other node takes over, and after the healing there is one holder of each group", async () => {
    await lab.cut("master1:ens33");
    await lab.cut("master1:ens38");
    await probe.answeredBy(FIRST, "master2");
    await lab.heal();
    await settled(lab, probe);
    assert.deepEqual([await lab.holders(FIRST), await lab.holders(SECOND)], [["master1"], ["master2"]]);
  });
});

/** What the log says, without time, host and number of the process. */
const withoutStamps = (log: string): readonly string[] =>
  log
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [line.replace(/^.*?(?=(info|WARN|ERROR|CRIT|debug|notice):)/, "")]));

/** What two media on one card bring about by themselves. */
const HARMLESS = ["own-message-came-back", "duplicate-datagram"];

async function countsOnce(lab: Lab): Promise<void> {
  for (const name of NAMES) {
    const before = (await snapshotOf(lab.node(name))).counters;
    await sleep(1_000);
    const after = (await snapshotOf(lab.node(name))).counters;
    const grown = Object.keys(after).filter((key) => (after[key] ?? 0) > (before[key] ?? 0) && !HARMLESS.includes(key));
    assert.deepEqual(grown, [], `${name}: ${JSON.stringify(after)}`);
  }
}

describe("ucast and bcast on one card", { skip, timeout }, () => {
  test("the same heartbeat twice over one link counts once, is no alarm, and the pair does its work", async () => {
    const media = (node: Name) => [ucast33(node), "bcast ens33"];
    await inLab({ topology: pairTopology(), files: pairFiles({ media }) }, async (lab) => {
      await lab.start();
      const probe = await lab.probe([FIRST, SECOND]);
      await settled(lab, probe);
      await countsOnce(lab);
      await lab.node("master1").crash();
      await probe.answeredBy(FIRST, "master2");
      await lab.node("master1").revive();
      await settled(lab, probe);
      assert.equal(probe.sawTwoHolders, false);
    });
  });
});

describe("keys", { skip, timeout }, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    lab = await openLab({ topology: pairTopology(), files: pairFiles({ initdead: "2" }) });
  });
  after(() => lab?.close());

  const startWith = async (keys: Readonly<Record<Name, string>>): Promise<void> => {
    for (const name of NAMES) await lab.node(name).furnish({ authkeys: keys[name] });
    await lab.start();
    probe ??= await lab.probe([FIRST, SECOND]);
  };
  const stop = async (): Promise<void> => {
    for (const name of NAMES) assert.equal((await lab.node(name).stop()).code, 0);
  };
  const same = (key: string): Readonly<Record<Name, string>> => ({ master1: key, master2: key });

  for (const [method, keys] of Object.entries({
    crc: "auth 1\n1 crc\n",
    md5: `auth 3\n3 md5 ${SECRET}\n`,
    sha1: `auth 2\n2 sha1 ${SECRET}\n`,
  }))
    test(`${method}: the pair finds each other`, async () => {
      const tap = await Tap.set(lab.node("master1"), "ens33");
      await startWith(same(keys));
      await settled(lab, probe);
      await sleep(300);
      const last = tap.datagrams.at(-1)?.payload ?? new Uint8Array();
      assert.equal(isStrong(last), method !== "crc", text(last));
      await tap.remove();
      await stop();
    });

  test("different keys: not heard, counted, and said in few lines that hold no digest", async () => {
    await startWith({ master1: `auth 2\n2 sha1 ${SECRET}\n`, master2: `auth 2\n2 sha1 other-${SECRET}\n` });
    await lab.node("master1").logged(/node master2: is dead/);
    await sleep(1_500);
    for (const name of NAMES) {
      const { counters, alerts } = await snapshotOf(lab.node(name));
      assert.ok((counters["bad-digest"] ?? 0) > 10, JSON.stringify(counters));
      const lines = await linesOf(lab.node(name), /bad-digest/);
      assert.ok(lines.length >= 1 && lines.length <= 3, lines.join("\n"));
      assert.doesNotMatch(await lab.node(name).log(), /[0-9a-f]{32}/);
      assert.ok(
        alerts.some((alert) => /never heard/.test(alert)),
        alerts.join("\n"),
      );
    }
    await stop();
  });
});

const original = await fetchOriginal();
const noOriginal =
  original.kind === "unavailable"
    ? original.reason
    : availability().kind === "rootless"
      ? "the original changes its user, which needs root"
      : false;

describe("beside an original", { skip: skip || noOriginal, timeout }, () => {
  test("what we send is signed as authkeys says, always", async () => {
    const daemon = (node: string) => (node === "master1" ? ourDaemon() : originalDaemon(original));
    await inLab(
      {
        topology: pairTopology(),
        files: pairFiles({ keepalive: "200ms", deadtime: "2" }),
        daemon,
      },
      async (lab) => {
        const tap = await Tap.set(lab.node("master1"), "ens33");
        await lab.start();
        await lab.node("master1").logged(/Status update for node master2: status active/);
        await sleep(3_000);
        const sent = tap.datagrams.filter((one) => one.from === "172.30.105.101").map((one) => one.payload);
        assert.ok(sent.length > 15, `${sent.length}`);
        assert.ok(sent.every(isPlainSha1), "the original could not read all of it");
      },
    );
  });
});

describe("two clusters on one wire, same port, same key", { skip, timeout }, () => {
  test("each keeps to itself, and says once that strangers speak", async () => {
    const names = ["red1", "red2", "blue1", "blue2"];
    await inLab({ topology: fourNodes(names), files: fourFiles(names, {}) }, async (lab) => {
      await lab.start();
      const addresses = [201, 202, 203, 204].map((number) => `172.30.105.${number}`);
      const probe = await lab.probe(addresses);
      for (const [index, address] of addresses.entries()) await probe.answeredBy(address, names[index] ?? "");
      await lab.node("red1").crash();
      await probe.answeredBy(addresses[0] ?? "", "red2");
      await sleep(1_000);
      for (const name of names.slice(1)) {
        const { counters, nodes } = await snapshotOf(lab.node(name));
        assert.ok((counters["bad-node"] ?? 0) > 10, JSON.stringify(counters));
        assert.equal(nodes.filter((one) => one.type === "normal").length, 2);
        assert.equal((await linesOf(lab.node(name), /bad node \[/)).length, 1);
      }
      assert.equal((await linesOf(lab.node("blue1"), /is dead/)).length, 0);
      assert.equal(probe.sawTwoHolders, false);
    });
  });
});

function fourNodes(names: readonly string[]): Topology {
  const { client, watcher, others = [] } = pairTopology();
  const node = (name: string, index: number): MachinePlan => ({
    name,
    interfaces: [
      { name: "ens33", addresses: [`172.30.105.${101 + index}/24`], metric: 101 },
      { name: "ens38", addresses: [`172.30.105.${12 + index}/24`], metric: 100 },
    ],
  });
  return { nodes: names.map(node), client, others, ...(watcher === undefined ? {} : { watcher }) };
}

function fourFiles(names: readonly string[], options: PairOptions) {
  const { haCf, ...rest } = pairFiles({ ...options, media: () => ["bcast ens33"] }).master1;
  const line = (name: string): string => `${name} ${ADDRESS(201 + names.indexOf(name))}`;
  return Object.fromEntries(
    names.map((name) => {
      const [one = "", two = ""] = names.slice(name.startsWith("red") ? 0 : 2);
      const own = haCf.replace("node master1", `node ${one}`).replace("node master2", `node ${two}`);
      return [name, { ...rest, haCf: own, haresources: `${line(one)}\n${line(two)}\n` }];
    }),
  );
}
