import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeName } from "../../src/core/names.js";
import { decodeClassic } from "../../src/wire/classic.js";
import type { Codec } from "../../src/wire/codec.js";
import { decodeNetstring } from "../../src/wire/netstring.js";
import type { Refusal, Refused } from "../../src/wire/refusal.js";
import { bytesOfVector, codecOf, key, latin1, SEED, STATUS, vectorsOf } from "./support.js";

/** Datagrams per test; `FUZZ=1000000` for the long run. */
const RUNS = Number(process.env["FUZZ"] ?? 50_000);

/** A small fast generator (mulberry32): a million datagrams must not wait for randomness. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
type Random = (below: number) => number;

/** Two keys with different secrets; no crc, under which anything may be forged. */
const codec = codecOf(2, key(2, "sha1", "aaa"), key(3, "md5", "bbb"), key(4, "hmac-sha256", "ccc"));

/** Pieces that a parser trips over more easily than over noise. */
const PIECES = [
  ...[
    "###\n",
    ">>>\n",
    "%%%\n",
    "<<<\n",
    ",",
    ":",
    "=",
    "(0)",
    "(1)",
    "(2)",
    "(9)",
    "(1)x=",
    "(0)t=status",
    "11:(0)t=status,",
    "auth=2 ",
  ],
  ...[
    "0",
    "5:",
    "11:",
    "65507:",
    "99999:",
    "4294967307:",
    "18446744073709551616:",
    "-1:",
    "\n",
    "\0",
    "\x13",
    "AAAA",
    "2 hmac-sha256 ",
  ],
].map(latin1);

const noise = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));

/** Bytes and pieces of the format in a senseless order. */
function senseless(random: Random, count: number): Buffer {
  const parts = Array.from({ length: count }, () =>
    random(3) === 0 ? noise(random, random(20)) : (PIECES[random(PIECES.length)] ?? new Uint8Array()),
  );
  return Buffer.concat(parts);
}

/** Senseless content in a frame that is right: this one gets past the lengths, to the digest or to the fields. */
function framed(random: Random): Buffer {
  const contents = Array.from({ length: random(6) }, () => senseless(random, 1 + random(3)));
  const auth = random(2) === 0 ? senseless(random, random(3)) : latin1(`${random(6)} ${"0".repeat(1 + random(70))}`);
  if (random(2) === 0) return Buffer.concat([...[">>>\n", ...contents, "auth=", auth, "\n<<<\n"].map(asBuffer)]);
  const netstring = (content: Uint8Array): Buffer =>
    Buffer.concat([asBuffer(`${content.length}:`), content, asBuffer(",")]);
  const trailer = random(4) === 0 ? Buffer.alloc(0) : netstring(auth);
  return Buffer.concat([asBuffer("###\n"), ...contents.map(netstring), asBuffer("%%%\n"), trailer]);
}

const asBuffer = (part: string | Uint8Array): Buffer =>
  typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part);

/** What somebody without a key may send: noise, pieces behind a genuine head, or senseless fields in a right frame. */
function invented(random: Random): Uint8Array {
  switch (random(4)) {
    case 0:
      return noise(random, random(400));
    case 1:
      return new Uint8Array(
        Buffer.concat([asBuffer(random(2) === 0 ? "###\n" : ">>>\n"), senseless(random, random(12))]),
      );
    default:
      return new Uint8Array(framed(random));
  }
}

