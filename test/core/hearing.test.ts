import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, message, textOf } from "../../src/core/message.js";
import { ETH0, ETH1, type Member, Original, pair, textsOf, uuidOf, World } from "./rig.js";

/** The message with some fields replaced, added or (undefined) taken out. */
function but(heard: Message, changes: Readonly<Record<string, string | Uint8Array | undefined>>): Message {
  const kept = heard.filter((field) => !(field.name in changes));
  return [...kept, ...message(changes)];
}

/** A heartbeat of bravo as it would reach alpha next, without reaching it. */
function nextBeat(world: World, from: Member): Message {
  const passes = world.passes;
  world.passes = () => false;
  const before = world.sent.length;
  from.asleep = false;
  while (!world.sent.slice(before).some((sent) => sent.from === from.name && textOf(sent.message, "t") === "status"))
    world.run(100);
  world.passes = passes;
  const found = world.sent
    .slice(before)
    .find((sent) => sent.from === from.name && textOf(sent.message, "t") === "status");
  assert.ok(found !== undefined);
  return found.message;
}

const aBeat = { t: "status", st: "up", dt: "1388", protocol: "1" };

test("every refusal has its name", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string | Uint8Array | undefined>>])[] = [
    ["missing-from-ts-type", { t: undefined }],
    ["missing-from-ts-type", { src: undefined }],
    ["missing-from-ts-type", { ts: undefined }],
    ["missing-from-ts-type", { ts: "0" }],
    ["missing-from-ts-type", { ts: "soon" }],
    ["bad-node", { src: "mallory" }],
    ["ping-payload-on-wrong-medium", { t: "NS_st" }],
    ["missing-generation", { hg: undefined }],
    ["missing-generation", { hg: "x" }],
    ["replay-attack", { hg: "0" }],
    ["bad-nonce", { hbs: "short" }],
    ["bad-nonce", { hbs: "UPPERCASE0123456789" }],
    ["bad-nonce", { hbs: "0".repeat(33) }],
    ["unproven-message", { hbe: undefined }],
    ["unproven-message", { hbe: "alpha:000000000000000000000000" }],
    ["unmarked-message", { hbs: undefined, hbv: undefined }],
    ["missing-sequence-number", { seq: undefined }],
    ["missing-sequence-number", { seq: "-1" }],
    ["bad-sequence-number", { seq: "0" }],
    ["other-message", { t: "hello" }],
    ["other-message", { t: "NS_hello" }],
    ["invalid-rexmit-request", { t: "NS_rexmit", firstseq: "5", lastseq: "4" }],
    ["invalid-rexmit-request", { t: "NS_rexmit", firstseq: "0", lastseq: "4" }],
    ["invalid-rexmit-request", { t: "NS_rexmit" }],
    ["rexmit-beyond-last", { t: "NS_rexmit", firstseq: "1", lastseq: "9000" }],
    ["status-without-st", { st: undefined }],
    ["bad-standby-message", { t: "ask_resources", rsc_hold: "some", info: "me" }],
    ["bad-standby-message", { t: "ask_resources", rsc_hold: "all", info: "you" }],
    ["stray-standby-message", { t: "ask_resources", rsc_hold: "all", info: "other" }],
    ["stray-standby-message", { t: "ask_resources", rsc_hold: "all", info: "done" }],
    ["bad-takeover-message", { t: "hb_takeover", rsc_hold: "some" }],
    ["unproven-death-notice", { t: "NS_died", seq: undefined, hbe: undefined }],
    ["unproven-death-notice", { t: "NS_died", seq: undefined, hbs: "00000000ffffffffffffffff" }],
    ["unproven-death-notice", { t: "NS_died", seq: undefined, hg: "2" }],
  ];
  for (const [name, changes] of cases) {
    const { world, alpha, bravo } = pair();
    const genuine = nextBeat(world, bravo);
    const before = alpha.counter(name);
    alpha.hear(but(genuine, changes));
    assert.equal(alpha.counter(name), before + 1, `${name} ${JSON.stringify(changes)} ${[...alpha.state.counters]}`);
    // The refusal does no harm: what is genuine is heard as before.
    alpha.hear(nextBeat(world, bravo));
    assert.equal(alpha.peer("bravo").liveness.kind, "up", name);
    assert.equal(alpha.holding("vip1"), "held", name);
  }
});

