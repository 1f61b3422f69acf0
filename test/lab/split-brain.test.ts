/** Never two holders, with real daemons and a real kernel: links cut one by one, with nothing else, with a witness, with a ping node, with an operator. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import type { Lab } from "../../src/lab/lab.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import type { Topology } from "../../src/lab/topology.js";
import { checkout } from "../../src/lab/tree.js";
import {
  begin,
  CALM,
  cutAll,
  FIRST,
  gapOf,
  inLab,
  linesOf,
  oneHolder,
  pairFiles,
  pairTopology,
  SECOND,
  SECRET,
  settled,
  snapshotOf,
} from "./our-pair.js";
import { labSkip } from "./support.js";

const heartbeat = `${checkout}/bin/heartbeat`;
const WITNESS = "172.30.105.9";
const withLines = (...lines: readonly string[]) => pairFiles({ ...CALM, lines });

function withWitness(): Topology {
  const plan = pairTopology();
  const witness = { name: "witness", interfaces: [{ name: "ens38", addresses: [`${WITNESS}/24`] }] };
  return { ...plan, others: [...(plan.others ?? []), witness] };
}

async function startWitness(lab: Lab): Promise<void> {
  const witness = lab.machine("witness");
  await witness.write({ "/etc/ha.d/witness.d/web-pair": { content: `auth 2\n2 sha1 ${SECRET}\n`, mode: 0o600 } });
  witness.spawn(
    `chmod 700 /etc/ha.d/witness.d; exec chrt -f 5 ${heartbeat} witness --longest-lease 2 >/var/log/witness.out 2>&1`,
  );
  await until("the witness to listen", 60_000, async () =>
    /listening/.test(await witness.read("/var/log/witness.out")),
  );
}

/** A machine that has other things to do may be late to answer; a takeover would have cost more. */
async function nothingMoved(probe: ProbeRun, since: number): Promise<void> {
  for (const address of [FIRST, SECOND]) assert.ok((await gapOf(probe, address, since)) < 1_000, `${address} was away`);
  oneHolder(probe);
}
const refusalOn = async (lab: Lab, name: string, address: string): Promise<string> =>
  (await snapshotOf(lab.node(name))).groups.find((group) => group.name.includes(address))?.because ?? "";

