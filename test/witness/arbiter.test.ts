import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { it } from "node:test";
import { nodeName } from "../../src/core/names.js";
import { milliseconds } from "../../src/core/time.js";
import { openWitnessArbiter } from "../../src/io/witness-arbiter.js";
import { openWitnessServer } from "../../src/io/witness-server.js";
import { type ArbitersUnderTest, type ArbiterUser, arbiterContract } from "../contracts/arbiter.js";
import { relayTo, sealsOf, sleep, witness } from "./network.js";

const lease = 500;

async function world(): Promise<ArbitersUnderTest> {
  const seals = sealsOf("the secret of this cluster");
  let server = witness(lease, { pair: seals });
  const { port } = server;
  const relays = await Promise.all(["alpha", "bravo", "charlie"].map(() => relayTo(port)));
  const users = ["alpha", "bravo", "charlie"].map((name, i): ArbiterUser => {
    const at = { address: "127.0.0.1", port: relays[i]?.port ?? 0 };
    const node = nodeName(name);
    return {
      node,
      arbiter: openWitnessArbiter({ witness: at, cluster: "pair", node, lease: milliseconds(lease), seals }),
    };
  });
  const wireOf = (user: ArbiterUser) => relays[users.indexOf(user)]!;
  const stalls = monitorEventLoopDelay({ resolution: 2 });
  stalls.enable();
  // It has been running for longer than its longest lease.
  await sleep(lease + 5);
  return {
    users: users as unknown as [ArbiterUser, ArbiterUser, ArbiterUser],
    lease,
    slack: 50,
    quiet: lease,
    now: () => performance.now(),
    pass: sleep,
    reach: (user, isReached) => {
      wireOf(user).isCut = !isReached;
    },
    delayAnswers: (user, delay) => {
      wireOf(user).delay = delay;
    },
    loseMemory: () => {
      server.close();
      server = witness(lease, { pair: seals }, port);
    },
    believesHolders: true,
    hasStalled: () => stalls.max / 1e6 > 12,
    close: () => {
      stalls.disable();
      for (const { arbiter } of users) arbiter.close();
      for (const relay of relays) relay.close();
      server.close();
    },
  };
}

arbiterContract("a witness, over UDP", world, undefined, 3);

it("the wall clock may jump as it likes: neither the witness nor a node looks at it", async () => {
  const { users, pass, close } = await world();
  const [alpha, bravo] = users;
  const real = Date.now;
  const heard: string[] = [];
  for (const { node, arbiter } of [alpha, bravo])
    arbiter.onAnswer((request, verdicts) => heard.push(`${node} ${request} ${verdicts.get("0000000a")?.kind}`));
  try {
    alpha.arbiter.claim(1, ["0000000a"]);
    await pass(lease / 10);
    for (const jump of [3_600_000, -3_600_000]) {
      Date.now = () => real() + jump;
      alpha.arbiter.claim(2, ["0000000a"]);
      await pass(lease / 10);
      bravo.arbiter.claim(2, ["0000000a"]);
      await pass(lease / 10);
    }
  } finally {
    Date.now = real;
    await close();
  }
  assert.deepEqual(heard, ["alpha 1 granted", "alpha 2 granted", "bravo 2 held", "alpha 2 granted", "bravo 2 held"]);
});

it("IPv6 works like IPv4, and a name instead of an address is refused at once", async () => {
  const seals = sealsOf("the secret of this cluster");
  const opened = openWitnessServer({ listen: { address: "::1", port: 0 }, longestLease: milliseconds(100) });
  assert.ok(opened.ok, JSON.stringify(opened));
  opened.value.serve(new Map([["pair", seals]]));
  const settings = { cluster: "pair", node: nodeName("alpha"), lease: milliseconds(100), seals };
  const arbiter = openWitnessArbiter({ ...settings, witness: { address: "::1", port: opened.value.port } });
  assert.equal(arbiter.text, `witness [::1]:${opened.value.port}`);
  const answer = new Promise((resolve) => arbiter.onAnswer((request) => resolve(request)));
  arbiter.claim(7, ["0000000a"]);
  assert.equal(await answer, 7);
  arbiter.close();
  opened.value.close();
  assert.throws(
    () => openWitnessArbiter({ ...settings, witness: { address: "localhost", port: 1 } }),
    /not a numeric address/,
  );
});
