import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Message } from "../../src/core/message.js";
import { digests } from "../../src/io/digests.js";
import { type Codec, createCodec } from "../../src/wire/codec.js";
import type { Method, WireKey, WireKeys } from "../../src/wire/keys.js";

/** Seed of this run's random choices: `SEED=…` repeats one. */
export const SEED: number = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

/** Parameters for fast-check; the seed stands in the test's output. */
export function seeded(t: { diagnostic(text: string): void }, runs = 500): { seed: number; numRuns: number } {
  t.diagnostic(`SEED=${SEED}`);
  return { seed: SEED, numRuns: runs };
}

export const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
export const textOfBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

export const key = (index: number, method: Method, secret = ""): WireKey => ({ index, method, secret: latin1(secret) });

/** authkeys with `auth <sendIndex>`. */
export const keysOf = (sendIndex: number, ...keys: WireKey[]): WireKeys => ({
  sendIndex,
  byIndex: new Map(keys.map((entry) => [entry.index, entry])),
});

export const codecOf = (sendIndex: number, ...keys: WireKey[]): Codec =>
  createCodec({ keys: keysOf(sendIndex, ...keys), digests });

/** A message as node `alpha` sends once per keepalive. */
export const STATUS: Message = [
  { name: "t", value: "status" },
  { name: "st", value: "active" },
  { name: "dt", value: "1388" },
  { name: "protocol", value: "1" },
  { name: "src", value: "alpha" },
  { name: "srcuuid", value: Uint8Array.from([0, 1, 2, 10, 13, 37, 37, 37, 44, 58, 61, 0x80, 0xfe, 0xff, 0x13, 0]) },
  { name: "seq", value: "2f1" },
  { name: "hg", value: "6b030a20" },
  { name: "ts", value: "6b030a1f" },
  { name: "ld", value: "0.55 1.08 1.38 2/253 405" },
  { name: "ttl", value: "4" },
];

/** A packet recorded from the original; see test/vectors/wire/README.json. */
export interface Vector {
  readonly note: string;
  readonly auth: {
    readonly method: "crc" | "md5" | "sha1" | null;
    readonly key: string | null;
    readonly index?: number;
  };
  readonly encoding: "netstring" | "classic";
  readonly transport: "udp" | "icmp8" | "icmp0" | "api-socket" | "fifo";
  readonly outer_digest: string | null;
  readonly inner_auth: string | null;
  readonly hex: string;
  readonly fields: readonly (readonly [type: number, name: string, value: string])[];
}

/** Compiled tests run in dist/test/wire; the recordings stay where they are. */
const VECTORS = new URL("../../../test/vectors/wire/", import.meta.url);

export const vectorsOf = (file: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(file, VECTORS), "utf8")) as readonly Vector[];

export const bytesOfVector = (vector: Vector): Uint8Array => new Uint8Array(Buffer.from(vector.hex, "hex"));

/** The fields of a recording, all or all but the digest. */
export function messageOf(vector: Vector, which: "all" | "without-auth"): Message {
  return vector.fields
    .filter(([, name]) => which === "all" || name !== "auth")
    .map(([type, name, value]) => ({ name, value: type === 0 ? value : new Uint8Array(Buffer.from(value, "hex")) }));
}

const anyByteText = fc.uint8Array({ maxLength: 60 }).map(textOfBytes);
const anyName = fc
  .stringMatching(/^[ -<>-~]{1,12}$/)
  .filter((name) => !name.startsWith("(") && name !== "auth" && name !== "__proto__");
const anyValue = fc.oneof(
  anyByteText,
  fc.constantFrom("ping", "NS_st", "%%%\n", "###\n", ""),
  fc.uint8Array({ maxLength: 40 }),
);

/** Any message that both encodings can hold: every byte in texts and values, repeated names, no fields at all. */
export const anyMessage: fc.Arbitrary<Message> = fc.array(
  fc.record({ name: anyName, value: anyValue }, { noNullPrototype: true }),
  {
    maxLength: 30,
  },
);
