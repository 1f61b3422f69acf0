import assert from "node:assert/strict";
import { test } from "node:test";
import { deadManLimit } from "../../src/core/dead-man.js";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { textOf } from "../../src/core/message.js";
import type { GroupId } from "../../src/core/report.js";
import { milliseconds, seconds } from "../../src/core/time.js";
import { type Member, type Wanted, World } from "./rig.js";

const wanted: Wanted = {
  autoFailback: "on",
  policy: "lease",
  arbitration: { leaseTime: seconds(5) },
  groups: ["alpha: vip1"],
};

/** Grants each group to one node at a time. */
class PretendArbiter {
  readonly #leases = new Map<GroupId, { readonly by: Member; readonly until: number }>();
  readonly #lease: number;
  isLost = false;

  constructor(lease = 5_000) {
    this.#lease = lease;
  }

  listen(world: World): void {
    world.every(10, () => {
      for (const member of world.members.values()) this.#answer(world, member);
    });
  }

  #answer(world: World, member: Member): void {
    for (const { request, groups } of member.take("claimLeases")) {
      if (this.isLost) continue;
      const verdicts = new Map(groups.map((id) => [id, this.#verdictOn(world.now, id, member)]));
      world.later(1, member, { type: "leasesAnswered", request, verdicts });
    }
  }

  #verdictOn(now: number, id: GroupId, member: Member): LeaseVerdict {
    const lease = this.#leases.get(id);
    if (lease !== undefined && lease.until > now && lease.by !== member)
      return { kind: "held", by: lease.by.name, freeIn: seconds((lease.until - now) / 1_000) };
    this.#leases.set(id, { by: member, until: now + this.#lease });
    return { kind: "granted" };
  }
}

test("a peer taken for dead that confirms to hear this node is no lease: it holds the group itself", () => {
  const world = new World();
  new PretendArbiter().listen(world);
  const [alpha, bravo] = [world.start("alpha", wanted), world.start("bravo", wanted)];
  world.run(20_000);
  assert.equal(alpha.holding("vip1"), "held");
  world.passes = () => false;
  world.run(10_000);
  assert.equal(bravo.peer("alpha").liveness.kind, "dead");
  // The first words across the healed link bring nobody back to life, and say all the same that bravo is heard.
  const heard: (string | undefined)[] = [];
  world.passes = (from, _to, message) => {
    if (from === bravo.name) return true;
    if (textOf(message, "t") !== "status" && textOf(message, "hba") !== undefined) heard.push(textOf(message, "t"));
    return textOf(message, "t") !== "status";
  };
  world.run(3_000);
  assert.notDeepEqual(heard, []);
  assert.equal(bravo.peer("alpha").liveness.kind, "dead");
  assert.equal(bravo.holding("vip1"), "idle");
  assert.equal(alpha.holding("vip1"), "held");
  world.passes = () => true;
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip1"), bravo.holding("vip1")], ["held", "idle"]);
});

test("with the arbiter lost a healthy pair is never mute, whichever of the two beats first (chaos, witness, seed 900, round 1)", () => {
  const timing = {
    ...{ keepalive: milliseconds(20), warntime: milliseconds(60), deadtime: milliseconds(100) },
    initdead: milliseconds(500),
  };
  for (let behind = 0; behind < 20; behind++) {
    const world = new World();
    const arbiter = new PretendArbiter(100);
    const fast: Wanted = { ...wanted, timing, arbitration: { leaseTime: milliseconds(100) } };
    const [alpha, bravo] = [world.start("alpha", fast), world.start("bravo", fast)];
    arbiter.listen(world);
    world.run(1_000);
    // Who is late by more than a keepalive beats from then on in another order.
    bravo.asleep = true;
    world.run(40 + behind);
    bravo.asleep = false;
    world.run(500);
    assert.equal(alpha.holding("vip1"), "held");
    arbiter.isLost = true;
    world.run(200);
    const limit = deadManLimit(alpha.settings.timing, alpha.settings.arbitration) ?? assert.fail("no limit");
    const since = world.now;
    world.run(500);
    const refreshes = alpha.history.flatMap(({ at, effect }) =>
      at >= since && effect.type === "refreshDeadMan" && effect.remaining >= limit ? [at] : [],
    );
    const gaps = refreshes.map((at, index) => at - (refreshes[index - 1] ?? since));
    assert.ok(refreshes.length > 10 && Math.max(...gaps) <= limit, `shifted by ${behind} ms: ${Math.max(...gaps)} ms`);
  }
});

/** Who slept longer than deadtime wakes while nothing but short words of its peer come through: they confirm that it is heard, and say nothing of groups. */
function wakeAmongShortWords(world: World, alpha: Member, bravo: Member): void {
  world.run(20_000);
  assert.equal(alpha.holding("vip1"), "held");
  alpha.asleep = true;
  world.run(12_000);
  assert.equal(bravo.holding("vip1"), "held", "bravo takes over");
  world.passes = (from, _to, message) => from !== bravo.name || textOf(message, "t") !== "status";
  alpha.asleep = false;
  world.run(3_000);
  assert.ok(!alpha.running.has("vip1"), "what bravo said last, before alpha slept, is true no more");
  world.passes = () => true;
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip1"), bravo.holding("vip1")], ["idle", "held"]);
}

test("who has lost its right while it slept takes nothing before its peer has said anew what it holds (chaos, witness, seed 900, round 242)", () => {
  const world = new World();
  new PretendArbiter().listen(world);
  const stays: Wanted = { ...wanted, autoFailback: "off" };
  const [alpha, bravo] = [world.start("alpha", stays), world.start("bravo", stays)];
  wakeAmongShortWords(world, alpha, bravo);
});

test("with ping_quorum too: that a ping node answers says nothing about the peer", () => {
  const world = new World();
  world.answering.add("gateway");
  const quorum: Wanted = {
    pings: ["gateway"],
    arbitration: { pingQuorum: true },
    groups: ["alpha: vip1"],
  };
  const [alpha, bravo] = [world.start("alpha", quorum), world.start("bravo", quorum)];
  wakeAmongShortWords(world, alpha, bravo);
});
