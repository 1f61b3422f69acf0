/**
 * What every form of the `Arbiter` port promises. A form brings three nodes that use one arbiter, and the faults that it can suffer; time
 * is real for real forms and virtual for pretended ones.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { groupName, type NodeName } from "../../src/core/names.js";
import { type GroupId, groupId } from "../../src/core/report.js";
import type { Arbiter } from "../../src/ports/arbiter.js";
import { Luck } from "../../src/sim/luck.js";

export interface ArbiterUser {
  readonly node: NodeName;
  readonly arbiter: Arbiter;
}

export interface ArbitersUnderTest {
  /** Three nodes of one cluster, with the same lease time; nothing is held. */
  readonly users: readonly [ArbiterUser, ArbiterUser, ArbiterUser];
  /** The lease time, in milliseconds. At least ten times `slack`. */
  readonly lease: number;
  /** The longest from a call to its answer, and how late a timer of the test may be, both together in milliseconds. */
  readonly slack: number;
  /** How long an arbiter that lost its memory is silent for those who hold nothing: at least the lease time. */
  readonly quiet: number;
  now(): number;
  /** Lets this many milliseconds pass. */
  pass(duration: number): Promise<void>;
  /** Whether this node reaches the arbiter; absent where that cannot be switched. */
  reach?(user: ArbiterUser, isReached: boolean): void;
  /** From now on answers to this node take that much longer; absent where they cannot be held up. */
  delayAnswers?(user: ArbiterUser, delay: number): void;
  /** The arbiter starts anew with nothing in its memory; absent where that cannot happen. */
  loseMemory?(): Promise<void> | void;
  /** Whether it then believes who says that he still holds. */
  readonly believesHolders?: boolean;
  /** Somebody poisons this node; absent where the form has no such way. */
  poison?(user: ArbiterUser, by: string): void;
  /**
   * Whether this process stood still for so long since the world was made that nothing can be said about how soon something came. Then a
   * failed test is tried again; not when a lease was given to two.
   */
  hasStalled?(): boolean;
  close(): Promise<void> | void;
}

type Verdicts = ReadonlyMap<GroupId, LeaseVerdict>;

const web = groupId(groupName("web"));
const mail = groupId(groupName("mail"));

/** One node that asks and keeps the answers. */
class Asker {
  readonly user: ArbiterUser;
  readonly answers = new Map<number, { readonly verdicts: Verdicts; readonly at: number }>();
  readonly claimedAt = new Map<number, number>();
  readonly order: number[] = [];
  readonly faults: string[] = [];
  readonly poisonedBy: string[] = [];
  readonly #world: ArbitersUnderTest;
  #request = 0;

  constructor(world: ArbitersUnderTest, user: ArbiterUser) {
    this.user = user;
    this.#world = world;
    let isCalling = false;
    const guard = (call: () => void): void => {
      isCalling = true;
      call();
      isCalling = false;
    };
    this.claim = (groups) => {
      const request = ++this.#request;
      this.claimedAt.set(request, world.now());
      guard(() => user.arbiter.claim(request, groups));
      return request;
    };
    this.release = (groups) => guard(() => user.arbiter.release(groups));
    user.arbiter.onAnswer((request, verdicts) => {
      if (isCalling) this.faults.push(`${request} was answered from within a call`);
      if (this.answers.has(request)) this.faults.push(`${request} was answered twice`);
      if (!this.claimedAt.has(request)) this.faults.push(`${request} was never asked`);
      this.answers.set(request, { verdicts, at: world.now() });
      this.order.push(request);
    });
    user.arbiter.onPoison((by) => void this.poisonedBy.push(by));
  }

  readonly claim: (groups: readonly GroupId[]) => number;
  readonly release: (groups: readonly GroupId[]) => void;

