import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { gratuitousArp } from "../../src/io/arp.js";
import { littleEndian } from "../../src/io/byte-order.js";
import { echoReplyPayload, echoRequest } from "../../src/io/icmp-format.js";
import { checksum } from "../../src/io/internet-checksum.js";
import { broadcastOf, inSameNetwork, ipBytes, ipText } from "../../src/io/ip-bytes.js";
import { unsolicitedAdvertisement } from "../../src/io/neighbour.js";

const mac = Uint8Array.of(0x00, 0x0c, 0x29, 0x7a, 0x7b, 0xe4);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("frames that announce an address", () => {
  it("gratuitous ARP goes to everybody, with the address as sender and target, in two forms", () => {
    const ip = ipBytes("ipv4", "172.30.105.201")!;
    const head = "ffffffffffff000c297a7be40806000108000604";
    const sender = "000c297a7be4ac1e69c9";
    const padding = "00".repeat(18);
    assert.equal(hex(gratuitousArp("request", mac, ip)), `${head}0001${sender}000000000000ac1e69c9${padding}`);
    assert.equal(hex(gratuitousArp("reply", mac, ip)), `${head}0002${sender}000c297a7be4ac1e69c9${padding}`);
  });
  it("an unsolicited neighbour advertisement overrides, comes from the address itself, and its checksum is right", () => {
    const ip = ipBytes("ipv6", "2001:db8::5")!;
    const frame = unsolicitedAdvertisement(mac, ip, false);
    const icmp = frame.subarray(54);
    const pseudo = Uint8Array.from([...frame.subarray(22, 54), 0, 0, 0, icmp.length, 0, 0, 0, 58, ...icmp]);
    assert.equal(checksum(pseudo), 0, "the sum over a packet with its checksum is zero");
    assert.equal(hex(frame.subarray(0, 14)), "333300000001000c297a7be486dd");
    assert.deepEqual([frame[20], frame[21], icmp[0], icmp[4]], [58, 255, 136, 0x20]);
    assert.deepEqual([hex(frame.subarray(22, 38)), hex(icmp.subarray(8, 24))], [hex(ip), hex(ip)]);
    assert.equal(hex(icmp.subarray(24)), "0201000c297a7be4");
    assert.equal(unsolicitedAdvertisement(mac, ip, true)[58], 0xa0, "a router says that it is one");
  });
});

describe("ICMP echo", () => {
  it("the identifier is in host byte order, the sequence number in network order, the checksum right", () => {
    const bytes = echoRequest("ipv4", 15, 258, Buffer.from("abc"));
    assert.equal(hex(bytes.subarray(4, 8)), littleEndian ? "0f000102" : "000f0102");
    assert.deepEqual([bytes[0], checksum(bytes)], [8, 0]);
  });
  it("only an echo reply with our identifier gives its payload back, for any payload", () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom("ipv4", "ipv6"),
        (id, payload, family) => {
          const message = echoRequest(family, id, 0, payload);
          const packet =
            family === "ipv4" ? Uint8Array.from([0x45, ...new Array<number>(19).fill(0), ...message]) : message;
          assert.equal(echoReplyPayload(family, id, packet), undefined, "a request is not an answer");
          packet[family === "ipv4" ? 20 : 0] = family === "ipv4" ? 0 : 129;
          assert.deepEqual(hex(echoReplyPayload(family, id, packet)!), hex(payload));
          assert.equal(echoReplyPayload(family, (id + 1) & 0xffff, packet), undefined);
        },
      ),
    );
  });
  it("a cut or foreign packet is no answer and no error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const family of ["ipv4", "ipv6"] as const) {
          const payload = echoReplyPayload(family, 1, bytes);
          assert.ok(payload === undefined || payload.length <= bytes.length - 8);
        }
      }),
    );
  });
});

describe("addresses as bytes", () => {
  it("every address survives text and back", () => {
    fc.assert(fc.property(fc.ipV4(), (text) => ipText(ipBytes("ipv4", text)!) === text));
    const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const withZeros = fc.tuple(sixteen, fc.nat(7), fc.nat(8)).map(([bytes, start, count]) => {
      return bytes.fill(0, 2 * start, 2 * Math.min(8, start + count));
    });
    fc.assert(fc.property(withZeros, (bytes) => hex(ipBytes("ipv6", ipText(bytes))!) === hex(bytes)));
    fc.assert(fc.property(fc.ipV6(), (text) => ipBytes("ipv6", text)?.length === 16));
  });
  it("IPv6 text is the short form", () => {
    const short = (text: string) => ipText(ipBytes("ipv6", text)!);
    assert.deepEqual(
      ["2001:DB8:0:0:0:0:0:5", "::", "::1", "fe80::", "1:0:0:2:0:0:0:3", "1:0:2:3:4:5:6:7", "::ffff:10.0.0.1"].map(
        short,
      ),
      ["2001:db8::5", "::", "::1", "fe80::", "1:0:0:2::3", "1:0:2:3:4:5:6:7", "::ffff:a00:1"],
    );
  });
  it("what is no address of that family gives nothing", () => {
    assert.deepEqual(
      ["", "master2", "10.0.0", "10.0.0.256", "::1"].map((text) => ipBytes("ipv4", text)),
      new Array(5).fill(undefined),
    );
    assert.deepEqual(
      ["", "10.0.0.1", "fe80::1%lo", ":::"].map((text) => ipBytes("ipv6", text)),
      new Array(4).fill(undefined),
    );
  });
  it("broadcast and network follow from the prefix, also across byte borders", () => {
    const at = (text: string) => ipBytes("ipv4", text)!;
    const broadcasts = [8, 20, 24, 27, 30, 31, 32].map((prefix) =>
      broadcastOf(at("172.30.105.201"), prefix)?.join("."),
    );
    assert.deepEqual(broadcasts, [
      "172.255.255.255",
      "172.30.111.255",
      "172.30.105.255",
      "172.30.105.223",
      "172.30.105.203",
      undefined,
      undefined,
    ]);
    const together = (a: string, b: string, prefix: number) => inSameNetwork(at(a), at(b), prefix);
    assert.deepEqual(
      [
        together("10.0.0.1", "10.0.0.254", 24),
        together("10.0.0.1", "10.0.1.1", 24),
        together("10.0.0.1", "11.0.0.1", 0),
      ],
      [true, false, true],
    );
  });
});
