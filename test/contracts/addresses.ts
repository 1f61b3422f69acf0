/** What every form of the `Addresses` port promises; the kernel's form and the simulator's pass the same. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Addresses, VirtualAddress } from "../../src/ports/addresses.js";

export interface AddressesUnderTest {
  readonly addresses: Addresses;
  /** Two different IPv4 addresses and an IPv6 one that belong to the network of an interface and that nobody has yet. */
  readonly one: VirtualAddress;
  readonly other: VirtualAddress;
  readonly ipv6: VirtualAddress;
  close(): void;
}

/** @param make a fresh world per test. @param skip reason why the tests cannot run here. */
export function addressesContract(name: string, make: () => AddressesUnderTest, skip: string | undefined): void {
  const promise = (sentence: string, check: (world: AddressesUnderTest) => void): void => {
    it(sentence, () => {
      const world = make();
      try {
        check(world);
      } finally {
        world.close();
      }
    });
  };
  describe(`addresses: ${name}`, { skip: skip ?? false }, () => {
    promise("an address is there from its adding to its removal", ({ addresses, one }) => {
      assert.equal(addresses.has(one), false);
      assert.deepEqual(addresses.add(one), { ok: true });
      assert.equal(addresses.has(one), true);
      assert.deepEqual(addresses.remove(one), { ok: true });
      assert.equal(addresses.has(one), false);
    });
    promise("adding what is there and removing what is not there succeed", ({ addresses, one }) => {
      assert.deepEqual(addresses.remove(one), { ok: true });
      assert.deepEqual([addresses.add(one), addresses.add(one)], [{ ok: true }, { ok: true }]);
      assert.deepEqual([addresses.remove(one), addresses.remove(one)], [{ ok: true }, { ok: true }]);
      assert.equal(addresses.has(one), false);
    });
    promise("removing one address leaves the others, whichever came first", ({ addresses, one, other }) => {
      for (const [leaving, staying] of [
        [one, other],
        [other, one],
      ] as const) {
        assert.deepEqual([addresses.add(one), addresses.add(other)], [{ ok: true }, { ok: true }]);
        assert.deepEqual(addresses.remove(leaving), { ok: true });
        assert.deepEqual([addresses.has(leaving), addresses.has(staying)], [false, true]);
        addresses.remove(staying);
      }
    });
    promise("an IPv6 address comes and goes like an IPv4 one", ({ addresses, ipv6 }) => {
      assert.deepEqual(addresses.add(ipv6), { ok: true });
      assert.equal(addresses.has(ipv6), true);
      assert.deepEqual(addresses.announce(ipv6), { ok: true });
      assert.deepEqual(addresses.remove(ipv6), { ok: true });
      assert.equal(addresses.has(ipv6), false);
    });
    promise("only an address that is there is announced", ({ addresses, one }) => {
      assert.equal(addresses.announce(one).ok, false);
      addresses.add(one);
      assert.deepEqual(addresses.announce(one), { ok: true });
    });
    promise(
      "an interface that does not exist is refused with a reason; nothing is there to remove",
      ({ addresses, one }) => {
        const nowhere = { ...one, device: "nosuch0", prefix: 24 };
        const outcome = addresses.add(nowhere);
        assert.ok(!outcome.ok && outcome.why.length > 0);
        assert.equal(addresses.has(nowhere), false);
        assert.deepEqual(addresses.remove(nowhere), { ok: true });
      },
    );
  });
}
