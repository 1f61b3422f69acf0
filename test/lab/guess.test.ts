import assert from "node:assert/strict";
import { test } from "node:test";
import { guessTopology, servicesOf } from "../../src/lab/guess.js";
import { seedFiles } from "../../src/lab/seed.js";
import { problemsOf, seedTopology } from "../../src/lab/topology.js";
import { faultRules } from "../../src/lab/wires.js";

test("the tutorial's network plan is guessed from the tutorial's files", () => {
  assert.deepEqual(guessTopology(new Map(Object.entries(seedFiles()))), seedTopology());
});

test("with one file for all nodes the order of the node lines decides whose address is whose", () => {
  const haCf = "ucast eth1 10.1.1.1\nucast eth1 10.1.1.2\nnode alpha bravo\n";
  const same = { haCf, haresources: "alpha 192.168.7.20/24/eth0\n" };
  const { nodes } = guessTopology(
    new Map([
      ["alpha", same],
      ["bravo", same],
    ]),
  );
  assert.deepEqual(
    nodes.map((node) => node.interfaces.map((card) => [card.name, ...card.addresses])),
    [
      [
        ["eth1", "10.1.1.1/24"],
        ["eth0", "192.168.7.12/24"],
      ],
      [
        ["eth1", "10.1.1.2/24"],
        ["eth0", "192.168.7.13/24"],
      ],
    ],
  );
});

test("heartbeats over the service network use the address the peers send to", () => {
  const file = (peer: string) => ({
    haCf: `ucast eth0 ${peer}\n`,
    haresources: "alpha IPaddr2::10.0.0.99/24/eth0 web\n",
  });
  const { nodes, client } = guessTopology(
    new Map([
      ["alpha", file("10.0.0.2")],
      ["bravo", file("10.0.0.1")],
    ]),
  );
  assert.deepEqual(
    nodes.map((node) => node.interfaces.map((card) => card.addresses)),
    [[["10.0.0.1/24"]], [["10.0.0.2/24"]]],
  );
  assert.deepEqual(client.interfaces[0]?.addresses, ["10.0.0.50/24"]);
});

test("broadcast heartbeats get invented addresses on their wire", () => {
  const file = { haCf: "bcast eth1 eth2\n", haresources: "alpha 10.0.0.99\n" };
  const { nodes } = guessTopology(
    new Map([
      ["alpha", file],
      ["bravo", file],
    ]),
  );
  const [alpha] = nodes;
  assert.deepEqual(
    alpha?.interfaces.map((card) => card.name),
    ["eth2", "eth1"],
  );
});

test("addresses are found with and without the script's name, over continued lines, and comments are none", () => {
  const text = "# a 10.0.0.9\nalpha 10.0.0.1 IPaddr::10.0.0.2/16/eth0 \\\n  nginx IPv6addr::fd00::5/64/eth0\n";
  assert.deepEqual(
    servicesOf(text).map((one) => `${one.address}/${one.prefix} ${one.device ?? "-"}`),
    ["10.0.0.1/24 -", "10.0.0.2/16 eth0", "fd00::5/64 eth0"],
  );
});

test("files that name no address are refused with the way out", () => {
  const file = { haCf: "bcast eth0\n", haresources: "alpha nginx\n" };
  assert.throws(() => guessTopology(new Map([["alpha", file]])), /topology\.json/);
});

test("a plan that cannot be built is refused with every reason at once", () => {
  const card = { name: "a-very-long-interface", addresses: ["10.0.0.1"] };
  const problems = problemsOf({
    nodes: [{ name: "x y", interfaces: [card] }],
    client: { name: "x y", interfaces: [] },
  });
  assert.equal(problems.length, 6);
});

test("faults become one table that replaces the one before; a cut drops all, loss drops a share", () => {
  const at = { machine: "alpha", card: "eth0", port: "port3" };
  const rules = faultRules([
    { ...at, direction: "in", percent: 100 },
    { ...at, direction: "out", percent: 12.5 },
  ]);
  assert.match(rules, /^table bridge lab\ndelete table bridge lab\n/);
  assert.match(rules, /oifname "port3" drop/);
  assert.match(rules, /iifname "port3" numgen random mod 1000 < 125 drop/);
  assert.doesNotMatch(rules, /iifname "port3" drop/);
});