test("an original's message in the name of a node that runs our program is refused, and counted", () => {
  const { world, alpha } = pair();
  const forger = new Original(world, "bravo", 1);
  const heardAt = alpha.peer("bravo").liveness;
  alpha.hear(forger.message({ ...aBeat, seq: "999" }));
  assert.equal(alpha.counter("unmarked-message"), 1);
  assert.deepEqual(alpha.peer("bravo").liveness, heardAt);
});

test("a number far ahead is suspicious, a repeated one a duplicate, a lower one old; each is a sign of life only", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message({ ...aBeat, seq: "50" }));
  for (const [seq, name] of [
    ["50", "duplicate-sequence-number"],
    ["4f", "old-sequence-number"],
    ["350", "suspicious-sequence-number"],
  ] as const) {
    world.run(400);
    alpha.hear(bravo.message({ ...aBeat, seq, st: "dead" }));
    assert.equal(alpha.counter(name), 1);
    assert.equal(alpha.peer("bravo").status, "up");
    assert.deepEqual(alpha.peer("bravo").liveness, { kind: "up", heardAt: world.now });
  }
  alpha.hear(bravo.message({ ...aBeat, seq: "51", st: "active" }));
  assert.equal(alpha.peer("bravo").status, "active");
});

test("a forged status far ahead (A9) costs the genuine ones nothing", () => {
  const { world, alpha, bravo } = pair();
  const last = nextBeat(world, bravo);
  alpha.hear(but(last, { seq: "800", hbn: (Number.parseInt(textOf(last, "hbn") ?? "", 16) + 1).toString(16) }));
  assert.equal(alpha.counter("suspicious-sequence-number"), 1);
  world.run(20_000);
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
  assert.deepEqual(world.holdings("vip2"), { alpha: "idle", bravo: "held" });
  assert.equal(alpha.counter("old-sequence-number"), 0);
});

test("the first lie of a stranger is logged, the others only counted", () => {
  const { alpha, world } = pair();
  const stranger = new Original(world, "mallory\nCRIT: all is lost");
  alpha.takeLog();
  for (let i = 0; i < 5; i++) alpha.hear(stranger.message(aBeat));
  assert.equal(alpha.counter("bad-node"), 5);
  assert.equal(alpha.takeLog().filter((line) => /bad node/.test(line)).length, 1);
});

test("messages for other nodes are received but not obeyed; destuuid wins over dest", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  const cases: readonly (readonly [Readonly<Record<string, string | Uint8Array>>, boolean])[] = [
    [{ dest: "alpha" }, true],
    [{ dest: "ALPHA" }, true],
    [{ dest: "charlie" }, false],
    [{ dest: "charlie", destuuid: uuidOf("alpha") }, true],
    [{ dest: "alpha", destuuid: uuidOf("charlie") }, false],
    [{ dest: "alpha", destuuid: new Uint8Array(0) }, false],
  ];
  for (const [fields, obeyed] of cases) {
    alpha.takeSent();
    alpha.hear([...bravo.message({ t: "reqnodes", seq: undefined }), ...message(fields)]);
    assert.equal(
      alpha.takeSent().some((m) => textOf(m, "t") === "repnodes"),
      obeyed,
      JSON.stringify(fields),
    );
  }
  assert.equal(alpha.counter("lost-packets"), 0);
});

test("reqnodes is answered with the node list in the original's form, dest first", () => {
  const { world, alpha } = pair();
  const charlie = new Original(world, "bravo", 5);
  alpha.hear(charlie.message(aBeat));
  alpha.takeSent();
  alpha.hear(charlie.message({ t: "reqnodes", dest: "alpha" }));
  const [answer] = alpha.takeSent().filter((m) => textOf(m, "t") === "repnodes");
  assert.deepEqual(
    answer?.slice(0, 4).map(({ name, value }) => [name, value]),
    [
      ["dest", "bravo"],
      ["t", "repnodes"],
      ["nodelist", "alpha bravo "],
      ["delnodelist", " "],
    ],
  );
});

