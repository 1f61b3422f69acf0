// What one heartbeat costs: heard (decode, step, nextDeadline) and sent (step, encode), for a cluster of the given size. Median and
// p99 in microseconds, allocation in bytes per event. Build first; then: node --expose-gc bench/step.mjs [rounds]

import { nextDeadline, start, step } from "../dist/src/core/node.js";
import { digests } from "../dist/src/io/digests.js";
import { createCodec } from "../dist/src/wire/codec.js";

const ROUNDS = Number(process.argv[2] ?? 20_000);
const WARM_UP = Math.floor(ROUNDS / 4);

const secret = new Uint8Array(Buffer.from("UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta"));
const codec = createCodec({
  keys: { sendIndex: 1, byIndex: new Map([[1, { index: 1, method: "sha1", secret }]]) },
  digests,
});

const timing = {
  keepalive: 1_000,
  warntime: 3_000,
  deadtime: 5_000,
  deadping: 5_000,
  initdead: 10_000,
  startTimeout: 60_000,
  stopTimeout: 60_000,
  statusTimeout: 20_000,
  stopAttempts: 11,
  stopRetryPause: 1_000,
  announceInterval: 5_000,
};

/** Settings of one node in a cluster with `groups` groups of an address and a script that runs already. */
function settingsOf(self, nodes, groups) {
  return {
    self,
    nodes,
    pingNodes: ["10.0.0.254"],
    timing,
    autoFailback: "on",
    ttl: nodes.length + 2,
    maxRexmitDelay: 250,
    digest: "0123456789abcdef",
    groups: Array.from({ length: groups }, (_, i) => ({
      name: `10.0.${i}.1/24/eth0`,
      owner: nodes[i % nodes.length],
      resources: [{ text: `10.0.${i}.1/24/eth0`, kind: "address" }],
    })),
  };
}

/** Nodes that talk to each other without any network until all is quiet and held. */
class Cluster {
  now = 1_000;
  nodes = new Map();
  mail = [];

  constructor(count, groups) {
    const names = Array.from({ length: count }, (_, i) => `node${i + 1}`);
    for (const [i, name] of names.entries()) {
      const identity = { uuid: new Uint8Array(16).fill(i + 1), generation: 1, processId: 1, strong: true };
      const birth = {
        settings: settingsOf(name, names, groups),
        identity,
        seed: i,
        nonce: String(i).padStart(16, "a"),
      };
      const [state, effects] = start({ ...birth, at: this.now, wall: 1_700_000_000 });
      this.nodes.set(name, state);
      this.perform(name, effects);
    }
    for (const end = this.now + 20_000; this.now < end; ) this.beat();
  }

  feel(name, fact) {
    const [state, effects] = step(this.nodes.get(name), {
      ...fact,
      at: this.now,
      wall: 1_700_000_000 + this.now / 1_000,
    });
    this.nodes.set(name, state);
    this.perform(name, effects);
  }

  perform(name, effects) {
    for (const effect of effects) {
      if (effect.type === "send") this.mail.push({ from: name, ...effect });
      if (effect.type === "operateResource") {
        const outcome = { kind: "succeeded" };
        this.feel(name, { type: "resourceFinished", operation: effect.operation, outcome });
      }
    }
  }

  deliver() {
    for (let letter = this.mail.shift(); letter !== undefined; letter = this.mail.shift())
      for (const name of this.nodes.keys())
        if (name !== letter.from)
          this.feel(name, { type: "messageHeard", link: "eth0", message: letter.message, authenticated: "configured" });
  }

  /** Everybody beats once, everybody hears everybody. */
  beat() {
    this.deliver();
    this.now = Math.min(...[...this.nodes.values()].map(nextDeadline));
    for (const [name, state] of this.nodes)
      if (nextDeadline(state) <= this.now) this.feel(name, { type: "deadlineReached" });
    this.deliver();
  }
}

const quantile = (list, q) => list[Math.floor((list.length - 1) * q)];

/** Times each call of `work`, and what it leaves to the collector. */
function measure(name, work) {
  for (let i = 0; i < WARM_UP; i++) work();
  const samples = new Float64Array(ROUNDS);
  for (let i = 0; i < ROUNDS; i++) {
    const started = process.hrtime.bigint();
    work();
    samples[i] = Number(process.hrtime.bigint() - started) / 1_000;
  }
  samples.sort();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const count = 200;
  for (let i = 0; i < count; i++) work();
  const bytes = globalThis.gc === undefined ? undefined : (process.memoryUsage().heapUsed - before) / count;
  const allocated = bytes === undefined ? "" : `   ${(bytes / 1024).toFixed(1).padStart(6)} KiB`;
  console.log(
    `${name.padEnd(44)} median ${quantile(samples, 0.5).toFixed(1).padStart(6)} µs   p99 ${quantile(samples, 0.99).toFixed(1).padStart(6)} µs${allocated}`,
  );
  return quantile(samples, 0.5);
}

/** The path of one heartbeat of `node2` to `node1`, each stage alone and all of it. The same state is used again and again: it is a value. */
function measureCluster(count, groups) {
  const cluster = new Cluster(count, groups);
  const [me, other] = ["node1", "node2"].map((name) => cluster.nodes.get(name));
  const held = [...me.groups.values()].filter((group) => group.holding.kind === "held").length;
  const at = nextDeadline(other);
  const event = { type: "deadlineReached", at, wall: 1_700_000_100 };
  const [, effects] = step(other, event);
  const beat = effects.find((effect) => effect.type === "send");
  const bytes = codec.encode(beat.message, beat.strength);
  const heard = (message) => ({
    type: "messageHeard",
    link: "eth0",
    message,
    authenticated: "configured",
    at,
    wall: 1_700_000_100,
  });
  const fact = heard(codec.decode(bytes).message);
  const accepted = step(me, fact)[0].peers.get("node2");
  if (accepted.reportAt !== at) throw new Error("the heartbeat was not accepted: this would measure a refusal");
  console.log(
    `\n${count} nodes, ${groups} groups (${held} held here), datagram ${bytes.length} bytes, ${beat.strength}`,
  );
  measure("step: a heartbeat heard", () => step(me, fact));
  measure("step: a heartbeat sent", () => step(other, event));
  measure("nextDeadline", () => nextDeadline(me));
  measure("decode", () => codec.decode(bytes));
  measure("encode", () => codec.encode(beat.message, beat.strength));
  measure("whole path heard: decode, step, nextDeadline", () => {
    const [state] = step(me, heard(codec.decode(bytes).message));
    nextDeadline(state);
  });
  measure("whole path sent: step, encode, nextDeadline", () => {
    const [state, list] = step(other, event);
    for (const effect of list) if (effect.type === "send") codec.encode(effect.message, effect.strength);
    nextDeadline(state);
  });
}

for (const [count, groups] of [
  [2, 2],
  [2, 50],
  [5, 10],
])
  measureCluster(count, groups);
