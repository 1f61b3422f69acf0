import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Event, Fact } from "../../src/core/event.js";
import { half } from "../../src/core/history.js";
import { type Message, textOf } from "../../src/core/message.js";
import { nodeName, operationId } from "../../src/core/names.js";
import { nextDeadline, start, step } from "../../src/core/node.js";
import type { NodeState } from "../../src/core/node-state.js";
import { mostMissing } from "../../src/core/reception.js";
import { instant } from "../../src/core/time.js";
import {
  assertAwake,
  checkedStep,
  deepFreeze,
  ETH0,
  ETH1,
  identityOf,
  nonceOf,
  pair,
  seeded,
  settingsOf,
  uuidOf,
  World,
} from "./rig.js";

/** What a random message may say: each field plausible, hostile or absent. Signed rightly, for the core it is genuine. */
const oneOf = (...values: (string | undefined)[]) => fc.constantFrom(...values);
const hex = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 2 ** 52 })).map((n) => n.toString(16));
const small = fc.integer({ min: 0, max: 40 }).map((n) => n.toString(16));
const decimal = fc.integer({ min: -1, max: 3_000 }).map(String);
const weird = fc.string({ maxLength: 40 });
const names = oneOf("alpha", "bravo", "ALPHA", "charlie", "", undefined);
const word = (...values: (string | undefined)[]) =>
  fc.oneof({ weight: 8, arbitrary: oneOf(...values) }, { weight: 1, arbitrary: weird });
const groupWord = fc
  .tuple(
    oneOf("vip1", "vip2", "svc3"),
    oneOf(..."iahdrgkx"),
    fc.integer({ min: 0, max: 30 }),
    oneOf("", "", "!"),
    oneOf("", "", ">alpha/1", ">bravo/1"),
  )
  .map(([name, state, n, failed, to]) => `${idOf(name ?? "")}${state}${n}${failed}${to}`);

const settings = settingsOf("alpha", {
  nodes: ["alpha", "bravo", "charlie"],
  groups: ["alpha: vip1 svc1", "bravo: vip2", "charlie: svc3"],
  pings: ["10.0.0.254"],
  ipfail: "built-in",
  autoFailback: "on",
});

function idOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const fields: Readonly<Record<string, fc.Arbitrary<string | Uint8Array | undefined>>> = {
  t: word(
    "status",
    "status",
    "status",
    "resource",
    "ask_resources",
    "hb_takeover",
    "starting",
    "shutdone",
    "reqnodes",
    "repnodes",
    "num_ping_nodes",
    "abort_giveup",
    "you_are_dead",
    "hbapi-clstat",
    "ip-request",
    "ip-request-resp",
    "NS_rexmit",
    "NS_nak_rexmit",
    "NS_ackmsg",
    "NS_died",
    "NS_st",
    undefined,
  ),
  src: word("bravo", "bravo", "charlie", "alpha", "Bravo", undefined),
  srcuuid: fc.constantFrom(uuidOf("bravo"), uuidOf("alpha"), new Uint8Array(0), undefined),
  seq: fc.oneof(small, hex, oneOf(undefined, "0", "-1")),
  hg: fc.oneof(oneOf("1", "1", "2", "3", undefined), hex),
  ts: oneOf("6553f100", "6553f100", "6553f100", "1", "0", undefined),
  dest: names,
  destuuid: fc.constantFrom(undefined, undefined, undefined, uuidOf("alpha"), new Uint8Array(3)),
  st: word("up", "active", "dead", "init", undefined),
  dt: fc.oneof(oneOf("1388", "1b58", "0", "1", undefined), hex),
  rsc_hold: word("none", "local", "foreign", "all", undefined),
  rtype: oneOf("full", "full", undefined),
  isstable: oneOf("0", "1", undefined),
  info: word("me", "other", "done", "refused", "standby", "shutdown", "mach_down", undefined),
  firstseq: decimal,
  lastseq: decimal,
  hbv: word("1 s", "1", "2 s x", undefined),
  hbs: word(
    "00000000aaaaaaaaaaaaaaaa",
    "00000001aaaaaaaaaaaaaaaa",
    "00000000bbbbbbbbbbbbbbbb",
    "ffffaaaaaaaaaaaaaaaa",
    undefined,
  ),
  hbn: hex,
  hbe: word("alpha:@", "alpha:@ bravo:0000aaaaaaaaaaaaaaaa", "alpha:0", "", undefined),
  hbg: fc.oneof(
    fc.array(groupWord, { maxLength: 4 }).map((words) => words.join(" ")),
    weird,
    fc.constant(undefined),
  ),
  hbp: fc.oneof(oneOf("?", "0", "1", "2", undefined), weird),
  from_id: word("ipfail", undefined),
  to_id: word("ipfail", undefined),
  num_ping: fc.oneof(oneOf("0", "1", "2"), decimal),
  ipaddr: word("vip1", "vip2", undefined),
  hbc: oneOf("d1", "d2", undefined),
  hbl: oneOf(undefined, undefined, undefined, "1"),
  hbo: oneOf(undefined, "3", "999"),
  hbi: fc.oneof(fc.integer({ min: 0, max: 30 }).map(String), oneOf(undefined)),
  hbw: oneOf("operator", "failback", "connectivity", undefined),
};

