/** UDP media and ping nodes between two namespaces, with interfaces that come and go. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openPinger } from "../../src/io/icmp-pinger.js";
import * as libc from "../../src/io/libc.js";
import type { OpenedMedium } from "../../src/io/self-healing.js";
import { createUdpMedia } from "../../src/io/udp-medium.js";
import type { UdpMediumSettings } from "../../src/io/udp-sockets.js";
import { mediumContract } from "../contracts/medium.js";
import { cable, type Namespace, namespace, reasonToSkip, until } from "./network-namespace.js";

const skip = reasonToSkip();
if (skip !== undefined) console.error(skip);
const options = { skip: skip ?? false, timeout: 600_000 };
const device = "ens33";
const port = 694;

/** How node number `self` reaches the other one, by every kind of medium. */
const mediaOf = (peer: number): readonly UdpMediumSettings[] => [
  { kind: "ucast", device, port, address: `172.30.106.10${peer}` },
  { kind: "bcast", device, port },
  { kind: "mcast", device, port, group: "225.0.0.1", ttl: 1, loop: false },
  { kind: "ucast6", device, port, address: `2001:db8::10${peer}` },
  { kind: "mcast6", device, port, group: "ff02::694", ttl: 1, loop: false },
];

function twoNodes(): readonly [Namespace, Namespace] {
  const nodes = [namespace("master1"), namespace("master2")] as const;
  cable(nodes[0], device, nodes[1], device);
  configure(nodes[0], 1);
  configure(nodes[1], 2);
  return nodes;
}

function configure(node: Namespace, number: number): void {
  node.ip(`addr add 172.30.106.10${number}/24 brd + dev ${device}`);
  node.ip(`addr add 2001:db8::10${number}/64 dev ${device} nodad`);
}

const settle = async (arrived: () => boolean): Promise<void> => void (await until(arrived, 300));
const openIn = (node: Namespace, settings: UdpMediumSettings): OpenedMedium =>
  node.inside(() => createUdpMedia().open(settings));

for (const [i, { kind }] of mediaOf(2).entries())
  mediumContract(
    `${kind} between two namespaces`,
    async () => {
      const [one, two] = twoNodes();
      const here = openIn(one, mediaOf(2)[i]!);
      const there = openIn(two, mediaOf(1)[i]!);
      assert.deepEqual([here.problem, there.problem], [undefined, undefined]);
      const close = (): void => {
        here.medium.close();
        there.medium.close();
      };
      return { here: here.medium, there: there.medium, settle, close };
    },
    skip,
  );

describe("media and their interface", options, () => {
  it("with all five kinds on one interface each datagram is heard exactly once", async () => {
    const [one, two] = twoNodes();
    const open = (node: Namespace, peer: number) => {
      const media = node.inside(createUdpMedia);
      return mediaOf(peer).map((settings) => node.inside(() => media.open(settings).medium));
    };
    const [here, there] = [open(one, 2), open(two, 1)];
    const heard: number[] = [];
    for (const medium of there) medium.onDatagram((bytes) => heard.push(bytes[0] ?? -1));
    for (let round = 0; round < 20; round++) for (const [i, medium] of here.entries()) medium.send(Uint8Array.of(i));
    await until(() => heard.length >= 100, 2_000);
    await settle(() => false);
    for (const medium of [...here, ...there]) medium.close();
    assert.deepEqual(
      heard.toSorted(),
      [0, 1, 2, 3, 4].flatMap((i) => new Array<number>(20).fill(i)),
    );
  });
  it("what ucast sends comes from another port than 694 and asks for low delay", async () => {
    const [one, two] = twoNodes();
    const tap = two.inside(() => libc.socket(libc.AF_INET, libc.SOCK_RAW | libc.SOCK_NONBLOCK, 17));
    assert.ok(tap.ok);
    const { medium } = openIn(one, mediaOf(2)[0]!);
    medium.send(Buffer.from("beat"));
    const packet = Buffer.alloc(200);
    await until(() => libc.recv(tap.value, packet).ok, 1_000);
    medium.close();
    libc.close(tap.value);
    assert.deepEqual([packet[1], packet.readUInt16BE(22), packet.toString("latin1", 28, 32)], [0x10, 694, "beat"]);
    assert.ok(packet.readUInt16BE(20) > 1023);
  });
  it("a medium whose interface is missing at start works once the interface is there", async () => {
    for (const i of mediaOf(2).keys()) {
      const [one, two] = [namespace("master1"), namespace("master2")];
      const here = openIn(one, mediaOf(2)[i]!);
      assert.match(here.problem ?? "", /No such device/);
      await comesBack(one, two, here, i);
    }
  });
  it("a medium survives its interface going away and coming back, whatever its kind", async () => {
    for (const i of mediaOf(2).keys()) {
      const [one, two] = twoNodes();
      const here = openIn(one, mediaOf(2)[i]!);
      const changes: (string | undefined)[] = [];
      here.medium.onChange((problem) => changes.push(problem));
      one.ip(`link del ${device}`);
      one.inside(() => here.medium.send(Uint8Array.of(0)));
      assert.match(here.medium.problem ?? "", /No such device/);
      await comesBack(one, two, here, i);
      assert.deepEqual([changes.length, changes[1], here.medium.reopened], [2, undefined, 1]);
    }
  });
});

