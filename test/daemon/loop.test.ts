import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, message, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { instant } from "../../src/core/time.js";
import type { Loop } from "../../src/daemon/loop.js";
import { digests } from "../../src/io/digests.js";
import { createCodec } from "../../src/wire/codec.js";
import { type Desk, deskOf } from "./rig.js";

/** What the desk sent, read by the codec of a peer; every message went to both media. */
function sentBy(desk: Desk): Message[] {
  const read = desk.sent.splice(0).flatMap((bytes) => {
    const decoded = createCodec({ keys: desk.config.keys, digests }).decode(bytes);
    return decoded.ok ? [decoded.message] : assert.fail(decoded.refusal);
  });
  return read.filter((_, index) => index % 2 === 0);
}

/** Alone for initdead, and an eighth of deadtime for what is the other one's: then active and holding everything, svc1 having been started. */
function active(): { desk: ReturnType<typeof deskOf>; loop: Loop } {
  const desk = deskOf("alpha");
  const loop = desk.start();
  desk.clock.run(10_700);
  finish(desk, "status", { kind: "stopped" });
  finish(desk, "start", { kind: "succeeded" });
  assert.deepEqual(holdings(loop), ["held", "held"]);
  return { desk, loop };
}

const holdings = (loop: Loop): string[] => [...loop.state.groups.values()].map((group) => group.holding.kind);

/** The script that is running answers. */
function finish(desk: Desk, action: string, outcome: Parameters<Desk["scripts"]["finished"]>[1]): void {
  const call = desk.scripts.calls.at(-1);
  assert.equal(call?.action, action);
  if (call !== undefined) desk.scripts.finished(call.operation, outcome);
}

test("the first heartbeat is out over every medium when the loop was started", () => {
  const desk = deskOf("alpha");
  desk.start();
  assert.equal(desk.sent.length, 4);
  assert.deepEqual(
    sentBy(desk).map((m) => textOf(m, "st")),
    ["init", "up"],
  );
  assert.ok(desk.clock.armed !== undefined && desk.clock.armed > desk.clock.time);
});

test("addresses are set in the turn that decided so; scripts run one after the other; the guardian knows both", () => {
  const desk = deskOf("alpha");
  const loop = desk.start();
  assert.equal(desk.guardian.told.at(-1)?.addresses.length, 0);
  desk.clock.run(10_700);
  assert.deepEqual([...desk.addresses.present], ["10.0.0.1", "10.0.0.2"]);
  assert.deepEqual(holdings(loop), ["acquiring", "held"]);
  assert.deepEqual(
    desk.scripts.calls.map(({ text, action }) => `${text} ${action}`),
    ["svc1 status"],
  );
  const told = desk.guardian.told.at(-1);
  assert.deepEqual(
    [told?.addresses.map(({ address }) => address), told?.scripts],
    [["10.0.0.1", "10.0.0.2"], ["svc1"]],
  );
  assert.match(told?.deathNotice ?? "", /^[0-9a-f]{100,}$/);
  assert.ok(desk.addresses.announced.includes("10.0.0.1"));
});

test("the guardian is ticked once per heartbeat and told of changes only, and of no end of a right that the kernel's filter keeps", () => {
  const { desk } = active();
  const { ticks } = desk.guardian;
  const told = desk.guardian.told.length;
  desk.clock.run(10_000);
  assert.equal(desk.guardian.ticks - ticks, 10);
  assert.equal(desk.guardian.told.length, told);
  assert.deepEqual(desk.guardian.allowed, []);
});

test("the death notice is a signed message of this session that the peers can read", () => {
  const { desk, loop } = active();
  const bytes = new Uint8Array(Buffer.from(desk.guardian.told.at(-1)?.deathNotice ?? "", "hex"));
  const decoded = desk.codec.decode(bytes);
  assert.ok(decoded.ok);
  assert.deepEqual([textOf(decoded.message, "t"), textOf(decoded.message, "hbs")], ["NS_died", loop.state.nonce]);
});

