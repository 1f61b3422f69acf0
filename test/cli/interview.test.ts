import assert from "node:assert/strict";
import { test } from "node:test";
import { askPlan } from "../../src/cli/interview.js";

const host = {
  unameNode: "alpha",
  interfaces: [{ name: "eth0", addresses: [{ address: "10.0.0.1", prefix: 24 }], broadcast: true }],
};

test("every question is asked again, with the reason, until the answer can stand", async () => {
  const answers = ["eth7", "eth0", "al pha", "", "", "10.0.0.9/24 nginx", "Alpha", "beta", "soon", "10.0.0.2"];
  answers.push("10.0.0.200/24/eth0", "gamma", "BETA", "", "-");
  const said: string[] = [];
  const person = {
    ask: async () => answers.shift() ?? assert.fail("a question too many"),
    say: (t: string) => said.push(t),
  };
  const empty = { nodes: [], links: [], groups: [], pings: [], autoFailback: "off" } as const;
  const plan = await askPlan(person, empty, host);
  assert.deepEqual(
    plan.nodes.map(({ name, addresses }) => [name, ...addresses].join(" ")),
    ["alpha 10.0.0.1", "beta 10.0.0.2"],
  );
  assert.equal(plan.groups[0]?.owner, "beta");
  assert.deepEqual(
    said.filter((text) => /\.$/.test(text) && text.startsWith("  ")).map((text) => text.trim()),
    [
      "This host has no eth7; it has eth0.",
      "al pha is no host name.",
      "10.0.0.9/24 nginx is no host name.",
      "Alpha is the first node already.",
      "soon is no IP address.",
      "It must be one of alpha, beta.",
    ],
  );
  assert.equal(answers.length, 0);
});
