import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heartbeatBytes } from "../../src/config/line-pace.js";
import { textOf } from "../../src/core/message.js";
import { linkName, nodeName } from "../../src/core/names.js";
import type { Instant } from "../../src/core/time.js";
import { createRing } from "../../src/daemon/ring.js";
import { subjectOf } from "../../src/daemon/subject.js";
import type { Medium } from "../../src/ports/medium.js";
import { codecOf, key, latin1, STATUS } from "../wire/support.js";
import { deskOf } from "./rig.js";

const codec = codecOf(2, key(2, "sha1", "aaa"));
const NODES = ["alpha", "bravo", "charlie"].map(nodeName);

interface Line extends Medium {
  readonly sent: Uint8Array[];
}

function line(name: string, carries?: "stream"): Line {
  const sent: Uint8Array[] = [];
  return {
    link: linkName(name),
    description: name,
    ...(carries === undefined ? {} : { carries }),
    sent,
    send: (bytes) => void sent.push(bytes),
    onDatagram: () => {},
    counters: { sent: 0, received: 0, sendErrors: 0, lastError: undefined },
    close: () => {},
  };
}

/** A node with two serial lines and a network card. */
function node(self: string, nodes = NODES) {
  const [left, right, net] = [line("/dev/ttyS0", "stream"), line("/dev/ttyS1", "stream"), line("ens33")];
  const ring = createRing([left, right, net], codec, { self: nodeName(self), nodes });
  /** Hears what the bytes say over one of the media. */
  const hear = (bytes: Uint8Array, from: Line): void => {
    const decoded = codec.decode(bytes);
    assert.ok(decoded.ok);
    ring.passOn(from, decoded);
  };
  return { left, right, net, hear };
}

const statusOf = (extra: Readonly<Record<string, string>>) =>
  STATUS.map((field) => ({ ...field, value: extra[field.name] ?? field.value })).concat(
    Object.entries(extra)
      .filter(([name]) => !STATUS.some((field) => field.name === name))
      .map(([name, value]) => ({ name, value })),
  );
const said = (extra: Readonly<Record<string, string>>) => codec.encodeForLine(statusOf(extra), "configured");
const ttlOf = (bytes: Uint8Array | undefined): string | undefined => {
  const decoded = codec.decode(bytes ?? latin1(""));
  return decoded.ok ? textOf(decoded.message, "ttl") : undefined;
};

/** Two loops whose only way to each other is a serial line. */
function talk(beats: number): readonly Uint8Array[] {
  const said: Uint8Array[] = [];
  const ends = ["alpha", "bravo"].map((name) => {
    const desk = deskOf(name);
    const heard: ((bytes: Uint8Array, at: Instant) => void)[] = [];
    const port: Medium = {
      ...line("/dev/ttyS0", "stream"),
      send: (bytes) => {
        said.push(bytes);
        for (const listener of ends.find((end) => end.name !== name)?.heard ?? []) listener(bytes, desk.clock.now());
      },
      onDatagram: (listener) => void heard.push(listener),
    };
    return { name, desk, heard, port };
  });
  for (const { desk, port } of ends) desk.start([port]);
  for (let beat = 0; beat < beats; beat++) for (const { desk } of ends) desk.clock.run(1_000);
  return said;
}

test("a heartbeat on a serial line is not longer than the configuration check assumes", () => {
  const lengths = talk(30).map((bytes) => bytes.length);
  const assumed = heartbeatBytes({ nodes: ["alpha", "bravo"], groups: [1, 2] });
  const longest = Math.max(...lengths.slice(-10));
  assert.ok(longest <= assumed && longest > assumed * 0.8, `${longest} bytes, assumed ${assumed}`);
});

