import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Message, message, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { createClientRegistry } from "../../src/daemon/clients/registry.js";
import type { Loop } from "../../src/daemon/loop.js";
import { snapshotOf } from "../../src/daemon/snapshot.js";
import type { ClientListener } from "../../src/ports/local-clients.js";
import { decodeClassic, encodeClassic } from "../../src/wire/classic.js";
import { anyMessage, seeded } from "../wire/support.js";
import { type Desk, deskOf } from "./rig.js";

/** One of two nodes whose wires are connected, with the door for clients open. */
interface Host {
  readonly name: string;
  readonly desk: Desk;
  readonly loop: Loop;
  readonly connect: (credentials?: Credentials) => Client;
}
interface Credentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}
interface Client {
  readonly heard: Message[];
  closed: boolean;
  /** Reads nothing any more. */
  deaf: boolean;
  say(fields: Readonly<Record<string, string>>): number;
  /** Sends these bytes as one frame. */
  send(payload: Uint8Array): number;
  hangUp(): void;
}

const rules = ["ipfail", "ccm", "anon"].map((client) => ({ client, uids: new Set([890]), gids: new Set<number>() }));
const credentials: Credentials = { pid: 77, uid: 890, gid: 890 };

function hostOf(desk: ReturnType<typeof deskOf>, name: string): Host {
  const loop = desk.start();
  const snapshot = () =>
    snapshotOf(loop.state, desk.config, { program: "", processId: 1, now: desk.clock.now(), refused: new Map() });
  const log = { line: ({ text }: { text: string }) => desk.lines.push(text), record: () => {} };
  const registry = createClientRegistry({ loop, snapshot, rules, clock: desk.clock, log, facility: 136 });
  const connect = (known = credentials): Client => {
    let listener: ClientListener | undefined;
    const client: Client = {
      heard: [],
      closed: false,
      deaf: false,
      say: (fields) => listener?.onFrame(encodeClassic(message(fields), "\0")) ?? 0,
      send: (payload) => listener?.onFrame(payload) ?? 0,
      hangUp: () => listener?.onClose(),
    };
    listener = registry.connect({
      credentials: known,
      send(payload) {
        const decoded = decodeClassic(payload);
        assert.ok(decoded.ok);
        if (!client.deaf) client.heard.push(decoded.message);
        return !client.deaf;
      },
      signal: () => {},
      close: () => {
        client.closed = true;
      },
    });
    return client;
  };
  return { name, desk, loop, connect };
}

/** Both are up, active, and hear each other. */
function twoHosts(): { alpha: Host; bravo: Host; run: (duration: number) => void } {
  const [left, right] = [deskOf("alpha"), deskOf("bravo")];
  const hosts = { alpha: hostOf(left, "alpha"), bravo: hostOf(right, "bravo") };
  const carry = (from: Desk, to: Desk): boolean => {
    const datagrams = from.sent.splice(0);
    for (const bytes of datagrams) to.media[0]?.receive(bytes, to.clock.now());
    return datagrams.length > 0;
  };
  const exchange = (): void => {
    for (let turns = 0; turns < 50 && (carry(left, right) || carry(right, left)); turns++);
  };
  const run = (duration: number): void => {
    for (let passed = 0; passed < duration; passed += 100) {
      exchange();
      left.clock.run(100);
      right.clock.run(100);
    }
    exchange();
  };
  run(2_000);
  return { ...hosts, run };
}

const signOn = (client: Client, name: string, { pid, uid, gid } = credentials): number =>
  client.say({ t: "hbapi-req", reqtype: "signon", pid: `${pid}`, from_id: name, uid: `${uid}`, gid: `${gid}` });
const take = (client: Client): string[] => {
  const words = ["t", "reqtype", "st", "from_id", "to_id", "info", "result", "cs"];
  const heard = client.heard.splice(0);
  return heard.map((one) => words.flatMap((name) => textOf(one, name) ?? []).join(" "));
};
const request = (client: Client, reqtype: string, fields: Readonly<Record<string, string>> = {}): string[] => {
  client.heard.splice(0);
  client.say({ t: "hbapi-req", reqtype, ...fields });
  return take(client);
};

