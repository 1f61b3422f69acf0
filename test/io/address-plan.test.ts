import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  copiesOf,
  endangeredBy,
  missingFrom,
  nextFreeLabel,
  type Placement,
  planned,
} from "../../src/io/address-plan.js";
import { ipBytes } from "../../src/io/ip-bytes.js";
import { IFA_F_NODAD, IFA_F_PERMANENT, IFA_F_SECONDARY, type InterfaceAddress } from "../../src/io/netlink-format.js";

const bytes = (text: string): Uint8Array => ipBytes(text.includes(":") ? "ipv6" : "ipv4", text)!;
const there = (text: string, index = 3, more: Partial<InterfaceAddress> = {}): InterfaceAddress => ({
  index,
  address: bytes(text),
  prefix: 24,
  label: "ens38",
  broadcast: undefined,
  scope: 0,
  flags: IFA_F_PERMANENT,
  lifetime: undefined,
  ...more,
});
const secondary = { flags: IFA_F_PERMANENT | IFA_F_SECONDARY };
const place = {
  address: bytes("172.30.105.201"),
  prefix: 24,
  index: 3,
  device: "ens38",
  label: undefined,
  wantsLabel: true,
  broadcast: undefined,
  lifetime: undefined,
};

describe("planning a virtual address", () => {
  it("labels count up from ens38:0 and fill gaps, as the seed's `ip addr` shows them", () => {
    const labelled = (...labels: string[]) => labels.map((label) => there("10.0.0.1", 3, { label }));
    assert.equal(nextFreeLabel("ens38", labelled("ens38")), "ens38:0");
    assert.equal(nextFreeLabel("ens38", labelled("ens38", "ens38:0")), "ens38:1");
    assert.equal(nextFreeLabel("ens38", labelled("ens38:1", "ens38:2")), "ens38:0");
    assert.equal(nextFreeLabel("ens38", labelled("ens33:0")), "ens38:0");
  });
  it("IPaddr gets a label, IPaddr2 none, a given one is taken, one too long for the kernel is left out", () => {
    const label = (change: Partial<Placement>) => planned({ ...place, ...change }, []).label;
    assert.deepEqual(
      [label({}), label({ wantsLabel: false }), label({ label: "ens38:web" }), label({ device: "enp0s31f6.1234" })],
      ["ens38:0", undefined, "ens38:web", undefined],
    );
  });
  it("the broadcast address follows from the prefix unless one is given", () => {
    assert.equal(planned(place, []).broadcast?.join("."), "172.30.105.255");
    assert.equal(planned({ ...place, broadcast: bytes("10.1.1.1") }, []).broadcast?.join("."), "10.1.1.1");
  });
  it("an IPv6 address has neither label nor broadcast and skips duplicate detection", () => {
    const { label, broadcast, flags } = planned({ ...place, address: bytes("2001:db8::5"), prefix: 64 }, []);
    assert.deepEqual([label, broadcast, flags], [undefined, undefined, IFA_F_NODAD]);
  });
  it("an address on loopback counts only when loopback is meant", () => {
    const present = [there("10.0.0.9", 1), there("10.0.0.9", 4)];
    const found = (index: number | undefined) => copiesOf(bytes("10.0.0.9"), index, present).map((one) => one.index);
    assert.deepEqual([found(undefined), found(1), found(4), found(3)], [[4], [1], [4], []]);
  });
});

describe("letting an address go", () => {
  const primary = there("10.0.0.1");
  const sister = there("10.0.0.2", 3, secondary);
  it("only a primary endangers others, and only secondaries of its own subnet and interface", () => {
    const others = [
      there("10.0.1.2", 3, secondary),
      there("10.0.0.3", 4, secondary),
      there("10.0.0.4", 3, { ...secondary, prefix: 25 }),
    ];
    const present = [primary, sister, ...others];
    assert.deepEqual(endangeredBy(primary, present), [sister]);
    assert.deepEqual(endangeredBy(sister, present), []);
  });
  it("what went along is put back with the flags it was given, not with those that the kernel reports", () => {
    assert.deepEqual(missingFrom([], [sister]), [{ ...sister, flags: 0 }]);
    assert.deepEqual(missingFrom([sister], [sister]), []);
  });
});
