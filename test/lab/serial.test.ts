/** Serial lines: a pair of ours on nothing else, beside Ethernet, with the original at the other end, and three nodes in a ring. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { ourDaemon } from "../../src/lab/daemons.js";
import type { LabOptions } from "../../src/lab/lab.js";
import type { Node, NodeFiles } from "../../src/lab/node.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { seedTopology, type Topology } from "../../src/lab/topology.js";
import {
  ADDRESS,
  FIRST,
  inLab,
  linesOf,
  NAMES,
  type Name,
  pairFiles,
  SECOND,
  SECRET,
  settled,
  snapshotOf,
  ucast33,
} from "./our-pair.js";
import { labSkip, originalSkip } from "./support.js";

const PORT = "/dev/ttyS0";
/** A null modem cable between the two nodes that is no faster than a real one. */
const cabled = (baud: number): Topology => ({
  ...seedTopology(),
  serial: [{ ends: [`master1:${PORT}`, `master2:${PORT}`], baud }],
});
const serial = (baud: number): readonly string[] => [`baud ${baud}`, `serial ${PORT}`];
const skip = labSkip({ socat: "socat" });
const linkOf = async (node: Node, device: string): Promise<string> =>
  (await node.run(`cl_status hblinkstatus ${node.name === "master1" ? "master2" : "master1"} ${device}`)).stdout.trim();

const inSerialLab = (media: (node: Name) => readonly string[], body: Parameters<typeof inLab>[1]): Promise<void> =>
  inLab(
    {
      topology: cabled(19_200),
      files: pairFiles({ media, keepalive: "500ms", deadtime: "2", warntime: "1", initdead: "10" }),
    },
    body,
  );

describe("our pair and a serial line", { skip, timeout: 300_000 }, () => {
  test("on a serial line alone a pair starts, takes over after a crash, and takes its own back", async () => {
    await inSerialLab(
      () => serial(19_200),
      async (lab) => {
        await lab.start();
        const probe = await lab.probe([FIRST, SECOND]);
        await settled(lab, probe);
        const [master1, master2] = [lab.node("master1"), lab.node("master2")];
        assert.match(await master1.log(), /glib: Starting serial heartbeat on tty \/dev\/ttyS0 \(19200 baud\)/);
        assert.match(await master1.log(), /Link master2:\/dev\/ttyS0 up\./);
        await master1.crash();
        await probe.answeredBy(FIRST, "master2", 6_000);
        await master1.revive();
        await settled(lab, probe);
        assert.equal((await master2.stop()).code, 0);
        await probe.answeredBy(SECOND, "master1", 3_000);
        assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
      },
    );
  });

  test("beside Ethernet either link may be cut: the log says so and nothing else happens; without both the peer is dead", async () => {
    await inSerialLab(
      (node) => [...serial(19_200), ucast33(node)],
      async (lab) => {
        await lab.start();
        const probe = await lab.probe([FIRST, SECOND]);
        await settled(lab, probe);
        const master1 = lab.node("master1");
        for (const [link, name] of [
          [`master1:${PORT}`, PORT],
          ["master1:ens33", "ens33"],
        ] as const) {
          await lab.cut(link);
          await master1.logged(new RegExp(`Link master2:${name} dead\\.`), 6_000);
          await sleep(1_000);
          assert.equal(await linkOf(master1, name), "dead");
          assert.deepEqual(await linesOf(master1, /node master2: is dead|lost packet/), [], `${name} is cut`);
          await lab.heal(link);
          await until(`${name} to be up`, 6_000, async () => (await linkOf(master1, name)) === "up", 100);
        }
        assert.equal(
          (await master1.run("cl_status listhblinks master2")).stdout.split(/\s+/).toSorted().join(" ").trim(),
          `${PORT} ens33`,
        );
        assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
        await lab.cut(`master1:${PORT}`);
        await lab.cut("master1:ens33");
        await master1.logged(/node master2: is dead/, 6_000);
      },
    );
  });
});

const original = await fetchOriginal();