test("a client hears of its own coming, then that it may stay; its like on the other node hears of coming and going", () => {
  const { alpha, bravo, run } = twoHosts();
  const there = bravo.connect();
  signOn(there, "ipfail");
  run(300);
  const here = alpha.connect();
  signOn(here, "ipfail");
  assert.deepEqual(take(here), ["hbapi-clstat join ipfail ipfail signon", "hbapi-resp signon OK"]);
  run(300);
  take(there);
  here.say({ t: "num_ping_nodes", num_ping: "1", dest: "bravo" });
  run(300);
  assert.deepEqual(take(there), ["num_ping_nodes ipfail ipfail"]);
  assert.deepEqual(take(here), []);
  here.say({ t: "hbapi-req", reqtype: "signoff" });
  run(300);
  assert.ok(here.closed);
  assert.deepEqual(take(there), ["hbapi-clstat leave ipfail ipfail signoff"]);
  const again = alpha.connect();
  signOn(again, "ipfail");
  again.hangUp();
  run(300);
  assert.deepEqual(take(there), ["hbapi-clstat join ipfail ipfail signon", "hbapi-clstat leave ipfail ipfail EOF"]);
});

test("a message with a name on it reaches only the clients of that name, and none carries digests or the nodes' own marks", () => {
  const { alpha, bravo, run } = twoHosts();
  const [ipfail, ccm, sender] = [bravo.connect(), bravo.connect(), alpha.connect()];
  for (const [client, name] of [
    [ipfail, "ipfail"],
    [ccm, "ccm"],
    [sender, "ipfail"],
  ] as const)
    signOn(client, name);
  run(300);
  take(ccm);
  take(ipfail);
  sender.say({ t: "to-its-like", from_id: "liar", client_gen: "99" });
  sender.say({ t: "to-ccm", to_id: "ccm" });
  run(300);
  const [said] = ipfail.heard;
  assert.deepEqual(take(ipfail), ["to-its-like ipfail ipfail"]);
  assert.deepEqual(take(ccm), ["to-ccm ipfail ccm"]);
  assert.deepEqual(
    said?.map(({ name }) => name),
    ["t", "from_id", "to_id", "client_gen", "src", "srcuuid", "seq", "hg", "ts", "ttl"],
  );
});

test("clientstatus is answered at once for this node, a ping node and a dead one, and by the other node for itself", () => {
  const { alpha, bravo, run } = twoHosts();
  const there = bravo.connect();
  signOn(there, "ipfail");
  const asker = alpha.connect();
  signOn(asker, "77");
  const ask = (node: string, cn: string): string[] => request(asker, "clientstatus", { node, cn });
  const answered = (cs: string): string[] => [`hbapi-resp clientstatus OK ${cs}`];
  assert.deepEqual(ask("alpha", "ipfail"), answered("offline"));
  const here = alpha.connect();
  signOn(here, "ipfail");
  assert.deepEqual(ask("alpha", "ipfail"), answered("online"));
  assert.deepEqual(ask("nosuch", "ipfail"), ["hbapi-resp clientstatus EINVAL badreq"]);
  run(300);
  assert.deepEqual(ask("bravo", "ipfail"), []);
  run(300);
  assert.deepEqual(take(asker), ["respond-cstatus 77 OK online"]);
  assert.deepEqual(ask("bravo", "ccm"), []);
  run(300);
  assert.deepEqual(take(asker), ["respond-cstatus 77 OK offline"]);
});

test("a refused client reads why, word for word as from the original, and is hung up on", () => {
  const { alpha } = twoHosts();
  const stranger = alpha.connect();
  signOn(stranger, "stranger");
  assert.deepEqual(take(stranger), [
    "hbapi-resp signon no default client auth badreq",
    "hbapi-clstat leave stranger stranger no default client auth",
  ]);
  assert.ok(stranger.closed);
  assert.ok(alpha.desk.lines.includes("Client [stranger] pid 77 failed authorization [no default client auth]"));
  assert.ok(alpha.desk.lines.includes("api_process_registration_msg: cannot add client(stranger)"));
  const first = alpha.connect();
  signOn(first, "ipfail");
  signOn(first, "ipfail");
  assert.equal(take(first).at(-1), "hbapi-resp signon badreq");
  const second = alpha.connect();
  signOn(second, "ipfail");
  assert.equal(take(second)[0], "hbapi-resp signon duplicate add request badreq");
});