test("a recorded session of yesterday does not make a node alive (C3)", () => {
  const yesterday = new World();
  yesterday.start("alpha");
  yesterday.start("bravo", {}, 7);
  yesterday.run(60_000);
  const recording = yesterday.sent.filter(({ from }) => from === "bravo").map(({ message: m }) => m);
  const world = new World();
  const alpha = world.start("alpha", {}, 2);
  for (const heard of recording) {
    alpha.hear(heard);
    world.run(150);
  }
  assert.equal(alpha.peer("bravo").liveness.kind, "dead");
  assert.equal(alpha.counter("unproven-message"), recording.length);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("a recording of the running session, played over the same link, keeps no dead node alive (C4)", () => {
  const { world, alpha, bravo } = pair();
  world.run(30_000);
  const recording = world.sent.filter(({ from }) => from === "bravo").map(({ message: m }) => m);
  world.kill(bravo);
  for (const heard of recording) {
    alpha.hear(heard);
    world.run(200);
  }
  assert.equal(alpha.peer("bravo").liveness.kind, "dead");
  // From the moment in which alpha drew a new nonce because of it, the recording does not even repeat that.
  const refused = alpha.counter("replayed-datagram") + alpha.counter("duplicate-datagram");
  assert.ok(refused + alpha.counter("unproven-message") >= recording.length - 2);
});

test("a recording of one link, played over another one that is silent, keeps no dead node alive", () => {
  const { world, alpha, bravo } = pair();
  world.run(100_000);
  const recording = world.sent.filter(({ from }) => from === "bravo").map(({ message: m }) => m);
  world.kill(bravo);
  for (const heard of recording) {
    alpha.hear(heard, ETH1);
    world.run(200);
  }
  assert.equal(alpha.peer("bravo").liveness.kind, "dead");
  assert.equal(alpha.holding("vip2"), "held");
  // Only the newest ones may pass for copies that came late.
  assert.ok(alpha.counter("replayed-datagram") > 0, "old recordings count as replays");
});

test("copies over two links keep both links up and are handled once", () => {
  const { world, alpha, bravo } = pair();
  alpha.takeLog();
  world.passes = () => false;
  for (let i = 0; i < 20; i++) {
    const beat = nextBeat(world, bravo);
    alpha.hear(beat, i % 2 === 0 ? ETH0 : ETH1);
    alpha.hear(beat, i % 2 === 0 ? ETH1 : ETH0);
  }
  const { links } = alpha.peer("bravo");
  assert.deepEqual([links.get(ETH0)?.liveness.kind, links.get(ETH1)?.liveness.kind], ["up", "up"]);
  assert.equal(alpha.counter("replayed-datagram"), 0);
  assert.deepEqual(
    alpha.takeLog().filter((line) => /dead/.test(line)),
    [],
  );
});

test("one link cut and back: only the link is said to be dead", () => {
  const { world, alpha, bravo } = pair();
  world.passes = () => false;
  const over = (seconds: number, ...links: (typeof ETH0)[]) => {
    for (let i = 0; i < seconds; i++) {
      const beat = nextBeat(world, bravo);
      for (const link of links) alpha.hear(beat, link);
    }
  };
  over(8, ETH0, ETH1);
  alpha.takeLog();
  over(8, ETH1);
  assert.deepEqual(alpha.takeLog(), ["Link bravo:eth0 dead."]);
  over(8, ETH0, ETH1);
  assert.deepEqual(alpha.takeLog(), ["Link bravo:eth0 up."]);
});

test("an older generation is refused over every link and named once in the log", () => {
  const { world, alpha, bravo } = pair();
  const old = nextBeat(world, bravo);
  world.kill(bravo);
  world.start("bravo", {}, 2);
  world.run(1_000);
  assert.equal(alpha.peer("bravo").generation, 2);
  alpha.takeLog();
  for (const link of [ETH0, ETH1, ETH0]) alpha.hear(old, link);
  assert.equal(alpha.counter("replay-attack"), 3);
  assert.deepEqual(alpha.takeLog(), ["should_drop_message: attempted replay attack [bravo]? [gen = 1, curgen = 2]"]);
});

test("a nonce that was rotated away brings its session not back", () => {
  const { world, alpha, bravo } = pair();
  const recorded = nextBeat(world, bravo);
  bravo.asleep = true;
  world.run(4_900);
  bravo.asleep = false;
  world.run(2_000);
  const nonce = alpha.peer("bravo").session.nonce;
  assert.equal(nonce, bravo.state.nonce);
  assert.notEqual(nonce, textOf(recorded, "hbs"));
  alpha.hear(recorded);
  assert.equal(alpha.counter("bad-nonce"), 1);
  assert.equal(alpha.peer("bravo").session.nonce, nonce);
});

test("whoever repeats our former nonce speaks of the past: after an oversleeping only new words count", () => {
  const { world, alpha, bravo } = pair();
  const queued = nextBeat(world, bravo);
  alpha.asleep = true;
  world.run(4_500);
  alpha.asleep = false;
  alpha.feel({ type: "deadlineReached" });
  const before = alpha.counter("unproven-message");
  alpha.hear(queued);
  assert.equal(alpha.counter("unproven-message"), before + 1);
  world.run(1_000);
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
});

test("two nodes that start at the same moment believe each other within a few messages", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = world.start("bravo");
  world.run(20);
  assert.deepEqual([alpha.peer("bravo").liveness.kind, bravo.peer("alpha").liveness.kind], ["up", "up"]);
  assert.deepEqual([alpha.state.phase.kind, bravo.state.phase.kind], ["active", "active"]);
  assert.ok(world.sent.length < 40, `${world.sent.length} messages`);
});

test("a newer incarnation that cannot prove itself delays a takeover by a deadtime, once", () => {
  const { world, alpha, bravo } = pair();
  const template = nextBeat(world, bravo);
  world.kill(bravo);
  const recording = but(template, { hg: "2", hbs: "00000000dddddddddddddddd", hbe: undefined });
  world.every(700, () => alpha.hear(recording));
  world.run(4_900);
  assert.equal(alpha.holding("vip2"), "idle");
  world.run(6_000);
  assert.equal(alpha.peer("bravo").liveness.kind, "dead");
  assert.equal(alpha.holding("vip2"), "held");
});

test("replayed messages with changing nonces draw no more heartbeats than one per keepalive or so", () => {
  const { world, alpha, bravo } = pair();
  const template = nextBeat(world, bravo);
  world.run(1_000);
  const before = alpha.state.outbox.seq;
  for (let i = 0; i < 1_000; i++)
    alpha.hear(
      but(template, { hbe: undefined, hbs: `00000001${(i % 7).toString(16).padStart(16, "0")}`, hbn: i.toString(16) }),
    );
  assert.ok(alpha.state.outbox.seq - before <= 12, `${alpha.state.outbox.seq - before} heartbeats in no time`);
});

test("a restart is noticed, and what the former incarnation held is void", () => {
  const { world, alpha, bravo } = pair();
  world.kill(bravo);
  alpha.takeLog();
  world.start("bravo", {}, 2);
  world.run(100);
  const log = alpha.takeLog();
  assert.ok(log.includes("Heartbeat restart on node bravo"), log.join("\n"));
  world.run(5_000);
  assert.deepEqual(world.holdings("vip2"), { alpha: "idle", bravo: "held" });
});

test("the guardian's death notice of this very session is believed at once", () => {
  const { world, alpha, bravo } = pair();
  const genuine = nextBeat(world, bravo);
  world.kill(bravo);
  alpha.takeLog();
  alpha.hear(but(genuine, { t: "NS_died", seq: undefined, st: undefined, hbg: undefined }));
  assert.deepEqual(alpha.peer("bravo").liveness, { kind: "left", since: world.now, how: "daemon-died" });
  assert.deepEqual(alpha.takeLog().slice(0, 1), [
    "node bravo: its heartbeat daemon died; its guardian has withdrawn its addresses",
  ]);
  world.run(10);
  assert.equal(alpha.holding("vip2"), "held");
});

test("messages that were under way when a node left do not bring it back; a newer incarnation does", () => {
  const { world, alpha, bravo } = pair();
  const under = [nextBeat(world, bravo), nextBeat(world, bravo)];
  bravo.feel({ type: "stopRequested" });
  world.run(2_500);
  assert.ok(world.ended.has(bravo.name));
  assert.equal(alpha.peer("bravo").liveness.kind, "left");
  for (const heard of under) alpha.hear(heard);
  assert.equal(alpha.peer("bravo").liveness.kind, "left");
  world.start("bravo", {}, 2);
  world.run(100);
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
});

test("a second node with our name is an error said once, our own echo is not", () => {
  const { world, alpha } = pair();
  const own = nextBeat(world, alpha);
  alpha.takeLog();
  alpha.hear(own);
  assert.equal(alpha.counter("own-message-came-back"), 1);
  const twin = world.sent.length;
  const other = new World().start("alpha", {}, 3);
  other.world.run(1_000);
  for (const { message: m } of other.world.sent) alpha.hear(but(m, { srcuuid: uuidOf("twin") }));
  assert.ok(twin > 0);
  assert.ok(alpha.counter("another-node-has-our-name") >= 2);
  assert.deepEqual(alpha.takeLog(), [
    "Another node calls itself alpha too: give each node a name of its own (uname -n).",
  ]);
});

test("an original in our name is a second node too, even without a uuid", () => {
  const { world, alpha } = pair();
  const twin = new Original(world, "alpha");
  alpha.hear(but(twin.message(aBeat), { srcuuid: uuidOf("zulu") }));
  alpha.hear(but(twin.message(aBeat), { srcuuid: undefined }));
  alpha.hear(but(twin.message(aBeat), { srcuuid: new Uint8Array(0) }));
  assert.equal(alpha.counter("another-node-has-our-name"), 3);
});

test("an original's new incarnation begins with a status; what overtakes it is counted and dropped", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  bravo.incarnation++;
  bravo.seq = 0;
  alpha.hear(bravo.message({ t: "shutdone", st: "dead" }));
  assert.equal(alpha.counter("message-before-status"), 1);
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
  alpha.hear(bravo.message(aBeat));
  assert.equal(alpha.peer("bravo").generation, bravo.incarnation);
});

