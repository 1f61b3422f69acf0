// How long the codec takes for one heartbeat, beside a codec as one would write it in an afternoon (string building, regular
// expressions, Buffer), in the same run. Build first; then: node bench/codec.mjs [rounds]
import { createHmac } from "node:crypto";
import { digests } from "../dist/src/io/digests.js";
import { createCodec } from "../dist/src/wire/codec.js";
import { decodeNetstring, encodeNetstring } from "../dist/src/wire/netstring.js";

const ROUNDS = Number(process.argv[2] ?? 200);
const PER_ROUND = 500;

const secret = new Uint8Array(Buffer.from("UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta"));
const keysWith = (method) => ({ sendIndex: 2, byIndex: new Map([[2, { index: 2, method, secret }]]) });
const status = [
  ["t", "status"],
  ["st", "active"],
  ["dt", "1388"],
  ["protocol", "1"],
  ["src", "master1"],
  ["srcuuid", Uint8Array.from({ length: 16 }, (_, i) => i * 15)],
  ["seq", "2f1"],
  ["hg", "6b030a20"],
  ["ts", "6b030a1f"],
  ["ld", "0.55 1.08 1.38 2/253 405"],
  ["ttl", "4"],
].map(([name, value]) => ({ name, value }));

/** The baseline: same bytes, same digests, written without a thought of speed. */
const naive = {
  encode(message, innerAuth) {
    const text = (value) => (typeof value === "string" ? value : Buffer.from(value).toString("latin1"));
    const line = ({ name, value }) =>
      typeof value === "string" ? `${name}=${value}\n` : `(1)${name}=${Buffer.from(value).toString("base64")}\n`;
    const hmac = (data) => `2 ${createHmac("sha1", secret).update(data, "latin1").digest("hex")}`;
    const fields = innerAuth ? [...message, { name: "auth", value: hmac(message.map(line).join("")) }] : message;
    const frame = (content) => `${content.length}:${content},`;
    const body = fields.map(({ name, value }) => frame(`(${typeof value === "string" ? 0 : 1})${name}=${text(value)}`));
    const signed = `###\n${body.join("")}%%%\n`;
    return new Uint8Array(Buffer.from(signed + frame(hmac(signed)), "latin1"));
  },
  decode(bytes) {
    const all = Buffer.from(bytes).toString("latin1");
    const fields = [];
    let rest = all.slice(4);
    while (!rest.startsWith("%%%\n")) {
      const [head, length] = /^(\d+):/.exec(rest);
      const content = rest.slice(head.length, head.length + Number(length));
      const [, type, name, value] = /^\((\d)\)([^=]+)=(.*)$/s.exec(content);
      fields.push({ name, value: type === "0" ? value : new Uint8Array(Buffer.from(value, "latin1")) });
      rest = rest.slice(head.length + Number(length) + 1);
    }
    const signed = all.slice(0, all.length - rest.length + 4);
    const digest = createHmac("sha1", secret).update(signed, "latin1").digest("hex");
    if (!rest.includes(` ${digest},`)) throw new Error("bad digest");
    return fields.filter(({ name }) => name !== "auth");
  },
};

/** Median microseconds of each candidate; the rounds are interleaved so that a busy machine is busy for all of them. */
function measure(candidates) {
  const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, work] of Object.entries(candidates)) {
      const started = process.hrtime.bigint();
      for (let i = 0; i < PER_ROUND; i++) work();
      samples[name].push(Number(process.hrtime.bigint() - started) / 1000 / PER_ROUND);
    }
  const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * q)];
  return Object.fromEntries(
    Object.entries(samples).map(([name, list]) => {
      const settled = list.slice(Math.floor(ROUNDS / 5));
      return [name, { median: quantile(settled, 0.5), p95: quantile(settled, 0.95) }];
    }),
  );
}

const codec = createCodec({ keys: keysWith("sha1"), digests });
const bare = createCodec({ keys: keysWith("sha1"), digests, innerAuth: false });
const crc = createCodec({ keys: keysWith("crc"), digests });
const datagram = codec.encode(status, "configured");
const strong = codec.encode(status, "strong");
const byCrc = crc.encode(status, "configured");
const forged = datagram.slice();
forged[forged.length - 2] = forged[forged.length - 2] === 0x30 ? 0x31 : 0x30;
const unsigned = encodeNetstring(status);
if (Buffer.compare(datagram, naive.encode(status, true)) !== 0) throw new Error("the baseline writes other bytes");

console.log(`one status message: ${datagram.length} bytes with both digests (sha1), ${strong.length} strong`);
const result = measure({
  "encode sha1 + inner": () => codec.encode(status, "configured"),
  "encode sha1": () => bare.encode(status, "configured"),
  "encode strong": () => codec.encode(status, "strong"),
  "encode crc + inner": () => crc.encode(status, "configured"),
  "encode, no digest": () => encodeNetstring(status),
  "decode sha1": () => codec.decode(datagram),
  "decode strong": () => codec.decode(strong),
  "decode crc": () => crc.decode(byCrc),
  "decode, no digest": () => decodeNetstring(unsigned),
  "refuse a forgery": () => codec.decode(forged),
  "HMAC-SHA1 alone": () => digests.hmac("sha1", secret, unsigned),
  "naive encode sha1 + inner": () => naive.encode(status, true),
  "naive decode sha1": () => naive.decode(datagram),
});
for (const [name, { median, p95 }] of Object.entries(result))
  console.log(`${name.padEnd(28)} median ${median.toFixed(2).padStart(6)} µs   p95 ${p95.toFixed(2).padStart(6)} µs`);
const ratio = (ours, theirs) => (result[theirs].median / result[ours].median).toFixed(2);
console.log(`encode: ${ratio("encode sha1 + inner", "naive encode sha1 + inner")} times as fast as the naive codec`);
console.log(`decode: ${ratio("decode sha1", "naive decode sha1")} times as fast as the naive codec`);
