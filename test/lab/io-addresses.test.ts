/** Virtual addresses with the real kernel: what `ip` shows, what the neighbours see, what others lose (nothing). */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type KernelAddresses, openAddresses } from "../../src/io/addresses.js";
import * as libc from "../../src/io/libc.js";
import type { VirtualAddress } from "../../src/ports/addresses.js";
import { addressesContract } from "../contracts/addresses.js";
import { cable, type Namespace, namespace, reasonToSkip, until } from "./network-namespace.js";

const skip = reasonToSkip();
if (skip !== undefined) console.error(skip);

const virtual = (address: string, more: Partial<VirtualAddress> = {}): VirtualAddress => ({
  family: address.includes(":") ? "ipv6" : "ipv4",
  address,
  prefix: undefined,
  device: undefined,
  label: undefined,
  wantsLabel: false,
  broadcast: undefined,
  ...more,
});

interface World {
  readonly node: Namespace;
  readonly client: Namespace;
  readonly addresses: KernelAddresses;
}

/** A node with ens38 as in the seed, and a client at the other end of the cable. `own`: whether ens38 has an address of its own. */
function world(own = true): World {
  const [node, client] = [namespace("node"), namespace("client")];
  cable(node, "ens38", client, "eth0");
  client.ip("addr add 172.30.105.90/24 dev eth0");
  client.ip("addr add 2001:db8::90/64 dev eth0 nodad");
  if (own) node.ip("addr add 172.30.105.12/24 brd + dev ens38");
  if (own) node.ip("addr add 2001:db8::12/64 dev ens38 nodad");
  return { node, client, addresses: node.inside(openAddresses) };
}

interface Shown {
  readonly local: string;
  readonly prefixlen: number;
  readonly label?: string;
  readonly broadcast?: string;
  readonly secondary?: boolean;
  readonly valid_life_time: number;
  readonly tentative?: boolean;
}

function shown(node: Namespace, device = "ens38"): readonly Shown[] {
  const links = JSON.parse(node.ip(`-j addr show dev ${device}`)) as readonly {
    readonly addr_info: readonly Shown[];
  }[];
  return links[0]?.addr_info ?? [];
}
const find = (node: Namespace, address: string) => shown(node).find(({ local }) => local === address);
const promotionOf = (device: string) => `/proc/sys/net/ipv4/conf/${device}/promote_secondaries`;
const succeeded = { ok: true } as const;

function contractWorld(own: boolean) {
  const { node, addresses } = world(own);
  const place = { device: "ens38", prefix: 24 };
  return {
    addresses: {
      add: (address: VirtualAddress) => node.inside(() => addresses.add(address)),
      remove: (address: VirtualAddress) => node.inside(() => addresses.remove(address)),
      has: (address: VirtualAddress) => node.inside(() => addresses.has(address)),
      announce: (address: VirtualAddress) => node.inside(() => addresses.announce(address)),
    },
    one: virtual("172.30.105.201", place),
    other: virtual("172.30.105.202", place),
    ipv6: virtual("2001:db8::201", { device: "ens38", prefix: 64 }),
    close: addresses.close,
  };
}

addressesContract("of the kernel, interface with an address of its own", () => contractWorld(true), skip);
addressesContract("of the kernel, interface without one", () => contractWorld(false), skip);