test("late heartbeats are reported when the next one comes, with the interval", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  world.run(4_000);
  alpha.takeLog();
  alpha.hear(bravo.message({ ...aBeat, seq: "2" }));
  assert.deepEqual(alpha.takeLog(), ["Late heartbeat: Node bravo: interval 4000 ms"]);
});

test("a lost message is asked for within 50 to 250 ms, again every 250 ms, and arrives once", () => {
  const { world, alpha, bravo } = pair();
  const lost = nextBeat(world, bravo);
  const next = nextBeat(world, bravo);
  const start = world.now;
  alpha.hear(next);
  assert.equal(alpha.counter("lost-packets"), 1);
  world.passes = (from) => from === "bravo";
  bravo.asleep = true;
  world.run(1_100);
  // Before that bravo was asked for its next number, because it was silent.
  const requests = world.sent.filter(
    (sent) => sent.at > start && sent.from === "alpha" && textOf(sent.message, "t") === "NS_rexmit",
  );
  assert.ok(requests.length >= 4 && requests.length <= 5);
  const seq = Number.parseInt(textOf(lost, "seq") ?? "", 16);
  assert.deepEqual(
    textsOf(
      requests.slice(0, 1).map(({ message: m }) => m),
      "dest",
      "firstseq",
      "lastseq",
    ),
    [`bravo ${seq} ${seq}`],
  );
  const first = (requests[0]?.at ?? 0) - start;
  assert.ok(first >= 50 && first <= 300, `${first}`);
  assert.deepEqual(
    requests.slice(1).map(({ at }, i) => at - (requests[i]?.at ?? 0)),
    Array(requests.length - 1).fill(250),
  );
});