/** One to three wounds: a bit flipped, a byte replaced, removed or doubled, a cut, a piece put in, two packets spliced. */
function mutated(random: Random, original: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = Buffer.from(original);
  for (let wounds = 1 + random(3); wounds > 0; wounds--) {
    const at = random(bytes.length + 1);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    const piece = PIECES[random(PIECES.length)] ?? new Uint8Array();
    switch (random(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 2:
        bytes = Buffer.concat([head, tail.subarray(1 + random(4))]);
        break;
      case 3:
        bytes = Buffer.concat([head, tail.subarray(0, 1 + random(30)), tail]);
        break;
      case 4:
        bytes = Buffer.from(head);
        break;
      case 5:
        bytes = Buffer.concat([head, piece, tail]);
        break;
      default:
        bytes = Buffer.concat([head, other.subarray(random(other.length))]);
    }
  }
  return new Uint8Array(bytes);
}

/** Genuine datagrams of every form that this codec believes. */
function genuine(): readonly Uint8Array[] {
  const senders = [2, 3, 4].map((index) =>
    codecOf(index, key(2, "sha1", "aaa"), key(3, "md5", "bbb"), key(4, "hmac-sha256", "ccc")),
  );
  return senders.flatMap((sender) => [
    sender.encode(STATUS, "configured"),
    sender.encode(STATUS, "strong"),
    sender.encodePing({ kind: "ping", node: nodeName("192.0.2.1"), wall: 1, counter: 7 }),
  ]);
}

/** A genuine message in the classic encoding as older releases send it, with the codec that believes it. */
function genuineClassic(): readonly [Codec, readonly Uint8Array[]] {
  const recorded = vectorsOf("classic-authenticated.json").filter(({ auth }) => auth.method === "sha1");
  const secret = recorded[0]?.auth.key;
  assert.ok(secret);
  return [codecOf(2, key(2, "sha1", secret)), recorded.map(bytesOfVector)];
}

function decodeEverything(bytes: Uint8Array, by: Codec): readonly (Refused | { readonly ok: true })[] {
  return [by.decode(bytes), by.decodePing(bytes), decodeClassic(bytes), decodeNetstring(bytes)];
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Runs `work`, collects garbage if it may, and reports time and how much the heap grew between the first tenth and the end. */
function measured(t: { diagnostic(text: string): void }, work: (random: Random) => void): void {
  t.diagnostic(`SEED=${SEED} FUZZ=${RUNS}`);
  const random = randomFrom(SEED);
  const collect = globalThis.gc ?? ((): void => {});
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const started = performance.now();
  let before = 0;
  for (let run = 0; run < RUNS; run++) {
    if (run === Math.floor(RUNS / 10)) before = used();
    work(random);
  }
  const growth = used() - before;
  t.diagnostic(`${((performance.now() - started) / 1000).toFixed(1)} s, memory grew by ${megabytes(growth)}`);
  // Without --expose-gc the heap still holds garbage, so only the long run with it judges closely.
  assert.ok(growth < (globalThis.gc === undefined ? 256 : 4) * 2 ** 20, `memory grew by ${megabytes(growth)}`);
}

const REACHED: readonly Refusal[] = [
  ...(["not-ours", "truncated", "bad-length", "trailing-bytes", "no-auth", "bad-auth", "unknown-key-index"] as const),
  ...(["method-mismatch", "bad-digest", "bad-field", "unsupported-type", "unknown-type", "bad-base64"] as const),
];

test("invented datagrams are refused, whatever is in them", (t) => {
  const refusals = new Map<string, number>();
  measured(t, (random) => {
    const bytes = invented(random);
    for (const decoded of decodeEverything(bytes, codec))
      if (!decoded.ok) refusals.set(decoded.refusal, (refusals.get(decoded.refusal) ?? 0) + 1);
    assert.equal(codec.decode(bytes).ok, false);
  });
  t.diagnostic(JSON.stringify(Object.fromEntries(refusals)));
  // The inventor is worth something only if it gets past the first glance, on every way into the code.
  for (const refusal of REACHED) assert.ok(refusals.has(refusal), `never reached ${refusal}`);
});

test("a genuine datagram that was wounded never says anything that its sender did not say", (t) => {
  const originals = genuine();
  let unharmed = 0;
  measured(t, (random) => {
    const original = originals[random(originals.length)]!;
    const bytes = mutated(random, original, originals[random(originals.length)]!);
    decodeEverything(bytes, codec);
    const decoded = codec.decode(bytes);
    if (!decoded.ok) return;
    // Wounds can cancel each other out, or lead from one genuine datagram to another.
    assert.ok(
      originals.some((other) => Buffer.compare(other, bytes) === 0),
      Buffer.from(bytes).toString("hex"),
    );
    unharmed++;
  });
  t.diagnostic(`${unharmed} were unharmed`);
});

test("a genuine classic datagram that was wounded never says anything that its sender did not say", (t) => {
  const [receiver, originals] = genuineClassic();
  const said = new Set(originals.map((bytes) => JSON.stringify(receiver.decode(bytes))));
  measured(t, (random) => {
    const original = originals[random(originals.length)]!;
    const bytes = mutated(random, original, originals[random(originals.length)]!);
    decodeEverything(bytes, receiver);
    const decoded = receiver.decode(bytes);
    if (decoded.ok) assert.ok(said.has(JSON.stringify(decoded)), Buffer.from(bytes).toString("hex"));
  });
});

test("the largest datagrams of each kind are refused in a time that no keepalive would notice", (t) => {
  const size = 65_507;
  const filled = (head: string, piece: string): Uint8Array => {
    const text = head + piece.repeat(Math.ceil(size / piece.length));
    return latin1(text.slice(0, size));
  };
  const worst = [
    "",
    "0",
    "1",
    ",",
    "0:,",
    "7:(0)a=b,",
    "\n",
    "a=\n",
    "auth=\n",
    "<<<",
    "auth=2 aa\n",
    "60000:",
  ].flatMap((piece) => (piece === "" ? [] : [filled("###\n", piece), filled(">>>\n", piece), filled("", piece)]));
  // One auth text that fills the datagram.
  worst.push(latin1(`###\n%%%\n65490:${"2 a".padEnd(65_490, "a")},`));
  worst.push(latin1(`###\n65000:(0)a=${"x".repeat(64_995)},%%%\n42:2 ${"0".repeat(40)},`));
  let slowest = 0;
  for (const bytes of worst) {
    // The best of three: a busy machine may stop any one of them.
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      assert.equal(codec.decode(bytes).ok, false);
      return performance.now() - started;
    });
    slowest = Math.max(slowest, Math.min(...times));
  }
  t.diagnostic(`slowest ${slowest.toFixed(2)} ms`);
  assert.ok(slowest < 50);
});
