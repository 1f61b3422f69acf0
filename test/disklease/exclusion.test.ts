import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { GroupId } from "../../src/core/report.js";
import { Luck, makeDisk, PretendProcess } from "./pretend-disk.js";

const names = ["alpha", "bravo", "charlie", "delta", "echo"];
const groups: readonly GroupId[] = ["0000000a", "0000000b"];
const lease = 1_000;

/** A daemon that believes what it is told: it holds a group until the lease time after its claim is over. */
interface Node {
  readonly name: string;
  process: PretendProcess | undefined;
  pausedUntil: number;
  readonly until: Map<GroupId, number>;
  readonly asked: Map<number, number>;
}

class World {
  now = 0;
  readonly luck: Luck;
  readonly disk: Uint8Array;
  readonly nodes: Node[];
  grants = 0;
  #request = 0;
  /** How roughly things go: 0 is calm. */
  readonly roughness: number;

  constructor(seed: number, count: number, roughness: number) {
    this.luck = new Luck(seed);
    this.roughness = roughness;
    this.disk = makeDisk(names.slice(0, count));
    this.nodes = names.slice(0, count).map((name) => ({
      ...{ name, process: undefined, pausedUntil: 0, until: new Map(), asked: new Map() },
    }));
    for (const node of this.nodes) this.start(node);
  }

  start(node: Node): void {
    const options = { node: node.name, lease, now: this.now, offset: this.luck.below(1e6), seed: this.luck.whole(1e9) };
    node.process = new PretendProcess(this.disk, options, (said) => {
      if (said.type !== "answer") return;
      const asked = node.asked.get(said.request);
      assert.ok(asked !== undefined, "one answer to one call");
      node.asked.delete(said.request);
      for (const [group, verdict] of said.verdicts) if (verdict.kind === "granted") this.granted(node, group, asked);
    });
  }

  granted(node: Node, group: GroupId, asked: number): void {
    this.grants++;
    const until = asked + lease;
    if (until <= this.now) return;
    for (const other of this.nodes)
      if (other !== node && (other.until.get(group) ?? 0) > this.now)
        assert.fail(`${this.now}: ${node.name} is granted ${group} while ${other.name} has it`);
    node.until.set(group, Math.max(until, node.until.get(group) ?? 0));
  }

  claim(node: Node, wanted: readonly GroupId[]): void {
    this.#request++;
    node.asked.set(this.#request, this.now);
    node.process?.claim(this.now, this.#request, wanted);
  }

  /** One thing happens to one node. */
  happen(): void {
    const { luck, roughness } = this;
    const node = this.nodes[luck.whole(this.nodes.length)]!;
    this.now += luck.chance(0.02 * roughness) ? luck.below(2 * lease) : luck.below(4);
    if (luck.chance(0.03)) this.claim(node, luck.chance(0.5) ? groups : [groups[luck.whole(2)]!]);
    else if (luck.chance(0.01)) {
      const group = groups[luck.whole(2)]!;
      node.until.delete(group);
      node.process?.giveBack(this.now, [group]);
    } else if (luck.chance(0.004 * roughness)) {
      // SIGKILL: the access stops where it is. At times the whole machine goes.
      node.process = undefined;
      node.asked.clear();
      if (luck.chance(0.5)) node.until.clear();
    } else if (luck.chance(0.005 * roughness)) node.process?.fail(this.now);
    else if (luck.chance(0.01 * roughness)) node.pausedUntil = this.now + luck.below(2 * lease);
    this.run(node);
  }

  run(node: Node): void {
    if (this.now < node.pausedUntil) return;
    if (node.process === undefined) return void (this.luck.chance(0.2) && this.start(node));
    if (node.process.access !== undefined) node.process.move(this.now, 1 + this.luck.whole(40_000));
    else if (node.process.deadline <= this.now) node.process.step(this.now, { type: "deadlineReached" });
  }

  /** Everything works: every node claims every quarter of a lease, accesses take a millisecond. */
  calm(duration: number): void {
    for (const node of this.nodes) {
      node.pausedUntil = 0;
      if (node.process === undefined) this.start(node);
    }
    for (const end = this.now + duration; this.now < end; this.now += 2)
      for (const node of this.nodes) {
        if (Math.floor(this.now / 2) % (lease / 8) === this.nodes.indexOf(node) * 3) this.claim(node, groups);
        node.process?.finish(this.now);
        if ((node.process?.deadline ?? Number.POSITIVE_INFINITY) <= this.now)
          node.process?.step(this.now, { type: "deadlineReached" });
      }
  }

  holders(group: GroupId): readonly string[] {
    return this.nodes.filter((node) => (node.until.get(group) ?? 0) > this.now).map(({ name }) => name);
  }
}

const runs = Number(process.env["DISK_RUNS"] ?? 40);
/** `SEED=…` repeats a run. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

describe("disk leases, with every access cut into pieces, crashes, pauses and failures between any two", () => {
  it("never belong to two nodes at one time, and belong to one when things have calmed down", (t) => {
    t.diagnostic(`SEED=${seed} DISK_RUNS=${runs}`);
    let grants = 0;
    const rough = fc.constantFrom(0, 0.3, 1, 3);
    const worlds = fc.property(fc.nat(2 ** 31), fc.integer({ min: 2, max: 5 }), rough, (luck, count, roughness) => {
      const world = new World(luck, count, roughness);
      for (let i = 0; i < 1_500; i++) world.happen();
      grants += world.grants;
      world.calm(4 * lease);
      for (const group of groups) assert.equal(world.holders(group).length, 1, `${group} has one holder`);
    });
    fc.assert(worlds, { numRuns: runs, seed });
    assert.ok(grants > runs, `only ${grants} grants: nothing was tried`);
  });
});