test("a message sent again, a request made again and a newer acknowledgement are about the same as those before", () => {
  const about = (extra: Readonly<Record<string, string>>): string =>
    subjectOf(Object.entries(extra).map(([name, value]) => ({ name, value })));
  assert.equal(
    about({ t: "status", src: "a", seq: "5", hbn: "1" }),
    about({ t: "status", src: "a", seq: "5", hbn: "9" }),
  );
  const request = { t: "NS_rexmit", src: "a", dest: "b", firstseq: "7" };
  assert.equal(about(request), about({ ...request, hbn: "9" }));
  const acknowledgement = { t: "NS_ackmsg", src: "a", dest: "b", ackseq: "5" };
  assert.equal(about(acknowledgement), about({ ...acknowledgement, ackseq: "f" }));
  const different = [
    request,
    { ...request, firstseq: "8" },
    { ...request, dest: "c" },
    { ...request, src: "c" },
    acknowledgement,
  ];
  assert.equal(new Set(different.map(about)).size, different.length);
});

describe("a ring of serial lines", () => {
  test("what one line brings goes to the other, signed anew, with a ttl one lower, and nowhere else", () => {
    const { left, right, net, hear } = node("bravo");
    hear(said({ src: "alpha", ttl: "4" }), left);
    assert.deepEqual([left.sent.length, right.sent.length, net.sent.length], [0, 1, 0]);
    assert.equal(ttlOf(right.sent[0]), "3");
  });

  test("a node's own words end with it, and so do those whose ttl is used up, and those of strangers", () => {
    const { left, right, hear } = node("bravo");
    hear(said({ src: "bravo", ttl: "4" }), left);
    hear(said({ src: "alpha", ttl: "0" }), left);
    hear(said({ src: "mallory", ttl: "4" }), left);
    assert.deepEqual([left.sent.length, right.sent.length], [0, 0]);
  });

  test("what is addressed to the node itself has arrived", () => {
    const { left, right, hear } = node("bravo");
    hear(said({ src: "alpha", dest: "bravo", ttl: "4" }), left);
    hear(said({ src: "alpha", dest: "charlie", ttl: "4" }), left);
    assert.equal(right.sent.length, 1);
  });

  test("what came over the network is not passed on, and a pair passes on nothing", () => {
    const { net, right, hear } = node("bravo");
    hear(said({ src: "alpha", ttl: "4" }), net);
    assert.equal(right.sent.length, 0);
    const pair = node("bravo", NODES.slice(0, 2));
    pair.hear(said({ src: "alpha", ttl: "4" }), pair.left);
    assert.equal(pair.right.sent.length, 0);
  });

  test("a numbered datagram of ours goes round once, though it comes from both sides", () => {
    const { left, right, hear } = node("bravo");
    const datagram = { src: "alpha", ttl: "4", hbs: "0123456789abcdef", hbn: "5" };
    hear(said(datagram), left);
    hear(said({ ...datagram, ttl: "3" }), right);
    hear(said({ ...datagram, hbn: "6" }), left);
    assert.deepEqual([left.sent.length, right.sent.length], [0, 2]);
  });

  test("in a ring of five one message reaches everybody, and the ring falls silent", () => {
    const names = ["alpha", "bravo", "charlie", "delta", "echo"];
    const ring = names.map((name) => node(name, names.map(nodeName)));
    const reached = new Set<string>();
    const under = [
      { to: 1, side: "left" as const, bytes: said({ src: "alpha", ttl: "6" }) },
      { to: 4, side: "right" as const, bytes: said({ src: "alpha", ttl: "6" }) },
    ];
    let hops = 0;
    for (let next = under.shift(); next !== undefined; next = under.shift()) {
      const at = ring[next.to];
      assert.ok(at !== undefined && ++hops < 100, "messages go round for ever");
      reached.add(names[next.to] ?? "");
      at.hear(next.bytes, at[next.side]);
      for (const bytes of at.right.sent.splice(0)) under.push({ to: (next.to + 1) % 5, side: "left", bytes });
      for (const bytes of at.left.sent.splice(0)) under.push({ to: (next.to + 4) % 5, side: "right", bytes });
    }
    assert.deepEqual([...reached].toSorted(), names);
  });
});