test("datagrams that cannot be read are counted by name and link, and told in powers of ten", () => {
  const { desk, loop } = active();
  desk.lines.length = 0;
  for (let i = 0; i < 120; i++) desk.media[i % 2]?.receive(new Uint8Array([1, 2, 3]), desk.clock.now());
  assert.equal(loop.counters.all.get("not-ours"), 120);
  assert.deepEqual(desk.lines, [
    "refused a packet on eth0: not-ours (1 so far)",
    "refused a packet on eth1: not-ours (10 so far)",
    "refused a packet on eth1: not-ours (100 so far)",
  ]);
});

test("what is heard over one medium counts for that link", () => {
  const desk = deskOf("alpha");
  const loop = desk.start();
  const other = deskOf("bravo");
  other.start();
  for (const bytes of other.sent) desk.media[1]?.receive(bytes, desk.clock.now());
  for (const bytes of desk.sent) other.media[0]?.receive(bytes, other.clock.now());
  for (const bytes of other.sent) desk.media[1]?.receive(bytes, desk.clock.now());
  const peer = loop.state.peers.get(nodeName("bravo"));
  assert.equal(peer?.liveness.kind, "up");
  assert.deepEqual([...(peer?.links.keys() ?? [])], ["eth1"]);
});

test("datagrams stamped in either order never turn the node's clock back", () => {
  const desk = deskOf("alpha");
  const loop = desk.start();
  const heard = (seq: string) =>
    desk.codec.encode(
      message({
        t: "status",
        st: "up",
        dt: "1388",
        protocol: "1",
        src: "bravo",
        seq,
        hg: "1",
        ts: "6553f100",
        ttl: "3",
      }),
      "configured",
    );
  desk.clock.time = 1_800;
  desk.media[0]?.receive(heard("1"), instant(1_700));
  desk.media[1]?.receive(heard("2"), instant(1_650));
  assert.deepEqual(loop.state.peers.get(nodeName("bravo"))?.liveness, { kind: "up", heardAt: 1_700 });
  desk.media[1]?.receive(heard("3"), instant(1_750));
  assert.deepEqual(loop.state.peers.get(nodeName("bravo"))?.liveness, { kind: "up", heardAt: 1_750 });
});

test("a wish is answered to who made it, at once or later, and once", () => {
  const { desk, loop } = active();
  const answers: string[] = [];
  loop.wish("standby", "all", (outcome, text) => answers.push(`A ${outcome} ${text}`));
  loop.wish("takeover", "all", (outcome) => answers.push(`B ${outcome}`));
  assert.deepEqual(answers, ["A refused no other node is up and able to take resources", "B completed"]);
  desk.clock.run(20_000);
  assert.equal(answers.length, 2);
});

test("a stop takes everything down, says farewell to the guardian, and then nothing happens any more", () => {
  const { desk, loop } = active();
  loop.stop();
  finish(desk, "stop", { kind: "succeeded" });
  desk.clock.run(3_000);
  assert.deepEqual([...desk.addresses.present], []);
  assert.ok(desk.ended());
  assert.deepEqual([desk.guardian.farewells, desk.clients, desk.clock.armed], [1, ["start", "stop"], undefined]);
  desk.sent.length = 0;
  const state = loop.state;
  desk.media[0]?.receive(new Uint8Array([1]), desk.clock.now());
  loop.wish("standby", "all", () => assert.fail("answered after the end"));
  loop.stop();
  desk.clock.run(10_000);
  assert.equal(loop.state, state);
  assert.deepEqual([desk.sent, desk.guardian.farewells], [[], 1]);
});

test("the last thing that the dead-man's switch hears is that it is over, also when a heartbeat was due in the same turn", () => {
  const { desk, loop } = active();
  loop.stop();
  finish(desk, "stop", { kind: "succeeded" });
  desk.clock.run(3_000);
  assert.ok(desk.ended());
  assert.deepEqual(desk.deadMan.told.slice(-2), ["refresh", "close"]);
});