test("a hundred lost messages are asked for in a few wake-ups, each again every 250 ms", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  alpha.hear(bravo.message({ ...aBeat, seq: "66" }));
  world.run(2_000);
  const asked = world.sent.filter(({ message: m }) => textOf(m, "t") === "NS_rexmit");
  assert.ok(new Set(asked.map(({ message: m }) => textOf(m, "firstseq"))).size === 100);
  assert.ok(asked.length <= 800, `${asked.length} requests`);
  const instants = new Set(asked.map(({ at }) => at));
  assert.ok(instants.size <= 90, `${instants.size} wake-ups`);
});

test("a message that is asked for is sent again as it was, but for its report, which is of then, with a fresh datagram number", () => {
  const { world, alpha, bravo } = pair();
  world.passes = () => false;
  const lost = nextBeat(world, bravo);
  const next = nextBeat(world, bravo);
  world.passes = () => true;
  alpha.hear(next);
  alpha.takeLog();
  world.run(600);
  assert.ok(alpha.takeLog().includes("No pkts missing from bravo!"));
  const seq = textOf(lost, "seq");
  const copies = world.sent
    .filter(({ from, message: m }) => from === "bravo" && textOf(m, "seq") === seq)
    .map(({ message: m }) => m);
  assert.equal(copies.length, 2);
  const body = (m: Message | undefined) => m?.filter(({ name }) => !["hbn", "hbe", "hbg"].includes(name));
  assert.deepEqual(body(copies[1]), body(copies[0]));
  assert.deepEqual([textOf(copies[0] ?? [], "hbg") === undefined, textOf(copies[1] ?? [], "hbg")], [false, undefined]);
  assert.notEqual(textOf(copies[0] ?? [], "hbn"), textOf(copies[1] ?? [], "hbn"));
});