  /** Claims and waits for the answer. @returns what was said about each group. */
  async ask(groups: readonly GroupId[]): Promise<Verdicts> {
    const request = this.claim(groups);
    await until(this.#world, () => this.answers.has(request), this.#world.slack);
    const answer = this.answers.get(request);
    assert.ok(answer !== undefined, `${this.user.node} was not answered within ${this.#world.slack} ms`);
    return answer.verdicts;
  }

  /** Claims one group as the core would: again when it may be free, and several times in a lease. @returns when the claim was made that was granted. */
  async insist(group: GroupId, limit: number): Promise<{ readonly claimedAt: number; readonly answeredAt: number }> {
    const end = this.#world.now() + limit;
    while (this.#world.now() < end) {
      const claimedAt = this.#world.now();
      const verdict = (await this.ask([group])).get(group);
      if (verdict?.kind === "granted") return { claimedAt, answeredAt: this.#world.now() };
      const { lease } = this.#world;
      const wait = verdict?.kind === "held" ? Math.min(Math.max(verdict.freeIn, 0.1), lease / 5) : lease / 20;
      await this.#world.pass(wait);
    }
    return assert.fail(`${this.user.node} was not granted ${group} within ${limit} ms`);
  }
}

/** Waits in small steps. */
async function until(world: ArbitersUnderTest, holds: () => boolean, limit: number): Promise<void> {
  const end = world.now() + limit;
  while (!holds() && world.now() < end) await world.pass(Math.min(1, world.slack / 4));
}

const kindOf = (verdicts: Verdicts, group: GroupId): string => verdicts.get(group)?.kind ?? "nothing";

/** A lease was given before another one had ended: no busy machine excuses that. */
class GivenTwice extends Error {}

function assertSafe(isSafe: boolean, what: string): void {
  if (!isSafe) throw new GivenTwice(what);
}

/** How often a test is tried on a machine that is too busy for it. */
const mostTries = 8;

/**
 * @param make a fresh arbiter per test. @param skip reason why the tests cannot run here.
 * @param concurrency how many tests may run at the same time, each with an arbiter of its own
 */
export function arbiterContract(
  name: string,
  make: () => Promise<ArbitersUnderTest> | ArbitersUnderTest,
  skip: string | undefined,
  concurrency = 1,
): void {
  type Check = (world: ArbitersUnderTest, askers: readonly [Asker, Asker, Asker]) => Promise<void>;
  const promise = (sentence: string, check: Check): void => {
    it(sentence, { timeout: 120_000 }, async (context) => {
      for (let tries = 1; ; tries++) {
        const outcome = await attempt(check);
        if (outcome === "stalled" && tries < mostTries) continue;
        if (outcome === "not here") context.skip("this form cannot suffer that");
        if (outcome === "stalled") context.skip(`this machine was too busy, ${mostTries} times`);
        return;
      }
    });
  };
  /** @throws what the check throws, unless the machine is to blame. */
  const attempt = async (check: Check): Promise<"passed" | "not here" | "stalled"> => {
    const world = await make();
    const askers = world.users.map((user) => new Asker(world, user)) as unknown as [Asker, Asker, Asker];
    try {
      await check(world, askers);
      assert.deepEqual(
        askers.flatMap(({ faults }) => faults),
        [],
      );
      return "passed";
    } catch (error) {
      if (error === notHere) return "not here";
      if (error instanceof GivenTwice || world.hasStalled?.() !== true) throw error;
      return "stalled";
    } finally {
      await world.close();
    }
  };

  describe(`arbiter: ${name}`, { skip: skip ?? false, concurrency }, () => {
    promise("a free lease is granted to who asks for it", async (_, [first]) => {
      const verdicts = await first.ask([web]);
      assert.deepEqual([...verdicts], [[web, { kind: "granted" }]]);
    });

    promise(
      "while a lease lasts all others hear who has it, and when asking again is worth while",
      async (world, [first, second]) => {
        await first.ask([web]);
        await world.pass(world.lease / 4);
        const verdict = (await second.ask([web])).get(web);
        assert.ok(verdict?.kind === "held", JSON.stringify(verdict));
        assert.equal(verdict.by, first.user.node);
        assert.ok(
          verdict.freeIn > 0 && verdict.freeIn <= world.lease * 0.75 + world.slack,
          `free in ${verdict.freeIn} ms`,
        );
      },
    );

    promise(
      "a lease lasts its whole time from the claim on, and is had by another as soon as it has run out",
      async (world, [first, second]) => {
        for (const group of [web, mail]) {
          const claimedAt = world.now();
          await first.ask([group]);
          const won = await second.insist(group, world.lease + 4 * world.slack);
          assertSafe(
            won.answeredAt >= claimedAt + world.lease,
            `granted ${won.answeredAt - claimedAt} ms after the claim`,
          );
          assert.ok(
            won.answeredAt <= claimedAt + world.lease + 3 * world.slack,
            `only after ${won.answeredAt - claimedAt} ms`,
          );
        }
      },
    );

    promise(
      "a lease that is claimed again and again is never another's, and lasts its whole time after the last claim",
      async (world, [first, second]) => {
        let claimedAt = 0;
        for (let round = 0; round < 9; round++) {
          claimedAt = world.now();
          assert.equal(kindOf(await first.ask([web]), web), "granted");
          assert.equal(kindOf(await second.ask([web]), web), "held");
          await world.pass(Math.max(0, claimedAt + world.lease / 3 - world.now()));
        }
        const won = await second.insist(web, world.lease + 4 * world.slack);
        assertSafe(won.answeredAt >= claimedAt + world.lease, "granted too early");
      },
    );

    promise("a released lease is free at once", async (world, [first, second]) => {
      await first.ask([web, mail]);
      first.release([web]);
      const won = await second.insist(web, world.lease / 2);
      assert.ok(won.answeredAt < world.now() + world.lease / 2);
      assert.equal(kindOf(await second.ask([mail]), mail), "held");
    });

    promise("releasing what is another's, or nobody's, changes nothing", async (world, [first, second, third]) => {
      await first.ask([web]);
      second.release([web, mail]);
      second.release([]);
      await world.pass(world.slack);
      assert.equal(kindOf(await third.ask([web]), web), "held");
      assert.equal(kindOf(await first.ask([web, mail]), web), "granted");
    });

    promise(
      "an answer that is under way says nothing about what was released meanwhile",
      async (world, [first, second]) => {
        const request = first.claim([web, mail]);
        first.release([web]);
        await until(world, () => first.answers.has(request), world.slack);
        assert.equal(first.answers.get(request)?.verdicts.get(web), undefined);
        const won = await second.insist(web, world.lease / 2);
        assert.ok(won.answeredAt > 0);
      },
    );

    promise("of many that claim in the same moment one wins, again and again", async (world, askers) => {
      for (let round = 0; round < 10; round++) {
        const verdicts = await Promise.all(askers.map((asker) => asker.ask([web])));
        const granted = verdicts.filter((one) => kindOf(one, web) === "granted").length;
        assertSafe(granted <= 1, `${granted} winners in round ${round}`);
        const winner = askers[verdicts.findIndex((one) => kindOf(one, web) === "granted")];
        const others = verdicts.filter((one) => kindOf(one, web) !== "granted");
        if (winner !== undefined)
          for (const one of others) {
            const verdict = one.get(web);
            if (verdict?.kind === "held") assert.equal(verdict.by, winner.user.node);
          }
        // Some forms let nobody win when all begin at once (they step back); then one that asks alone must.
        const holder = winner ?? askers[round % 3]!;
        if (winner === undefined) await holder.insist(web, world.lease + 4 * world.slack);
        holder.release([web]);
        await world.pass(world.slack);
      }
    });

    promise("many groups in one claim get a verdict each", async (world, [first, second]) => {
      const groups = Array.from({ length: 150 }, (_, i) => groupId(groupName(`group-${i}`)));
      const odd = groups.filter((_, i) => i % 2 === 1);
      const started = world.now();
      assert.deepEqual(new Set([...(await first.ask(odd)).values()].map(({ kind }) => kind)), new Set(["granted"]));
      const verdicts = await second.ask(groups);
      if (world.now() - started > world.lease) return;
      assert.deepEqual([...verdicts.keys()].sort(), [...groups].sort());
      for (const group of groups)
        assert.equal(kindOf(verdicts, group), odd.includes(group) ? "held" : "granted", group);
    });

    promise("a claim of nothing asks whether the arbiter is there", async (_, [first]) => {
      assert.equal((await first.ask([])).size, 0);
    });

    promise(
      "an arbiter out of reach is silence: calls return at once, the lease runs out, another gets it",
      async (world, [first, second]) => {
        const reach = needs(world.reach);
        const claimedAt = world.now();
        await first.ask([web]);
        reach(first.user, false);
        const lost = Array.from({ length: 20 }, () => first.claim([web, mail]));
        first.release([mail]);
        const won = await second.insist(web, world.lease + 4 * world.slack);
        assertSafe(won.answeredAt >= claimedAt + world.lease, "granted too early");
        assert.deepEqual(
          lost.filter((request) => first.answers.has(request)),
          [],
        );
        reach(first.user, true);
        await world.pass(world.slack);
        assert.equal(kindOf(await first.ask([web]), web), "held");
        for (const request of lost)
          assert.notEqual(kindOf(first.answers.get(request)?.verdicts ?? new Map(), web), "granted");
      },
    );

    promise(
      "answers may be late and come in another order; each belongs to its call",
      async (world, [first, second]) => {
        const delayAnswers = needs(world.delayAnswers);
        await second.ask([mail]);
        delayAnswers(first.user, 4 * world.slack);
        const early = first.claim([web]);
        await world.pass(world.slack);
        delayAnswers(first.user, 0);
        const late = first.claim([mail]);
        await world.pass(8 * world.slack);
        assert.deepEqual(first.order.slice(-2), [late, early]);
        assert.deepEqual([...(first.answers.get(early)?.verdicts.keys() ?? [])], [web]);
        assert.equal(kindOf(first.answers.get(early)?.verdicts ?? new Map(), web), "granted");
        assert.equal(kindOf(first.answers.get(late)?.verdicts ?? new Map(), mail), "held");
      },
    );

    promise(
      "an arbiter that lost its memory gives nobody what another may still hold",
      async (world, [first, second]) => {
        const loseMemory = needs(world.loseMemory);
        await second.insist(mail, world.quiet + world.lease + 4 * world.slack);
        const claimedAt = world.now();
        await first.ask([web]);
        await loseMemory.call(world);
        const won = await second.insist(web, world.quiet + world.lease + 4 * world.slack);
        assertSafe(
          won.answeredAt >= claimedAt + world.lease,
          `granted ${won.answeredAt - claimedAt} ms after the claim of the former holder`,
        );
      },
    );

    promise(
      "an arbiter that lost its memory says why it grants nothing, and grants again when every lease has run out",
      async (world, [first, second]) => {
        const loseMemory = needs(world.loseMemory);
        const lostAt = world.now();
        await loseMemory.call(world);
        const startedAt = world.now();
        const verdict = (await first.ask([web])).get(web);
        assert.ok(verdict?.kind === "refused" && verdict.why.length > 0, JSON.stringify(verdict));
        const won = await second.insist(web, world.quiet + world.lease);
        assertSafe(won.answeredAt >= lostAt + world.lease, "granted before every lease had run out");
        assert.ok(won.answeredAt <= startedAt + world.quiet + world.lease / 20 + 4 * world.slack);
      },
    );

    promise(
      "an arbiter that lost its memory goes on with who still holds, if it can believe that",
      async (world, [first, second]) => {
        const loseMemory = needs(world.believesHolders === true ? world.loseMemory : undefined);
        await first.ask([web]);
        await loseMemory.call(world);
        assert.equal(kindOf(await first.ask([web]), web), "granted");
        assert.notEqual(kindOf(await second.ask([web]), web), "granted");
        assert.notEqual(kindOf(await second.ask([mail]), mail), "granted");
        const rounds = Math.ceil((3 * world.quiet) / world.lease);
        for (let round = 0; round < rounds; round++) {
          await world.pass(world.lease / 3);
          assert.equal(kindOf(await first.ask([web]), web), "granted");
          assert.notEqual(kindOf(await second.ask([web]), web), "granted");
        }
      },
    );

    promise("a poisoned node hears it, and from whom; no other does", async (world, [first, second, third]) => {
      const poison = needs(world.poison);
      await world.pass(world.slack);
      poison(second.user, third.user.node);
      await until(world, () => second.poisonedBy.length > 0, world.lease + world.slack);
      assert.deepEqual([first.poisonedBy, second.poisonedBy, third.poisonedBy], [[], [third.user.node], []]);
    });

    promise(
      "after close nothing is heard and calls do nothing; what was held runs out",
      async (world, [first, second]) => {
        const claimedAt = world.now();
        await first.ask([web]);
        const pending = first.claim([web]);
        const lastClaimAt = world.now();
        first.user.arbiter.close();
        first.release([web]);
        const lost = first.claim([mail]);
        const won = await second.insist(web, world.lease + (lastClaimAt - claimedAt) + 4 * world.slack);
        assertSafe(won.answeredAt >= claimedAt + world.lease, "granted too early");
        assert.deepEqual([first.answers.has(pending), first.answers.has(lost)], [false, false]);
      },
    );

    promise("whatever happens, nobody is granted what another holds by its own count", async (world, askers) => {
      const seed = Number(process.env["ARBITER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
      await turmoil(world, askers, new Luck(seed)).catch((error: unknown) => {
        if (error instanceof Error) error.message = `ARBITER_SEED=${seed}: ${error.message}`;
        throw error;
      });
    });
  });
}

/** Thrown by a test that needs a fault which the form does not have. */
const notHere = new Error("not here");

function needs<T>(fault: T | undefined): T {
  if (fault === undefined) throw notHere;
  return fault;
}

/** Random claims, releases and faults for twelve leases; every grant is compared with what the others hold at that moment. */
async function turmoil(world: ArbitersUnderTest, askers: readonly Asker[], luck: Luck): Promise<void> {
  const groups = [web, mail, groupId(groupName("files"))];
  const holds = new Map<string, number>();
  const problems: string[] = [];
  let grants = 0;
  for (const asker of askers) {
    asker.user.arbiter.onAnswer((request, verdicts) => {
      const until = (asker.claimedAt.get(request) ?? 0) + world.lease;
      for (const [group, { kind }] of verdicts) {
        if (kind !== "granted" || until <= world.now()) continue;
        grants++;
        const mine = `${asker.user.node} ${group}`;
        for (const [key, end] of holds)
          if (key.endsWith(group) && key !== mine && end > world.now())
            problems.push(`${mine} was granted while ${key} lasts for another ${end - world.now()} ms`);
        holds.set(mine, Math.max(until, holds.get(mine) ?? 0));
      }
    });
  }
  const end = world.now() + 12 * world.lease;
  // One of them hangs for a lease or so, so that what it had runs out while the others ask for it all the time.
  let hung = luck.pick(askers);
  let hangsUntil = 0;
  while (world.now() < end) {
    if (hangsUntil < world.now()) {
      hung = luck.pick(askers);
      hangsUntil = world.now() + luck.between(0.3, 1.3) * world.lease;
    }
    const asker = luck.pick(askers.filter((one) => one !== hung));
    const some = groups.filter(() => luck.chance(0.6));
    if (luck.chance(0.9)) asker.claim(some);
    else {
      for (const group of some) holds.delete(`${asker.user.node} ${group}`);
      asker.release(some);
    }
    if (luck.chance(0.05)) world.reach?.(asker.user, luck.chance(0.6));
    if (luck.chance(0.05)) world.delayAnswers?.(asker.user, luck.chance(0.5) ? 0 : luck.between(0, 1.2 * world.lease));
    await world.pass(luck.between(0, world.lease / 20));
  }
  assertSafe(problems.length === 0, problems.join("\n"));
  assert.ok(grants > 5, `only ${grants} grants`);
}