test("an address that cannot be set fails the group, with the kernel's words in the log", () => {
  const desk = deskOf("alpha");
  desk.addresses.failing.set("add", "Operation not permitted");
  const loop = desk.start();
  desk.clock.run(10_000);
  assert.deepEqual(holdings(loop), ["idle", "idle"]);
  assert.ok(
    desk.lines.some((line) => /10\.0\.0\.1\/24\/eth9 start: Operation not permitted/.test(line)),
    desk.lines.join("\n"),
  );
  assert.equal(desk.guardian.told.at(-1)?.addresses.length, 0);
});

test("an address that cannot be withdrawn stays on the guardian's list", () => {
  const { desk, loop } = active();
  const other = deskOf("bravo");
  other.start();
  // bravo lives, so that alpha has somebody to lose its groups to.
  for (const bytes of desk.sent.slice(-2)) other.media[0]?.receive(bytes, other.clock.now());
  for (const bytes of other.sent) desk.media[0]?.receive(bytes, desk.clock.now());
  for (const bytes of desk.sent.slice(-2)) other.media[0]?.receive(bytes, other.clock.now());
  for (const bytes of other.sent) desk.media[0]?.receive(bytes, desk.clock.now());
  desk.addresses.failing.set("remove", "No buffer space available");
  desk.clock.time += 20_000;
  desk.clock.run(0);
  assert.ok(holdings(loop).includes("doubted"), holdings(loop).join(" "));
  assert.equal(desk.guardian.told.at(-1)?.addresses.length, 2);
});

test("an overdue script is given up: its process is ended", () => {
  const desk = deskOf("alpha");
  desk.start();
  desk.clock.run(10_000);
  const [call] = desk.scripts.calls;
  desk.clock.run((call?.timeout ?? 0) + 5_000);
  assert.deepEqual(desk.scripts.abandoned, [call?.operation]);
});

test("listeners hear of every turn in which something was logged, and of no other", () => {
  const { desk, loop } = active();
  let changes = 0;
  loop.onChange(() => changes++);
  desk.clock.run(3_000);
  assert.equal(changes, 0);
  loop.stop();
  assert.ok(changes >= 1);
});

test("a ping node is alive by the answer to a question of ours, not by an old or foreign one (C2)", () => {
  const desk = deskOf("alpha");
  const loop = desk.start();
  const [pinger] = desk.pingers;
  assert.ok(pinger !== undefined);
  const kind = () => loop.state.pings.get(pinger.node)?.kind;
  const strange = { kind: "ping", node: nodeName("172.30.99.99"), wall: 1, counter: 1 } as const;
  pinger.answer(desk.codec.encodePing(strange), desk.clock.now());
  pinger.answer(desk.codec.encodePing({ ...strange, node: pinger.node, counter: 2 }), desk.clock.now());
  assert.equal(kind(), "unseen");
  assert.equal(loop.counters.all.get("stale-ping-answer"), 2);
  pinger.answer(new Uint8Array([1, 2, 3]), desk.clock.now());
  assert.equal(loop.counters.all.get("not-ours"), 1);
  pinger.answer(pinger.asked[0] ?? new Uint8Array(), desk.clock.now());
  assert.equal(kind(), "up");
  desk.clock.run(9_000);
  assert.equal(kind(), "dead");
  pinger.answer(pinger.asked[0] ?? new Uint8Array(), desk.clock.now());
  assert.equal(kind(), "dead");
  assert.equal(pinger.asked.length, 10);
  pinger.answer(pinger.asked.at(-8) ?? new Uint8Array(), desk.clock.now());
  assert.equal(kind(), "dead", "it says only that the ping node was there when it was asked, longer than deadping ago");
  pinger.answer(pinger.asked.at(-3) ?? new Uint8Array(), desk.clock.now());
  assert.equal(kind(), "up");
});

test("a recorded ping payload that arrives as a heartbeat is refused by name (C2)", () => {
  const desk = deskOf("alpha");
  const loop = desk.start();
  desk.media[0]?.receive(desk.pingers[0]?.asked[0] ?? new Uint8Array(), desk.clock.now());
  assert.equal(loop.counters.all.get("ping-payload"), 1);
});