describe("ours and the original 3.0.6 on a serial line alone", {
  skip: originalSkip("MIXED PAIR ON SERIAL", original, skip),
  timeout: 300_000,
}, () => {
  for (const [ours, format] of [
    ["master1", "classic"],
    ["master2", "netstring"],
  ] as const)
    test(`ours on ${ours}, msgfmt ${format}: both active; what a killed node held is taken over`, async () => {
      const theirs = ours === "master1" ? "master2" : "master1";
      const [own, foreign] = ours === "master1" ? [FIRST, SECOND] : [SECOND, FIRST];
      const timing = { keepalive: "300ms", deadtime: "2", warntime: "1", initdead: "6" };
      const files = pairFiles({ media: () => serial(115_200), ...timing, lines: [`msgfmt ${format}`] });
      const daemon = (node: string) => (node === ours ? ourDaemon() : originalDaemon(original));
      await inLab({ topology: cabled(115_200), files, daemon }, async (lab) => {
        await lab.start();
        const probe = await lab.probe([FIRST, SECOND]);
        const [our, their] = [lab.node(ours), lab.node(theirs)];
        const bothServe = async (): Promise<void> => {
          await probe.answeredBy(own, ours, 40_000);
          await probe.answeredBy(foreign, theirs, 40_000);
        };
        await bothServe();
        assert.equal((await their.run(`cl_status nodestatus ${ours}`)).stdout.trim(), "active");
        assert.equal((await their.run(`cl_status hblinkstatus ${ours} ${PORT}`)).stdout.trim(), "up");
        assert.equal((await our.run(`cl_status nodestatus ${theirs}`)).stdout.trim(), "active");
        await our.crash();
        await probe.answeredBy(own, theirs, 10_000);
        // The other format differs in nothing from here on, as far as a serial line is concerned.
        if (format === "classic") {
          await our.revive();
          await bothServe();
          await their.crash();
          await probe.answeredBy(foreign, ours, 10_000);
          await their.revive();
          await bothServe();
        }
        assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
      });
    });
});

/** Three nodes, each joined to both others; a third address for the third. */
function ring(): Pick<LabOptions, "topology" | "files"> {
  const seed = seedTopology();
  const master3 = { name: "master3", interfaces: [{ name: "ens38", addresses: ["172.30.105.14/24"] }] };
  const ends = (left: number, right: number) =>
    [`master${left}:/dev/ttyS0`, `master${right}:/dev/ttyS1`] as readonly [string, string];
  const files: NodeFiles = {
    haCf: [
      ...["logfile /var/log/ha-log", "debugfile /var/log/ha-debug"],
      ...["keepalive 300ms", "deadtime 2", "warntime 1", "initdead 15", "auto_failback on"],
      ...["baud 115200", "serial /dev/ttyS0 /dev/ttyS1", "node master1 master2 master3", ""],
    ].join("\n"),
    authkeys: `auth 2\n2 sha1 ${SECRET}\n`,
    haresources: NODES.map((name, index) => `${name} ${ADDRESS(201 + index)}\n`).join(""),
  };
  return {
    topology: {
      ...seed,
      nodes: [...seed.nodes, master3],
      serial: [ends(1, 2), ends(2, 3), ends(3, 1)].map((pair) => ({ ends: pair, baud: 115_200 })),
    },
    files: { master1: files, master2: files, master3: files },
  };
}
const NODES = [...NAMES, "master3"] as const;

test("three of ours in a ring of serial lines: a cut cable changes nothing, a crash is seen by both", {
  skip,
  timeout: 200_000,
}, async () => {
  await inLab(ring(), async (lab) => {
    await lab.start();
    const addresses = [FIRST, SECOND, "172.30.105.203"];
    const probe = await lab.probe(addresses);
    for (const [index, name] of NODES.entries()) await probe.answeredBy(addresses[index] ?? "", name, 20_000);
    const complaints = () => Promise.all(NODES.map((name) => linesOf(lab.node(name), /node .* is dead|lost packet/)));
    const before = await complaints();
    await lab.cut("master1:/dev/ttyS0");
    await lab.node("master1").logged(/Link master2:\/dev\/ttyS0 dead/, 6_000);
    await sleep(2_000);
    for (const name of NODES) {
      const snapshot = await snapshotOf(lab.node(name));
      assert.deepEqual(
        snapshot.nodes.map((node) => node.self || node.liveness),
        snapshot.nodes.map((node) => node.self || "up"),
        name,
      );
    }
    assert.deepEqual(await complaints(), before);
    await lab.heal();
    const ups = async (): Promise<boolean> =>
      (await linesOf(lab.node("master1"), /Link master2:\/dev\/ttyS0 up/)).length > 1;
    await until("the cable to be heard again", 6_000, ups, 100);
    await lab.node("master3").crash();
    for (const name of NAMES) await lab.node(name).logged(/node master3: is dead/, 6_000);
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });
});