/** Plugs the cable in; the medium must then be heard by a fresh peer, and hear it. Its timers run in its own namespace. */
async function comesBack(one: Namespace, two: Namespace, here: OpenedMedium, kind: number): Promise<void> {
  const leave = one.enter();
  cable(one, device, two, device);
  configure(one, 1);
  configure(two, 2);
  const there = openIn(two, mediaOf(1)[kind]!);
  let [heardHere, heardThere] = [0, 0];
  here.medium.onDatagram((bytes) => {
    if (bytes[0] === 2) heardHere++;
  });
  there.medium.onDatagram((bytes) => {
    if (bytes[0] === 1) heardThere++;
  });
  const heard = await until(() => {
    here.medium.send(Uint8Array.of(1));
    there.medium.send(Uint8Array.of(2));
    return heardHere > 0 && heardThere > 0;
  }, 8_000);
  here.medium.close();
  there.medium.close();
  leave();
  assert.ok(
    heard,
    `${here.medium.description}: heard ${heardHere} and ${heardThere}, ${here.medium.counters.lastError}`,
  );
}

describe("ping nodes", options, () => {
  it("a living host gives every payload back, IPv4 and IPv6, and a group lives while one of its hosts does", async () => {
    const [one] = twoNodes();
    const cases = [
      { name: "172.30.106.102", kind: "ping", hosts: ["172.30.106.102"] },
      { name: "2001:db8::102", kind: "ping", hosts: ["2001:db8::102"] },
      { name: "routers", kind: "ping_group", hosts: ["172.30.106.177", "172.30.106.102"] },
    ] as const;
    for (const [n, settings] of cases.entries()) {
      const { pinger, problem } = one.inside(() => openPinger(settings, 100 + n));
      const heard: string[] = [];
      pinger.onAnswer((payload) => heard.push(Buffer.from(payload).toString()));
      pinger.ask(Buffer.from("t=NS_st"));
      await until(() => {
        pinger.poll();
        return heard.length > 0;
      }, 1_000);
      pinger.close();
      assert.deepEqual([problem, heard], [undefined, ["t=NS_st"]], settings.name);
    }
  });
  it("a pinger does not hear the answers to another one's questions", async () => {
    const [one] = twoNodes();
    const settings = { name: "172.30.106.102", kind: "ping", hosts: ["172.30.106.102"] } as const;
    const [mine, theirs] = [7, 8].map((id) => one.inside(() => openPinger(settings, id).pinger));
    let [heardMine, heardTheirs] = [0, 0];
    mine!.onAnswer(() => void heardMine++);
    theirs!.onAnswer(() => void heardTheirs++);
    theirs!.ask(Buffer.from("x"));
    await until(() => {
      theirs!.poll();
      return heardTheirs > 0;
    }, 1_000);
    mine!.poll();
    mine!.close();
    theirs!.close();
    assert.deepEqual([heardMine, heardTheirs], [0, 1]);
  });
  it("an unreachable host gives no answer, and the reason is counted", async () => {
    const [one] = twoNodes();
    const { pinger } = one.inside(() => openPinger({ name: "9.9.9.9", kind: "ping", hosts: ["9.9.9.9"] }));
    let heard = 0;
    pinger.onAnswer(() => void heard++);
    pinger.ask(Buffer.from("x"));
    pinger.poll();
    pinger.close();
    assert.deepEqual([heard, pinger.counters.asked, pinger.counters.errors], [0, 0, 1]);
    assert.match(pinger.counters.lastError ?? "", /Network is unreachable/);
  });
});
