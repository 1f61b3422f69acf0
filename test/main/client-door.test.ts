import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { hostname } from "node:os";
import { describe, it, type TestContext } from "node:test";
import { type Message, message, textOf } from "../../src/core/message.js";
import { framed, frameReader } from "../../src/io/client-frames.js";
import { decodeClassic, encodeClassic } from "../../src/wire/classic.js";
import { pause, until } from "../io/temporary.js";
import { installation } from "./installation.js";

const node = hostname().toLowerCase();
const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];

/** A client as heartbeat's own library makes one: it signs on under a name and asks. */
async function client(t: TestContext, path: string, name: string) {
  const socket = connect(path);
  t.after(() => socket.destroy());
  await new Promise((done, fail) => socket.once("connect", done).once("error", fail));
  const heard: Message[] = [];
  const reader = frameReader(100_000);
  socket.on("data", (piece: Buffer) => {
    const payloads = reader.push(piece);
    assert.ok(payloads !== "malformed");
    for (const payload of payloads) {
      const decoded = decodeClassic(payload);
      if (decoded.ok) heard.push(decoded.message);
    }
  });
  const say = (fields: Readonly<Record<string, string>>): void =>
    void socket.write(framed(encodeClassic(message(fields), "\0")));
  const common = { dest: node, pid: String(process.pid), from_id: name };
  const ask = async (reqtype: string, fields: Readonly<Record<string, string>> = {}): Promise<Message> => {
    heard.length = 0;
    say({ t: "hbapi-req", reqtype, ...common, ...fields });
    await until(() => heard.some((one) => textOf(one, "reqtype") === reqtype), 3000, reqtype);
    return heard.find((one) => textOf(one, "reqtype") === reqtype) ?? [];
  };
  return { say, ask, heard, signOn: () => ask("signon", { uid: String(uid), gid: String(gid) }) };
}

describe("the daemon's socket for the original's clients", () => {
  it("is there when the node is active and not before, serves by apiauth, and goes with the daemon", async (t) => {
    const host = installation(t, [`apiauth tester uid=${uid}`, "apiauth other uid=4711"]);
    const path = host.file("run/heartbeat/register");
    // Long enough that a busy machine has ended the command that starts it before the node has waited for its peer.
    host.write("etc/ha.d/ha.cf", host.read("etc/ha.d/ha.cf").replace("initdead 1200ms", "initdead 5s"));
    await host.run();
    assert.equal(existsSync(path), false, "the node waits for its peer and is not active yet");
    await until(() => existsSync(path), 10_000, "the socket");
    const tester = await client(t, path, "tester");
    const welcome = await tester.signOn();
    assert.deepEqual(
      ["result", "deadtime", "keepalive", "node", "pacemaker"].map((name) => textOf(welcome, name)),
      ["OK", "258", "64", node, "false"],
    );
    assert.equal(textOf(await tester.ask("getparm", { pname: "deadtime" }), "pvalue"), "600ms");
    assert.equal(textOf(await tester.ask("nodestatus", { node: "other" }), "st"), "dead");
    await until(() => host.read("did") === "start\n", 5000);
    // On a busy machine it has taken over from the dead one too by now, which has no groups.
    const hold = async () => textOf(await tester.ask("getrsc"), "rsc_hold") ?? "";
    assert.match(await hold(), /^(local|transition|all)$/);
    for (let tries = 0; tries < 100 && (await hold()) !== "all"; tries += 1) await pause(50);
    assert.equal(await hold(), "all");
    const status = await host.run("status", "--json");
    assert.deepEqual(JSON.parse(status.out).nodes[0].clients, ["tester"]);
    const other = await client(t, path, "other");
    assert.equal(textOf(await other.signOn(), "info"), "client failed authorization");
    assert.equal((await host.run("-k")).code, 0);
    assert.equal(existsSync(path), false);
  });
});