describe("virtual addresses in the kernel", { skip: skip ?? false, timeout: 600_000 }, () => {
  let here: World;
  before(() => {
    here = world();
  });
  after(() => here.addresses.close());
  const add = (address: VirtualAddress, at = here) => at.node.inside(() => at.addresses.add(address));
  const remove = (address: VirtualAddress, at = here) => at.node.inside(() => at.addresses.remove(address));

  it("the seed's two addresses are secondary, labelled ens38:0 and ens38:1, with the computed broadcast", () => {
    const place = { device: "ens38", prefix: 24, wantsLabel: true };
    assert.deepEqual(add(virtual("172.30.105.202", place)), succeeded);
    assert.deepEqual(add(virtual("172.30.105.201", place)), succeeded);
    const rows = ["172.30.105.202", "172.30.105.201"].map((address) => {
      const row = find(here.node, address);
      return [row?.label, row?.broadcast, row?.secondary, row?.prefixlen];
    });
    assert.deepEqual(rows, [
      ["ens38:0", "172.30.105.255", true, 24],
      ["ens38:1", "172.30.105.255", true, 24],
    ]);
    remove(virtual("172.30.105.202", place));
    remove(virtual("172.30.105.201", place));
  });
  it("interface and prefix come from the connected route when they are not given", () => {
    assert.deepEqual(add(virtual("172.30.105.203")), succeeded);
    assert.deepEqual(add(virtual("2001:db8::203")), succeeded);
    assert.deepEqual(
      [find(here.node, "172.30.105.203")?.prefixlen, find(here.node, "2001:db8::203")?.prefixlen],
      [24, 64],
    );
    remove(virtual("172.30.105.203"));
    remove(virtual("2001:db8::203"));
    const outcome = add(virtual("9.9.9.9"));
    assert.ok(!outcome.ok && /unreachable|not connected|no interface/i.test(outcome.why), JSON.stringify(outcome));
  });
  it("a default route is no connection: an address behind a gateway is refused", () => {
    here.node.ip("route add default via 172.30.105.90");
    const outcome = add(virtual("9.9.9.9"));
    here.node.ip("route del default");
    assert.deepEqual(outcome, {
      ok: false,
      why: "no interface is connected to its network; give interface and prefix",
    });
  });
  it("with a prefix and no interface, the one that leads to the address has it, be it by the default route, as the original's findif found it", () => {
    here.node.ip("route add default via 172.30.105.90");
    const added = add(virtual("9.9.9.9", { prefix: 30 }));
    const [seen, gone] = [find(here.node, "9.9.9.9"), remove(virtual("9.9.9.9", { prefix: 30 }))];
    here.node.ip("route del default");
    assert.deepEqual([added, gone, seen?.prefixlen], [succeeded, succeeded, 30]);
  });
  it("an IPv6 address can be used at once, without duplicate detection", () => {
    add(virtual("2001:db8::204"));
    assert.equal(find(here.node, "2001:db8::204")?.tentative, undefined);
    remove(virtual("2001:db8::204"));
  });
  it("an address with a lifetime goes by itself, renewal keeps it, and plain adding makes it stay", async () => {
    const [short, kept] = [virtual("172.30.105.205"), virtual("172.30.105.206")];
    const second = { valid: 1, preferred: 1 };
    here.node.inside(() => here.addresses.add(short, second));
    for (let n = 0; n < 5; n++) {
      here.node.inside(() => here.addresses.add(kept, second));
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    assert.equal(find(here.node, "172.30.105.205"), undefined);
    assert.equal(find(here.node, "172.30.105.206")?.valid_life_time, 1);
    add(kept);
    assert.equal(find(here.node, "172.30.105.206")?.valid_life_time, 4294967295);
    remove(kept);
  });
  it("deleting a primary address takes no other along, neither with nor without the kernel's promotion", () => {
    const place = { device: "ens38", prefix: 24, wantsLabel: true };
    for (const promotion of ["0", "1"]) {
      const bare = world(false);
      bare.node.inside(() => writeFileSync(promotionOf("all"), "0"));
      bare.node.inside(() => writeFileSync(promotionOf("ens38"), promotion));
      for (const last of [201, 202, 203]) add(virtual(`172.30.105.${last}`, place), bare);
      bare.node.ip("route add default via 172.30.105.90");
      assert.deepEqual(remove(virtual("172.30.105.201", place), bare), succeeded);
      const left = shown(bare.node)
        .map(({ local, label }) => `${local} ${label ?? ""}`)
        .filter((row) => row.startsWith("172"));
      const routes = bare.node.ip("route show default");
      const setting = bare.node.inside(() => readFileSync(promotionOf("ens38"), "latin1").trim());
      bare.addresses.close();
      assert.deepEqual(left, ["172.30.105.202 ens38:1", "172.30.105.203 ens38:2"]);
      assert.match(routes, /via 172\.30\.105\.90/, "the default route has survived");
      assert.equal(setting, promotion, "the setting is as it was");
    }
  });
});

describe("announcements on the wire", { skip: skip ?? false, timeout: 600_000 }, () => {
  it("request and reply form of the gratuitous ARP arrive at the other end of the cable", async () => {
    const { node, client, addresses } = world();
    const tap = client.inside(() => listen(0x0806));
    node.inside(() => addresses.add(virtual("172.30.105.201")));
    assert.deepEqual(
      node.inside(() => addresses.announce(virtual("172.30.105.201"))),
      succeeded,
    );
    const seen: string[] = [];
    await until(() => seen.push(...tap.read()) > 1, 1_000);
    tap.close();
    addresses.close();
    const gratuitous = seen.filter((frame) => frame.slice(56, 64) === "ac1e69c9" && frame.slice(76, 84) === "ac1e69c9");
    assert.deepEqual(
      gratuitous.map((frame) => frame.slice(40, 44)),
      ["0001", "0002"],
    );
  });
  it("a client with a warm neighbour cache follows the announcement, IPv4 and IPv6", async () => {
    const { node, client, addresses } = world();
    const mac = /link\/ether (\S+)/.exec(node.ip("link show ens38"))?.[1];
    for (const address of ["172.30.105.201", "2001:db8::201"]) {
      client.ip(`neigh replace ${address} lladdr 02:00:00:00:00:66 dev eth0 nud reachable`);
      node.inside(() => addresses.add(virtual(address)));
      assert.match(client.ip(`neigh show ${address}`), /02:00:00:00:00:66/);
      // The kernel believes nobody within locktime (1 s) of its last change, which is why announcements are repeated.
      const follows = (): boolean => {
        assert.deepEqual(
          node.inside(() => addresses.announce(virtual(address))),
          succeeded,
        );
        return client.ip(`neigh show ${address}`).includes(mac ?? "none");
      };
      assert.ok(await until(follows, 3_000), client.ip(`neigh show ${address}`));
    }
    addresses.close();
  });
  it("where sockets may be bound to foreign addresses, an address that is gone is still seen to be gone", () => {
    const { node, addresses } = world();
    node.inside(() => writeFileSync("/proc/sys/net/ipv4/ip_nonlocal_bind", "1"));
    const one = virtual("172.30.105.201");
    node.inside(() => addresses.add(one));
    assert.deepEqual(
      node.inside(() => [addresses.has(one), addresses.announce(one).ok]),
      [true, true],
    );
    node.ip("addr del 172.30.105.201/24 dev ens38");
    assert.deepEqual(
      node.inside(() => [addresses.has(one), addresses.announce(one).ok]),
      [false, false],
    );
    addresses.close();
  });

  it("announcing on an interface that is down is refused with the reason", () => {
    const { node, addresses } = world();
    node.inside(() => addresses.add(virtual("172.30.105.201")));
    node.ip("link set ens38 down");
    const outcome = node.inside(() => addresses.announce(virtual("172.30.105.201")));
    addresses.close();
    assert.deepEqual(outcome, { ok: false, why: "announcing on ens38: Network is down (ENETDOWN)" });
  });
});

/** Hears every frame of one Ethernet protocol in the current namespace. */
function listen(protocol: number): { read(): readonly string[]; close(): void } {
  const swapped = ((protocol & 0xff) << 8) | (protocol >> 8);
  const fd = libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_NONBLOCK, swapped);
  if (!fd.ok) throw new Error(libc.describeError(fd));
  const buffer = new Uint8Array(2_000);
  return {
    read() {
      const frames: string[] = [];
      for (let got = libc.recv(fd.value, buffer); got.ok; got = libc.recv(fd.value, buffer))
        frames.push(Buffer.from(buffer.subarray(0, got.value)).toString("hex"));
      return frames;
    },
    close: () => void libc.close(fd.value),
  };
}
