/**
 * Less than a minute of chaos with fixed seeds. More: `node dist/src/lab/chaos-main.js --rounds 500 --seed 4711`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { oursWithWitness } from "../../src/lab/chaos/arbiters.js";
import { ours } from "../../src/lab/chaos/products.js";
import { playRound, type Round, settle } from "../../src/lab/chaos/round.js";
import { openStage, type Stage } from "../../src/lab/chaos/stage.js";
import { chaosTable, describeRound } from "../../src/lab/chaos/table.js";
import { until } from "../../src/lab/child.js";
import { now } from "../../src/lab/moment.js";
import { SEED_ADDRESSES } from "../../src/lab/seed.js";
import { labSkip } from "./support.js";

const skip = labSkip({ taskset: "util-linux", chrt: "util-linux" });
const seed = 4711;

const arbiters = [
  {
    title: "without an arbiter: nobody is answered by two unless every link was cut, and whoever can answer does",
    product: ours,
    enough: 25_000,
  },
  {
    title: "with a witness, which fails as well: nobody is ever answered by two, and whoever can answer does",
    product: oursWithWitness,
    enough: 20_000,
  },
];

for (const { title, product, enough } of arbiters)
  test(`drawn faults, one or two at a time, ${title}`, { skip, timeout: 600_000 }, async () => {
    const rounds = await play(await openStage(product()), enough);
    console.log(chaosTable(rounds));
    assert.deepEqual(
      rounds.flatMap((round) => round.problems.map((problem) => `#${round.round}: ${problem}`)),
      [],
    );
  });

/** On a machine with no time for it a round can take a minute. */
const fewest = 3;

/** Rounds for so many milliseconds. */
async function play(stage: Stage, enough: number): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  try {
    await settle(stage);
    for (const end = now() + enough; now() < end || rounds.length < fewest; ) {
      const { fit, ...round } = await playRound(stage, seed, rounds.length);
      rounds.push(round);
      console.log(describeRound(round));
      assert.ok(fit, round.problems.join("\n"));
    }
  } finally {
    await stage.lab.close();
  }
  return rounds;
}

test("the watch sees a wrong host at IP level too: two that hold an address, one of them mute for ARP", {
  skip,
}, async () => {
  const stage = await openStage(ours());
  try {
    await settle(stage);
    const { lab, probe } = stage;
    const [address] = SEED_ADDRESSES;
    const wrong = lab.node("master2");
    // The client goes on believing in master2, which has the address as well and answers no question who has it.
    await wrong.run(`sysctl -qw net.ipv4.conf.all.arp_ignore=8; ip addr add ${address}/24 dev ens38`);
    assert.equal(probe.sawTwoHolders, false);
    const mac = lab.wires.macOf("master2", "ens38");
    await lab.client.run(`ip neigh replace ${address} lladdr ${mac} dev ens38 nud permanent`);
    await until("two to be seen", 5_000, () => probe.sawTwoHolders);
    await lab.client.run(`ip neigh del ${address} dev ens38`);
    await wrong.run(`ip addr del ${address}/24 dev ens38`);
    await until("its end", 5_000, () => probe.twoHolders.length > 0);
    assert.deepEqual(probe.twoHolders[0]?.macs, ["master1", "master2"]);
  } finally {
    await stage.lab.close();
  }
});
