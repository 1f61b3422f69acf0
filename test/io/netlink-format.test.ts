import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ipBytes } from "../../src/io/ip-bytes.js";
import * as format from "../../src/io/netlink-format.js";

/** Recorded with strace from iproute2 on a little-endian machine (kernel 6.18); the sequence number is in all of them. */
const SEQUENCE = 0x6b033fb1;
const recorded = {
  add: "3c00000014000506b13f036b00000000021800000300000008000200ac1e69c908000400ac1e69ff0900030064303a300000000008000100ac1e69c9",
  remove: "2800000015000500b13f036b00000000021800000300000008000200ac1e69c908000100ac1e69c9",
  addIpv6:
    "4000000014000506b13f036b000000000a400200030000001400020020010db80000000000000000000000051400010020010db8000000000000000000000005",
  addresses:
    "4c00000014000200b23f036bee1500000218800003000000080001000a000001080002000a0000010700030064300000080008008000000014000600ffffffffffffffff90e1050090e105004c00000014000200b23f036bee150000021800000300000008000100ac1e69ca08000200ac1e69ca0700030064300000080008000000000014000600040000000500000095e1050095e10500",
  route:
    "3c00000018000000b13f036bf415000002180000fe02fd011000000008000f00fe000000080001000a000000080007000a0000010800040003000000",
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const unhex = (text: string): Uint8Array => Buffer.from(text, "hex");
const plain = { index: 3, label: undefined, broadcast: undefined, scope: 0, flags: 0, lifetime: undefined };
const virtual: format.InterfaceAddress = {
  ...plain,
  address: ipBytes("ipv4", "172.30.105.201")!,
  prefix: 24,
  label: "d0:0",
  broadcast: ipBytes("ipv4", "172.30.105.255"),
};

describe("rtnetlink format", () => {
  it("an address is added with the very bytes that `ip addr add … broadcast … label …` sends", () => {
    assert.equal(hex(format.newAddress(virtual, SEQUENCE)), recorded.add);
  });
  it("an address is deleted with the very bytes that `ip addr del` sends", () => {
    assert.equal(hex(format.deleteAddress(virtual, SEQUENCE)), recorded.remove);
  });
  it("an IPv6 address is added with the very bytes that `ip -6 addr add … nodad` sends", () => {
    const address = ipBytes("ipv6", "2001:db8::5")!;
    const wanted = { ...plain, address, prefix: 64, flags: format.IFA_F_NODAD };
    assert.equal(hex(format.newAddress(wanted, SEQUENCE)), recorded.addIpv6);
  });
  it("a lifetime travels in whole seconds, and asks to replace what is there", () => {
    const bytes = format.newAddress({ ...virtual, lifetime: { valid: 5, preferred: 4 } }, SEQUENCE);
    assert.equal(hex(bytes).slice(-40), "1400060004000000050000000000000000000000");
    assert.equal(hex(bytes).slice(12, 16), "0505", "request, ack, replace, create; not exclusive");
  });
  it("the kernel's list of addresses is understood, lifetimes and flags included", () => {
    const [first, second] = format.parseMessages(unhex(recorded.addresses)).map(format.parseAddress);
    assert.deepEqual(
      [first?.address.join("."), first?.prefix, first?.label, first?.flags, first?.lifetime?.valid],
      ["10.0.0.1", 24, "d0", format.IFA_F_PERMANENT, format.FOREVER],
    );
    assert.deepEqual(second?.lifetime, { valid: 5, preferred: 4 });
  });
  it("a connected route is told from one through a gateway", () => {
    const [route] = format.parseMessages(unhex(recorded.route)).map(format.parseRoute);
    assert.deepEqual(route, { type: format.RTN_UNICAST, prefix: 24, index: 3, connected: true });
  });
  it("an error carries its number and the number of its request", () => {
    const refusal = unhex("24000000020000000700000000000000efffffff140000001400050607000000000000000000");
    assert.deepEqual(format.parseMessages(refusal)[0], { kind: "ended", sequence: 7, errno: 17 });
  });
  it("whatever bytes come, the parsers neither throw nor run for ever", () => {
    const parsers = [format.parseAddress, format.parseRoute];
    const check = (bytes: Uint8Array): void => {
      const messages = format.parseMessages(bytes);
      assert.ok(messages.length <= bytes.length / 16);
      for (const message of messages) for (const parse of parsers) parse(message);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check), { numRuns: 300 });
    // Recorded messages with one byte changed, and cut anywhere, go deeper than noise.
    const whole = unhex(recorded.addresses + recorded.route);
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    fc.assert(
      fc.property(damage, ([at, value, end]) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = value;
        check(damaged.subarray(0, end));
      }),
      { numRuns: 2000 },
    );
  });
});