test("who has not signed on is not answered, and a client without a name that speaks to the cluster is hung up on", () => {
  const { alpha, bravo, run } = twoHosts();
  const witness = bravo.connect();
  signOn(witness, "ipfail");
  const stranger = alpha.connect();
  assert.deepEqual(request(stranger, "getrsc"), []);
  stranger.say({ t: "hello" });
  const casual = alpha.connect();
  signOn(casual, "77");
  casual.say({ t: "hello" });
  run(300);
  assert.ok(casual.closed);
  assert.ok(!take(witness).some((line) => line.startsWith("hello")));
});

test("setfilter, setsignal and unknown requests are answered as the original answers them", () => {
  const { alpha, run } = twoHosts();
  run(6_000);
  const client = alpha.connect();
  signOn(client, "ipfail");
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
    ["setfilter", {}, ["hbapi-resp setfilter EINVAL badreq"]],
    ["setfilter", { fmask: "0" }, ["hbapi-resp setfilter EINVAL badreq"]],
    ["setfilter", { fmask: "1" }, ["hbapi-resp setfilter OK"]],
    ["setsignal", { signal: "0" }, ["hbapi-resp setsignal OK"]],
    ["setsignal", { signal: "a" }, ["hbapi-resp setsignal badreq"]],
    ["set_sendqlen", { sendqlen: "10" }, []],
    ["nosuchreq", {}, ["hbapi-resp nosuchreq badreq"]],
  ];
  for (const [type, fields, answers] of rows) assert.deepEqual(request(client, type, fields), answers, type);
  run(3_000);
  assert.deepEqual(take(client), []);
  assert.deepEqual(request(client, "setfilter", { fmask: "f" }), ["hbapi-resp setfilter OK"]);
  run(3_000);
  assert.ok(take(client).filter((line) => line === "status active").length >= 2);
});

test("a flood of one client is paced, one that does not read is cut off and said to be, and neither stops the others", () => {
  const { alpha, bravo, run } = twoHosts();
  const [flooder, deaf, witness] = [alpha.connect(), alpha.connect(), bravo.connect()];
  signOn(flooder, "ipfail");
  signOn(deaf, "ccm");
  signOn(witness, "ipfail");
  run(300);
  take(witness);
  deaf.deaf = true;
  const waits = Array.from({ length: 150 }, () => flooder.say({ t: "flood" }));
  assert.ok((waits.at(-1) ?? 0) >= 400, `the last wait is ${waits.at(-1)} ms`);
  run(300);
  assert.equal(take(witness).length, 150);
  assert.deepEqual(
    alpha.desk.lines.filter((line) => /does not read/.test(line)),
    [],
  );
  flooder.say({ t: "to-ccm", to_id: "ccm" });
  assert.match(alpha.desk.lines.at(-1) ?? "", /^Client ccm \(pid 77\) does not read its messages: cut off\.$/);
});

test("who signs on and off without end is turned away at last: the other nodes hear a bounded number of comings and goings", () => {
  const { alpha } = twoHosts();
  let turnedAway = 0;
  for (let n = 0; n < 400; n += 1) {
    const client = alpha.connect();
    signOn(client, "ipfail");
    if (client.closed && take(client).length === 0) turnedAway += 1;
    client.hangUp();
  }
  assert.ok(turnedAway > 250, `${turnedAway} of 400 were turned away`);
  alpha.desk.clock.run(10_000);
  const patient = alpha.connect();
  signOn(patient, "ipfail");
  assert.equal(take(patient).at(-1), "hbapi-resp signon OK");
});

test("whatever bytes and messages a client sends, the daemon goes on, and the node itself stays what it is", (t) => {
  const { alpha, bravo, run } = twoHosts();
  const client = alpha.connect();
  signOn(client, "ipfail");
  const before = bravo.loop.state.peers.get(nodeName("alpha"))?.generation;
  const types = fc.constantFrom("status", "shutdone", "hbapi-req", "ask_resources", "NS_rexmit", "hello");
  fc.assert(
    fc.property(anyMessage, types, fc.uint8Array({ maxLength: 200 }), (said, type, bytes) => {
      client.send(bytes);
      client.send(encodeClassic(said, "\0"));
      client.send(encodeClassic([{ name: "t", value: type }, ...said.filter(({ name }) => name !== "t")], "\0"));
      alpha.desk.clock.run(10);
    }),
    seeded(t),
  );
  run(3_000);
  const peer = bravo.loop.state.peers.get(nodeName("alpha"));
  assert.deepEqual([peer?.liveness.kind, peer?.generation, peer?.leaving], ["up", before, false]);
});