describe("split brain", { skip: labSkip(), timeout: 600_000 }, () => {
  test("the only heartbeat link is cut: who answers on the service LAN is not dead, nothing moves; when it dies it is taken over", () =>
    inLab({ files: withLines(), topology: pairTopology() }, async (lab) => {
      const probe = await begin(lab);
      const cutAt = performance.now();
      await lab.cut("master1:ens33");
      await until(
        "the alert",
        20_000,
        async () => (await linesOf(lab.node("master2"), /Heartbeat link lost: master1/)).length > 0,
      );
      await sleep(3_000);
      assert.match(await refusalOn(lab, "master2", FIRST), /address-answers/);
      await nothingMoved(probe, cutAt);
      await lab.node("master1").crash();
      await probe.answeredBy(FIRST, "master2", 20_000);
      oneHolder(probe);
    }));

  test("everything is cut, and only one direction of the heartbeat link comes back: the node that hears both lets go after a deadtime", () =>
    inLab({ files: withLines(), topology: pairTopology() }, async (lab) => {
      const [first, second] = [lab.node("master1"), lab.node("master2")];
      const probe = await begin(lab);
      await cutAll(lab);
      await until("both to hold it", 20_000, () => second.holds(FIRST));
      assert.ok(await first.holds(FIRST));
      await lab.cut("master2:ens33", { direction: "out" });
      await lab.heal("master1:ens33");
      await lab.heal("master1:ens38");
      await until("master2 to let go", 20_000, async () => !(await second.holds(FIRST)));
      assert.match((await linesOf(second, /Both machines own/)).join("\n"), /master1 does not hear this node/);
      assert.ok(await first.holds(FIRST));
      await lab.heal();
      await settled(lab, probe, 30_000);
    }));

  test("with a witness: a node that is cut off from everything gives up before the other one takes over, and comes home after the heal", () =>
    inLab(
      { files: withLines(`arbiter witness ${WITNESS}`, "cluster web-pair"), topology: withWitness() },
      async (lab) => {
        await startWitness(lab);
        const probe = await begin(lab);
        const { arbiter } = await snapshotOf(lab.node("master1"));
        assert.deepEqual(arbiter, { text: `witness ${WITNESS}:7694`, leaseTime: 1_500, silentFor: null });
        await cutAll(lab);
        await probe.answeredBy(FIRST, "master2", 20_000);
        await until("master1 to give up", 10_000, async () => !(await lab.node("master1").holds(FIRST)));
        assert.match((await linesOf(lab.node("master1"), /Giving up/)).join("\n"), /its lease has run out/);
        oneHolder(probe);
        await lab.heal();
        await settled(lab, probe, 30_000);
        oneHolder(probe);
      },
    ));

  test("with a witness: the heartbeat link is cut, both reach the witness, nothing moves; a crash is still taken over", () =>
    inLab(
      { files: withLines(`arbiter witness ${WITNESS}`, "cluster web-pair"), topology: withWitness() },
      async (lab) => {
        await startWitness(lab);
        const probe = await begin(lab);
        const cutAt = performance.now();
        await lab.cut("master1:ens33");
        await sleep(5_000);
        assert.match(await refusalOn(lab, "master2", FIRST), /lease-held/);
        await nothingMoved(probe, cutAt);
        await lab.node("master1").crash();
        await probe.answeredBy(FIRST, "master2", 20_000);
        oneHolder(probe);
      },
    ));

  test("the witness alone is lost: nothing moves, hand-overs go on, and status says so", () =>
    inLab(
      { files: withLines(`arbiter witness ${WITNESS}`, "cluster web-pair"), topology: withWitness() },
      async (lab) => {
        await startWitness(lab);
        const probe = await begin(lab);
        const lostAt = performance.now();
        await lab.machine("witness").powerOff();
        await until(
          "the alert",
          20_000,
          async () => (await snapshotOf(lab.node("master1"))).arbiter?.silentFor !== null,
        );
        await sleep(3_000);
        await nothingMoved(probe, lostAt);
        await lab.node("master1").run(lab.node("master1").daemon.standby);
        await probe.answeredBy(FIRST, "master2", 20_000);
        oneHolder(probe);
      },
    ));

  test("ping_quorum: a node that reaches neither peer nor gateway gives up before the other one takes over, and takes nothing at the heal", () =>
    inLab({ files: withLines("ping_quorum on"), topology: pairTopology() }, async (lab) => {
      const probe = await begin(lab);
      await cutAll(lab);
      await probe.answeredBy(FIRST, "master2", 20_000);
      await until("master1 to give up", 10_000, async () => !(await lab.node("master1").holds(FIRST)));
      await lab.heal();
      await settled(lab, probe, 30_000);
      oneHolder(probe);
    }));

  test("takeover_policy manual: a dead node's group waits for heartbeat confirm, and the journal has who typed it", () =>
    inLab({ files: withLines("takeover_policy manual"), topology: pairTopology() }, async (lab) => {
      const probe = await begin(lab);
      const second = lab.node("master2");
      await lab.node("master1").crash();
      await until(
        "the alert",
        20_000,
        async () => (await linesOf(second, /heartbeat confirm master1 dead/)).length > 0,
      );
      assert.match(await refusalOn(lab, "master2", FIRST), /awaiting-operator/);
      assert.equal(await second.holds(FIRST), false);
      await second.run(`${heartbeat} confirm master1 dead`);
      await probe.answeredBy(FIRST, "master2", 10_000);
      assert.match(await second.read("/var/log/heartbeat.jsonl"), /"confirmed-dead"/);
    }));
});
