/** Who has an address? Asked of real kernels over a virtual cable. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { askWhoHas, openAddressProbe } from "../../src/io/address-probe.js";
import { gratuitousArp } from "../../src/io/arp.js";
import { ipv4Bytes, ipv6Bytes } from "../../src/io/ip-bytes.js";
import { answerAbout, questionAbout } from "../../src/io/neighbour-question.js";
import { openSegment } from "../../src/io/segment.js";
import { cable, type Namespace, namespace, reasonToSkip, until } from "./network-namespace.js";

const skip = reasonToSkip();
if (skip !== undefined) console.error(skip);

describe("asking who has an address", { skip: skip !== undefined, timeout: 30_000 }, () => {
  let node: Namespace;
  let leave: () => void;
  let theirs = "";
  before(() => {
    node = namespace("node");
    const other = namespace("other");
    cable(node, "ens38", other, "eth0");
    node.ip("addr add 172.30.105.12/24 dev ens38");
    node.ip("addr add fd00:38::12/64 dev ens38 nodad");
    other.ip("addr add 172.30.105.13/24 dev eth0");
    other.ip("addr add 172.30.105.201/24 dev eth0");
    other.ip("addr add fd00:38::201/64 dev eth0 nodad");
    theirs = /link\/ether ([0-9a-f:]{17})/.exec(other.ip("link show eth0"))?.[1] ?? "";
    leave = node.enter();
  });
  after(() => leave?.());

  it("names the MAC of the host that has it, for IPv4 and for IPv6", async () => {
    assert.deepEqual(await askWhoHas("ipv4", "172.30.105.201", "ens38", 300), { ok: true, macs: [theirs] });
    assert.deepEqual(await askWhoHas("ipv6", "fd00:38::201", "ens38", 600), { ok: true, macs: [theirs] });
  });

  it("hears nobody where nobody has it, and not itself where we have it", async () => {
    for (const address of ["172.30.105.77", "172.30.105.12"])
      assert.deepEqual(await askWhoHas("ipv4", address, "ens38", 150), { ok: true, macs: [] }, address);
    assert.deepEqual(await askWhoHas("ipv6", "fd00:38::77", "ens38", 150), { ok: true, macs: [] });
  });

  it("leaves no trace in the neighbours' tables: the question has no sender", async () => {
    await askWhoHas("ipv4", "172.30.105.88", "ens38", 60);
    assert.ok(!node.ip("neigh show").includes("172.30.105.88 dev ens38 lladdr"));
  });

  it("says why it cannot ask", async () => {
    const cases = [
      ["nope0", "172.30.105.201", /nope0: No such device/],
      ["lo", "172.30.105.201", /no Ethernet link/],
      ["ens38", "web.example", /not an ipv4 address/],
    ] as const;
    for (const [device, address, why] of cases) {
      const answer = await askWhoHas("ipv4", address, device, 30);
      assert.ok(!answer.ok);
      assert.match(answer.why, why);
    }
  });

  it("neither asking nor polling waits", () => {
    const opened = openAddressProbe("ipv4", "172.30.105.201", "ens38");
    assert.ok(opened.ok);
    const begun = performance.now();
    for (let times = 0; times < 20; times++) {
      assert.ok(opened.probe.ask().ok);
      opened.probe.poll();
    }
    assert.ok(performance.now() - begun < 500);
    opened.probe.close();
  });
});

describe("asking from the beating loop, with two cards on one segment", {
  skip: skip !== undefined,
  timeout: 30_000,
}, () => {
  it("hears the other host, and not itself by the other card", async () => {
    const [node, lan] = [namespace("two-cards"), namespace("lan")];
    lan.ip("link add br0 type bridge");
    for (const [card, port, number] of [
      ["ens33", "p33", 101],
      ["ens38", "p38", 12],
    ] as const) {
      cable(node, card, lan, port);
      lan.ip(`link set ${port} master br0`);
      node.ip(`addr add 172.30.105.${number}/24 dev ${card}`);
    }
    lan.ip("link set br0 up");
    lan.ip("addr add 172.30.105.202/24 dev br0");
    node.ip("addr add 172.30.105.201/24 dev ens38");
    const leave = node.enter();
    try {
      const none = { prefix: undefined, label: undefined, wantsLabel: false, broadcast: undefined };
      const addresses = ["172.30.105.201", "172.30.105.202"].map(
        (address) => ({ family: "ipv4", address, device: "ens38", ...none }) as const,
      );
      const segment = openSegment(addresses);
      assert.deepEqual(segment.problems, []);
      const answered = new Set<string>();
      segment.onAnswer(({ address }) => answered.add(address));
      for (const address of addresses) segment.ask(address);
      await until(() => {
        segment.poll();
        return answered.has("172.30.105.202");
      });
      await sleep(100);
      segment.poll();
      assert.deepEqual([...answered], ["172.30.105.202"]);
    } finally {
      leave();
    }
  });
});

describe("questions and answers as frames", () => {
  const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
  const other = Uint8Array.of(2, 0, 0, 0, 0, 9);
  const ip = ipv4Bytes("10.0.0.1") ?? assert.fail();
  const six = ipv6Bytes("fd00::201") ?? assert.fail();

  it("an ARP probe comes from nobody, so it claims nothing", () => {
    const frame = questionAbout(ip, mac);
    assert.deepEqual([...frame.subarray(28, 32)], [0, 0, 0, 0]);
    assert.equal(answerAbout(ip, frame), undefined);
    assert.equal(answerAbout(six, questionAbout(six, mac)), undefined);
  });

  it("a claim is read in a reply and in a question, and only for the address asked about", () => {
    for (const form of ["request", "reply"] as const) {
      assert.deepEqual(answerAbout(ip, gratuitousArp(form, other, ip)), other);
      assert.equal(answerAbout(ipv4Bytes("10.0.0.2") ?? assert.fail(), gratuitousArp(form, other, ip)), undefined);
    }
  });

  it("cut frames say nothing", () => {
    const claim = gratuitousArp("reply", other, ip);
    for (let length = 0; length < 42; length++) assert.equal(answerAbout(ip, claim.subarray(0, length)), undefined);
    for (let length = 0; length < 86; length++)
      assert.equal(answerAbout(six, questionAbout(six, mac).subarray(0, length)), undefined);
  });
});