/** `@` in `hbe` becomes the nonce that the node has at that moment: these senders have proved that they live now. */
const anyMessage: fc.Arbitrary<Message> = fc
  .record(fields, { noNullPrototype: true })
  .map((record) => Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])));

function withNonce(heard: Message, nonce: string): Message {
  return heard.map((field) =>
    typeof field.value === "string" && field.name === "hbe"
      ? { ...field, value: field.value.replace("@", nonce) }
      : field,
  );
}

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        type: fc.constant("messageHeard" as const),
        link: fc.constantFrom(ETH0, ETH1),
        message: anyMessage,
        authenticated: fc.constant("configured" as const),
      },
      { noNullPrototype: true },
    ),
  },
  { weight: 4, arbitrary: fc.constant({ type: "deadlineReached" } as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("10.0.0.254", "10.9.9.9")
      .map((node) => ({ type: "pingAnswered", node: nodeName(node), askedAt: instant(0) }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom("succeeded", "running", "stopped", "exit-code", "not-found", "timed-out"),
      )
      .map(([n, kind]): Fact => {
        const operation = operationId(n);
        if (kind === "succeeded" || kind === "running" || kind === "stopped")
          return { type: "resourceFinished", operation, outcome: { kind } };
        return { type: "resourceFinished", operation, outcome: { kind: "failed", why: kind as "exit-code", code: 1 } };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("standbyRequested" as const, "takeoverRequested" as const),
        fc.constantFrom("all" as const, "local" as const, "foreign" as const, "failback" as const),
        fc.nat(9),
      )
      .map(([type, what, request]) => ({ type, what, request })),
  },
);

/** How long until the event: most at the node's own deadline, some between, some far too late (it slept). */
const anyWait = fc.oneof(
  { weight: 4, arbitrary: fc.constant("deadline" as const) },
  { weight: 6, arbitrary: fc.double({ min: 0, max: 400, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 20_000, noNaN: true }) },
);
const anyStory = fc.array(fc.tuple(anyWait, anyFact), { minLength: 1, maxLength: 120 });

const birth = (at = 1_000.25) => ({
  settings,
  identity: identityOf("alpha"),
  seed: 7,
  nonce: nonceOf("alpha"),
  at: instant(at),
  wall: 1_700_000_000,
});

function eventAfter(state: NodeState, at: number, wait: number | "deadline", fact: Fact): Event {
  const moment = wait === "deadline" ? nextDeadline(state) : instant(at + wait);
  const felt = fact.type === "messageHeard" ? { ...fact, message: withNonce(fact.message, state.nonce) } : fact;
  if (felt.type === "pingAnswered") return { ...felt, askedAt: moment, at: moment, wall: 1_700_000_000 };
  return { ...felt, at: moment, wall: 1_700_000_000 + moment / 1_000 };
}

const replay = (
  story: readonly (readonly [number | "deadline", Fact])[],
  see: (state: NodeState, event: Event) => void,
) => {
  let [state] = start(birth());
  let at = 1_000.25;
  for (const [wait, fact] of story) {
    const event = eventAfter(state, at, wait, fact);
    at = event.at;
    const [next] = checkedStep(state, event);
    state = next;
    see(state, event);
  }
};

test("whatever is heard, signed or not by whom it says, the node does not throw, writes to no state and asks to be woken in the future", (t) => {
  fc.assert(
    fc.property(anyStory, (story) => replay(story, () => {})),
    seeded(t, 600),
  );
});

test("however long strangers and liars talk, nothing grows without bound", (t) => {
  const property = fc.property(anyStory, (story) =>
    replay(story, (state) => {
      assert.ok(state.outbox.history.old.length + state.outbox.history.young.length <= 2 * half);
      assert.ok(state.counters.size <= 40, [...state.counters.keys()].join(" "));
      assert.equal(state.peers.size, 2);
      assert.equal(state.groups.size, 3);
      assert.equal(state.pings.size, 1);
      for (const peer of state.peers.values()) {
        assert.ok(peer.links.size <= 2);
        assert.ok(peer.reception.missing.size <= mostMissing);
        for (const link of peer.links.values()) assert.equal(link.window.words.length, 33);
        assert.ok((peer.session.candidate?.length ?? 0) <= 32);
      }
    }),
  );
  fc.assert(property, seeded(t, 300));
});

test("one event makes a bounded number of requests", (t) => {
  const property = fc.property(anyStory, (story) => {
    let [state] = start(birth());
    let at = 1_000.25;
    for (const [wait, fact] of story) {
      const event = eventAfter(state, at, wait, fact);
      at = event.at;
      const [next, effects] = step(state, event);
      assert.ok(effects.length <= 150, `${effects.length} effects of ${event.type}`);
      assert.ok(effects.filter((effect) => effect.type === "send").length <= 110);
      state = next;
    }
  });
  fc.assert(property, seeded(t, 200));
});

test("the same state and the same event give the same next state and the same requests", (t) => {
  const property = fc.property(anyStory, (story) => {
    let [state] = start(birth());
    let at = 1_000.25;
    for (const [wait, fact] of story) {
      const event = eventAfter(state, at, wait, fact);
      at = event.at;
      const once = step(deepFreeze(state), event);
      assert.deepEqual(step(state, event), once);
      state = once[0];
    }
  });
  fc.assert(property, seeded(t, 60));
});

test("left to itself the node wakes seldom: once per keepalive and for what is due", (t) => {
  const property = fc.property(anyStory, (story) => {
    let [state] = start(birth());
    let at = 1_000.25;
    for (const [wait, fact] of story) {
      const event = eventAfter(state, at, wait, fact);
      at = event.at;
      state = step(state, event)[0];
    }
    // One deadline of silence per peer and link and ping node, the operations, the announcements: never a hot loop.
    let wakings = 0;
    for (const end = at + 20_000; nextDeadline(state) < end; wakings++) {
      const due = nextDeadline(state);
      state = checkedStep(state, { type: "deadlineReached", at: due, wall: 1_700_000_000 })[0];
      assert.ok(wakings < 400, `woken ${wakings} times in ${due - at} ms`);
    }
  });
  fc.assert(property, seeded(t, 200));
});

test("the first words: status init, then up at once, as the original", () => {
  const [state, effects] = start(birth());
  const sent = effects.flatMap((effect) => (effect.type === "send" ? [textOf(effect.message, "st")] : []));
  assert.deepEqual(sent, ["init", "up"]);
  assertAwake(state, instant(1_000.25));
});

test("heartbeats leave every keepalive, to the millisecond, and pings with them", () => {
  const world = new World();
  const alpha = world.start("alpha", { pings: ["10.0.0.254"] });
  alpha.takeSent();
  world.run(9_500);
  const beats = alpha.history.filter(({ effect }) => effect.type === "send").map(({ at }) => at - 1_000);
  assert.deepEqual(beats, [0, 0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000]);
  assert.equal(alpha.take("ping").length, 10);
});

test("during its first deadtime a node asks for two seconds more", () => {
  const world = new World();
  const alpha = world.start("alpha");
  world.run(9_500);
  const announced = alpha.takeSent().map((m) => textOf(m, "dt"));
  assert.deepEqual(announced.slice(0, 6), Array(6).fill("1b58"));
  assert.deepEqual(announced.slice(6), Array(5).fill("1388"));
});

test("a node that overslept judges nobody by that silence", () => {
  const { world, alpha } = pair();
  alpha.asleep = true;
  world.run(2_900);
  alpha.asleep = false;
  alpha.takeLog();
  alpha.feel({ type: "deadlineReached" });
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
  assert.equal(alpha.holding("vip1"), "held");
  world.run(10_000);
  assert.ok(!alpha.takeLog().some((line) => /is dead/.test(line)));
});

test("a wake-up later than a keepalive is an oversleeping, one that comes just in time is none", () => {
  for (const [late, expected] of [
    [999, 0],
    [1_000, 0],
    [1_001, 1],
  ] as const) {
    const { alpha } = pair();
    alpha.take("record");
    const at = instant(nextDeadline(alpha.state) + late);
    const [, effects] = checkedStep(alpha.state, { type: "deadlineReached", at, wall: 0 });
    assert.equal(effects.filter((effect) => effect.type === "record" && effect.what === "overslept").length, expected);
  }
});

test("a node that slept so long that its peers may have taken over withdraws its addresses before anything else", () => {
  const { world, alpha, bravo } = pair();
  alpha.asleep = true;
  world.run(8_000);
  assert.equal(bravo.holding("vip1"), "held");
  alpha.asleep = false;
  const before = alpha.state.nonce;
  const effects = alpha.feel({ type: "deadlineReached" });
  const first = effects.findIndex((effect) => effect.type === "withdrawAddresses");
  assert.ok(first >= 0 && first < effects.findIndex((effect) => effect.type === "send"));
  assert.notEqual(alpha.state.nonce, before);
  assert.ok(!alpha.running.has("vip1"));
  world.run(3_000);
  assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
});

test("what was being released when the node fell asleep is withdrawn as well", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", "hangs");
  alpha.feel({ type: "stopRequested" });
  assert.equal(alpha.holding("vip1"), "releasing");
  alpha.asleep = true;
  world.run(8_000);
  alpha.asleep = false;
  alpha.feel({ type: "deadlineReached" });
  assert.ok(!alpha.running.has("vip1"), "bravo has the address by now");
});

test("a node that overslept and finds nobody took its groups holds them again under the old term", () => {
  const { world, alpha, bravo } = pair();
  const held = alpha.group("vip1").highestTerm;
  bravo.asleep = true;
  alpha.asleep = true;
  world.run(8_000);
  alpha.asleep = false;
  bravo.asleep = false;
  world.run(4_000);
  assert.deepEqual([alpha.holding("vip1"), bravo.holding("vip2")], ["held", "held"]);
  assert.deepEqual(
    [world.holdings("vip1"), world.holdings("vip2")],
    [
      { alpha: "held", bravo: "idle" },
      { alpha: "idle", bravo: "held" },
    ],
  );
  assert.equal(alpha.group("vip1").highestTerm, held);
});

test("a node may oversleep as often as it likes: its new nonces are believed, the former ones are not", () => {
  const { alpha, bravo } = pair();
  const first = alpha.state.nonce;
  let [state, at] = [alpha.state, nextDeadline(alpha.state) as number];
  for (let i = 0; i < 70_000; i++) {
    at = nextDeadline(state) + 4_000;
    const next = step(state, { type: "deadlineReached", at: instant(at), wall: 0 })[0];
    assert.ok(next.nonce > state.nonce && next.nonce.length === first.length, `${state.nonce} ${next.nonce}`);
    state = next;
  }
  assert.match(state.nonce, /^[0-9a-f]{12,32}$/);
  assert.equal(bravo.peer("alpha").session.nonce, first);
});