test("what nobody can send again is refused, given up and said to be lost", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  alpha.hear(bravo.message({ ...aBeat, seq: "3" }));
  alpha.takeLog();
  alpha.hear(bravo.message({ t: "NS_nak_rexmit", dest: "alpha", firstseq: "2", info: "seqno not found" }));
  assert.deepEqual(alpha.takeLog(), ["Irretrievably lost packet: node bravo seq 2"]);
  alpha.takeSent();
  world.run(900);
  assert.equal(alpha.takeSent().filter((m) => textOf(m, "t") === "NS_rexmit").length, 0);
  alpha.hear(bravo.message({ t: "NS_rexmit", dest: "alpha", firstseq: "1", lastseq: "1" }));
  const answer = alpha.takeSent().filter((m) => textOf(m, "seq") === "1");
  assert.equal(answer.length, 1);
});

test("a dead peer is not asked for what it lost", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  alpha.hear(bravo.message(aBeat));
  alpha.hear(bravo.message({ ...aBeat, seq: "9" }));
  world.run(8_000);
  assert.equal(alpha.peer("bravo").liveness.kind, "dead");
  alpha.takeSent();
  alpha.take("record");
  const before = alpha.history.length;
  world.run(10_000);
  assert.ok(!alpha.takeSent().some((m) => textOf(m, "t") === "NS_rexmit"));
  assert.ok(alpha.history.length - before < 40);
});

test("every tenth message is acknowledged when nothing is missing before it", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  const acknowledged = () =>
    textsOf(
      alpha.takeSent().filter((m) => textOf(m, "t") === "NS_ackmsg"),
      "dest",
      "ackseq",
    );
  for (let seq = 1; seq <= 20; seq++) alpha.hear(bravo.message({ ...aBeat, seq: seq.toString(16) }));
  assert.deepEqual(acknowledged(), ["bravo a", "bravo 14"]);
  alpha.hear(bravo.message({ ...aBeat, seq: (22).toString(16) }));
  for (let seq = 23; seq <= 30; seq++) alpha.hear(bravo.message({ ...aBeat, seq: seq.toString(16) }));
  assert.deepEqual(acknowledged(), []);
});

test("while what came during a standstill is still being read, nobody's silence counts and nothing doubted is held again (chaos, ping-quorum, seed 1201, round 86)", () => {
  const world = new World();
  const [alpha, bravo] = [world.start("alpha"), world.start("bravo")];
  world.run(20_000);
  alpha.asleep = true;
  world.run(12_000);
  const old = world.sent.filter(({ from, at }) => from === bravo.name && at > world.now - 10_000);
  assert.equal(bravo.holding("vip1"), "held");
  world.passes = (from) => from !== bravo.name;
  alpha.asleep = false;
  world.run(1);
  const { deadtime } = alpha.settings.timing;
  const readFor = (length: number): void => {
    for (const end = world.now + length; world.now < end; world.run(50))
      alpha.hear(old[Math.floor(world.now / 50) % old.length]?.message ?? assert.fail("nothing old"));
  };
  readFor(deadtime * 1.5);
  assert.deepEqual([alpha.holding("vip1"), alpha.peer("bravo").liveness.kind], ["doubted", "up"]);
  // A recording that is played for ever puts nothing off for ever.
  readFor(deadtime * 4);
  assert.notEqual(alpha.peer("bravo").liveness.kind, "up");
});
