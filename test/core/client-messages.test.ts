import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalSender } from "../../src/core/event.js";
import { type Message, message, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { type Member, Original, pair, textsOf, World } from "./rig.js";

const says = (member: Member, fields: Readonly<Record<string, string>>, by: LocalSender = "client"): void =>
  void member.feel({ type: "clientSent", message: message(fields), by });
const delivered = (member: Member, type: string): Message[] =>
  member
    .take("deliverToClients")
    .map((effect) => effect.message)
    .filter((heard) => textOf(heard, "t") === type);

test("a client's message reaches the other node's clients once, with this node's name, number and stamp whatever the client wrote", () => {
  const { world, alpha, bravo } = pair();
  const forged = { src: "bravo", seq: "ffff", hg: "1", hbs: "0123456789abcdef", hbg: "x", destuuid: "x", auth: "1 2" };
  says(alpha, { t: "num_ping_nodes", num_ping: "1", dest: "bravo", from_id: "ipfail", to_id: "ipfail", ...forged });
  world.run(3_000);
  const [sent, ...again] = world.sentBy("alpha", "num_ping_nodes");
  assert.ok(sent !== undefined && again.length === 0);
  assert.deepEqual(
    ["src", "num_ping", "from_id", "destuuid", "auth"].map((name) => textOf(sent, name)),
    ["alpha", "1", "ipfail", undefined, undefined],
  );
  assert.equal(sent.filter(({ name }) => name === "hbs").length, 1);
  assert.notEqual(textOf(sent, "hbs"), forged.hbs);
  assert.deepEqual(textsOf(delivered(bravo, "num_ping_nodes"), "src", "num_ping"), ["alpha 1"]);
  assert.deepEqual(delivered(alpha, "num_ping_nodes"), []);
});

test("a client's message to everybody is delivered to the clients of its own node too", () => {
  const { world, alpha, bravo } = pair();
  says(alpha, { t: "hello" });
  world.run(1_000);
  assert.equal(delivered(alpha, "hello").length, 1);
  assert.equal(delivered(bravo, "hello").length, 1);
});

test("a lost message of a client is asked for and delivered as any other", () => {
  const { world, alpha, bravo } = pair();
  world.passes = (_, __, heard) => textOf(heard, "t") !== "hello";
  says(alpha, { t: "hello" });
  world.run(100);
  world.passes = () => true;
  world.run(3_000);
  assert.equal(delivered(bravo, "hello").length, 1);
});

test("no local program can say in the node's name that it lives, dies, holds or agrees", () => {
  for (const type of ["status", "NS_rexmit", "Shutdone", "resource", "starting", "repnodes", "hbapi-clstat", "stonith"])
    for (const by of ["client", "script"] as const) {
      const { alpha } = pair();
      alpha.takeSent();
      says(alpha, { t: type, st: "dead", rsc_hold: "all" }, by);
      assert.deepEqual(textsOf(alpha.takeSent(), "t"), [], `${type} by a ${by}`);
      assert.equal(alpha.counter("reserved-client-message"), 1);
    }
  const { alpha } = pair();
  alpha.takeSent();
  says(alpha, { t: "hbapi-clstat", st: "join" }, "registry");
  says(alpha, { from_id: "x" });
  assert.deepEqual(textsOf(alpha.takeSent(), "t"), ["hbapi-clstat"]);
});

test("ask_resources from hb_standby or ipfail is an operator's wish: the groups move, and later steps are not taken from outside", () => {
  const { world, alpha, bravo } = pair();
  says(alpha, { t: "ask_resources", rsc_hold: "all", info: "done" });
  says(alpha, { t: "ask_resources", rsc_hold: "everything", info: "me" });
  world.run(2_000);
  assert.equal(alpha.holding("vip1"), "held");
  says(alpha, { t: "ask_resources", rsc_hold: "all", info: "me", from_id: "ipfail" });
  world.run(2_000);
  assert.deepEqual([bravo.holding("vip1"), bravo.holding("vip2")], ["held", "held"]);
});

test("hb_takeover through the FIFO brings the groups of the other node here", () => {
  const { world, alpha } = pair();
  says(alpha, { t: "hb_takeover", rsc_hold: "all" }, "script");
  world.run(2_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("what an original's client says is delivered, its heartbeats are not, and what is meant for another node is not either", () => {
  const world = new World();
  const alpha = world.start("alpha", { nodes: ["alpha", "bravo", "carol"] });
  const bravo = new Original(world, "bravo").beat();
  world.run(2_000);
  bravo.say({ t: "you_are_dead", dest: "alpha", from_id: "ipfail", to_id: "ipfail", client_gen: "0" });
  bravo.say({ t: "you_are_dead", dest: "carol", from_id: "ipfail", to_id: "ipfail", client_gen: "0" });
  world.run(1_000);
  const effects = alpha.take("deliverToClients").map((effect) => effect.message);
  assert.deepEqual(
    textsOf(effects, "t", "dest").filter((text) => /^(status|you)/.test(text)),
    ["you_are_dead alpha"],
  );
  assert.equal(alpha.peer(nodeName("bravo")).liveness.kind, "up");
});
