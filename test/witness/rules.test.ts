import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { type NodeName, nodeName } from "../../src/core/names.js";
import { instant, milliseconds } from "../../src/core/time.js";
import { digests } from "../../src/io/digests.js";
import { createCodec } from "../../src/wire/codec.js";
import { Caller, type Verdicts } from "../../src/witness/caller.js";
import { addresseeOf, decodeCall, decodeReply, encodeCall, LONGEST_DATAGRAM } from "../../src/witness/datagram.js";
import { Desk } from "../../src/witness/desk.js";
import { mostCallers, mostLeases } from "../../src/witness/rules.js";
import { createSeals } from "../../src/witness/seal.js";
import { sealsOf } from "./network.js";

const seals = sealsOf("the secret of this cluster");
const longest = 10_000;
const web = "0000000a";

/** A witness and its callers without a network: what is said arrives at once, and the clock is a number. */
class Room {
  now = 1_000_000;
  desk: Desk;
  /** Everything that was said to the witness, as somebody on the wire records it. */
  readonly recorded: Uint8Array[] = [];
  readonly replies: Uint8Array[] = [];
  /** Calls are recorded, but do not arrive. */
  isCut = false;
  #sessions = 0;

  constructor({ started = 2 * longest }: { started?: number } = {}) {
    this.desk = this.witness(started);
  }

  witness(ago: number): Desk {
    const session = `witness${this.#sessions++}`.slice(-8).padStart(8, "-");
    const desk = new Desk({ session, startedAt: instant(this.now - ago), longestLease: milliseconds(longest) });
    desk.serve(new Map([["pair", seals]]), instant(this.now));
    return desk;
  }

  caller(node: string, lease = 1_000, with_ = seals): Asking {
    const answers: Verdicts[] = [];
    const caller: Caller = new Caller({
      cluster: "pair",
      node: nodeName(node),
      lease: milliseconds(lease),
      seals: with_,
      session: `session ${this.#sessions++}`.padEnd(16, "-"),
      transmit: (call) => {
        this.recorded.push(call);
        const reply = this.isCut ? undefined : this.desk.take(call, instant(this.now));
        if (reply === undefined) return;
        this.replies.push(reply);
        const answer = caller.hear(reply, instant(this.now));
        if (answer !== undefined) answers.push(answer.verdicts);
      },
    });
    return {
      caller,
      claim: (...groups) => {
        answers.length = 0;
        caller.claim(1, groups, instant(this.now));
        return answers[0]?.get(groups[0] ?? "");
      },
      release: (...groups) => caller.release(groups, instant(this.now)),
    };
  }

  /** Who has the group, by the witness's own book. */
  holder(group = web): NodeName | undefined {
    const lease = this.desk.ledgers().get("pair")?.leases.get(group);
    return lease !== undefined && this.now < lease.until ? lease.by : undefined;
  }
}

interface Asking {
  readonly caller: Caller;
  readonly claim: (...groups: string[]) => LeaseVerdict | undefined;
  readonly release: (...groups: string[]) => void;
}

describe("a witness's rules", () => {
  it("a lease ends with its time, to the microsecond, and the waiting node hears when that is", () => {
    const room = new Room();
    const [alpha, bravo] = [room.caller("alpha"), room.caller("bravo")];
    assert.equal(alpha.claim(web)?.kind, "granted");
    room.now += 999.5;
    const verdict = bravo.claim(web);
    assert.deepEqual(verdict, { kind: "held", by: "alpha", freeIn: 0.5 });
    room.now += 0.5;
    assert.equal(bravo.claim(web)?.kind, "granted");
    assert.deepEqual(alpha.claim(web), { kind: "held", by: "bravo", freeIn: 1_000 });
  });

  it("a lease of 100 ms is had by the other 100 ms later", () => {
    const room = new Room();
    const [alpha, bravo] = [room.caller("alpha", 100), room.caller("bravo", 100)];
    alpha.claim(web);
    const verdict = bravo.claim(web);
    room.now += verdict?.kind === "held" ? verdict.freeIn : 0;
    assert.equal(bravo.claim(web)?.kind, "granted");
  });

  it("a shorter lease of the same node takes nothing from what it was granted before", () => {
    const room = new Room();
    room.caller("alpha", 5_000).claim(web);
    room.caller("alpha", 100).claim(web);
    room.now += 4_000;
    assert.equal(room.caller("bravo").claim(web)?.kind, "held");
  });

  it("after its start it grants nothing until the longest lease has passed, and says how long that is", () => {
    const room = new Room({ started: 0 });
    const alpha = room.caller("alpha");
    assert.deepEqual(alpha.claim(web), {
      kind: "refused",
      why: "the witness started 0.0 s ago and grants nothing new for another 10.0 s",
    });
    room.now += longest - 0.1;
    assert.equal(alpha.claim(web)?.kind, "refused");
    room.now += 0.1;
    assert.equal(alpha.claim(web)?.kind, "granted");
  });

  it("after its start it believes the node that still holds, as long as that one does, and nobody else", () => {
    const room = new Room();
    const [alpha, bravo] = [room.caller("alpha"), room.caller("bravo")];
    alpha.claim(web);
    room.desk = room.witness(0);
    assert.equal(bravo.claim(web)?.kind, "refused");
    assert.equal(alpha.claim(web)?.kind, "granted");
    assert.deepEqual(bravo.claim(web), { kind: "held", by: "alpha", freeIn: 1_000 });
    room.now += 1_001;
    assert.equal(alpha.claim(web)?.kind, "refused");
    room.desk = room.witness(0);
    assert.equal(alpha.claim(web)?.kind, "refused", "its lease had run out before the second start");
  });

  it("a lease that was given back is not claimed to be held after a restart of the witness", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    alpha.claim(web);
    alpha.release(web);
    room.desk = room.witness(0);
    assert.equal(alpha.claim(web)?.kind, "refused");
  });

  it("a lease longer than it grants is refused with the option to type, one that is too short as well", () => {
    const room = new Room();
    assert.deepEqual(room.caller("alpha", 20_000).claim(web), {
      kind: "refused",
      why: "a lease of 20000 ms is longer than this witness grants; start it with --longest-lease 20",
    });
    assert.deepEqual(room.caller("alpha", 1).claim(web), { kind: "refused", why: "a lease must last 20 ms at least" });
  });
});

describe("a witness against who listens on the wire", () => {
  it("recorded calls of a dead node prolong nothing, one by one and in any order", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    for (let i = 0; i < 20; i++) {
      alpha.claim(web);
      room.now += 300;
    }
    const recorded = [...room.recorded];
    const until = room.desk.ledgers().get("pair")?.leases.get(web)?.until;
    for (let i = 0; i < 200; i++) {
      room.now += 5;
      room.desk.take(recorded[(i * 7) % recorded.length]!, instant(room.now));
    }
    assert.equal(room.desk.ledgers().get("pair")?.leases.get(web)?.until, until);
    assert.equal(room.caller("bravo").claim(web)?.kind, "granted");
  });

  it("neither do those of its daemon before the last one, nor those that a former witness answered", () => {
    const room = new Room();
    room.caller("alpha").claim(web);
    room.now += 10;
    room.caller("alpha").claim(web);
    const before = [...room.recorded];
    const until = room.desk.ledgers().get("pair")?.leases.get(web)?.until;
    room.now += 50;
    for (const call of before) room.desk.take(call, instant(room.now));
    assert.equal(room.desk.ledgers().get("pair")?.leases.get(web)?.until, until);
    room.desk = room.witness(2 * longest);
    for (const call of before) room.desk.take(call, instant(room.now));
    assert.equal(room.holder(), undefined);
  });

  it("what was kept from arriving is worth nothing one lease later", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    alpha.claim(web);
    room.isCut = true;
    for (let i = 0; i < 5; i++) alpha.claim(web);
    const withheld = room.recorded.slice(-5);
    room.isCut = false;
    room.now += 1_001;
    for (const call of withheld) room.desk.take(call, instant(room.now));
    assert.equal(room.holder(), undefined);
  });

  it("a recorded release frees nothing that was claimed since", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    alpha.claim(web);
    alpha.release(web);
    const releases = room.recorded.slice(-2);
    alpha.claim(web);
    for (const call of releases) room.desk.take(call, instant(room.now));
    assert.equal(room.holder(), "alpha");
  });

  it("a recorded reply convinces nobody, neither the node that had it nor another", () => {
    const room = new Room();
    const [alpha, bravo] = [room.caller("alpha"), room.caller("bravo")];
    alpha.claim(web);
    const granted = room.replies.at(-1)!;
    room.isCut = true;
    alpha.caller.claim(2, [web], instant(room.now));
    bravo.caller.claim(2, [web], instant(room.now));
    for (const { caller } of [alpha, bravo]) {
      assert.equal(caller.hear(granted, instant(room.now)), undefined);
      assert.equal(caller.ignored, 1);
    }
  });

  it("a wrong key, an unknown cluster and what is no call are counted and not answered", () => {
    const room = new Room();
    room.caller("alpha", 1_000, sealsOf("another secret")).claim(web);
    room.caller("alpha", 1_000, sealsOf("the secret of this cluster", 2)).claim(web);
    const call = room.recorded[0]!.slice();
    call[8] = 0x71;
    room.desk.take(call, instant(room.now));
    room.desk.take(Uint8Array.of(1, 2, 3), instant(room.now));
    assert.deepEqual(room.replies, []);
    assert.deepEqual(room.desk.counters, { answered: 0, repeated: 0, unknownCluster: 1, wrongKey: 2, malformed: 1 });
  });

  it("who only repeats calls gets less back than he sends", () => {
    const room = new Room();
    const alpha = room.caller("a");
    alpha.claim();
    room.now += longest;
    const before = room.replies.length;
    for (const call of [...room.recorded]) {
      const reply = room.desk.take(call, instant(room.now));
      assert.ok((reply?.length ?? 0) < call.length, `${reply?.length} bytes for ${call.length}`);
    }
    assert.equal(room.replies.length, before);
  });

  it("a claim is no heartbeat and a heartbeat no claim, though both are signed by one secret", () => {
    const keys = {
      sendIndex: 1,
      byIndex: new Map([[1, { index: 1, method: "sha1", secret: Buffer.from("s".repeat(20)) } as const]]),
    };
    const codec = createCodec({ keys, digests });
    const room = new Room();
    room.caller("alpha").claim(web);
    assert.equal(codec.decode(room.recorded[0]!).ok, false);
    assert.equal(addresseeOf(Buffer.from("###\nt=status\n%%%\n")), undefined);
    assert.equal(
      createSeals(
        { sendIndex: 1, byIndex: new Map([[1, { index: 1, method: "crc", secret: new Uint8Array() }]]) },
        digests,
      ),
      undefined,
    );
  });
});

describe("a witness's memory", () => {
  it("a cluster has so many leases and nodes and no more, until some have run out", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    const groups = Array.from({ length: mostLeases + 1 }, (_, i) => (i + 1).toString(16).padStart(8, "0"));
    for (const group of groups.slice(0, mostLeases)) assert.equal(alpha.claim(group)?.kind, "granted");
    const last = groups.at(-1)!;
    assert.equal(alpha.claim(last)?.kind, "refused");
    assert.equal(alpha.claim(groups[0]!)?.kind, "granted", "what it has it may prolong");
    room.now += 1_001;
    assert.equal(alpha.claim(last)?.kind, "granted");
    for (let i = 1; i < mostCallers; i++)
      assert.equal(room.caller(`node${i}`).claim(`0000f${100 + i}`)?.kind, "granted");
    assert.equal(room.caller("onemore").claim("0000ffff")?.kind, "refused");
    room.now += longest + 1;
    assert.equal(room.caller("onemore").claim("0000ffff")?.kind, "granted");
    assert.ok((room.desk.ledgers().get("pair")?.callers.size ?? 0) <= mostCallers);
  });

  it("a cluster whose key file goes and comes back has its leases still", () => {
    const room = new Room();
    const [alpha, bravo] = [room.caller("alpha"), room.caller("bravo")];
    alpha.claim(web);
    room.desk.serve(new Map(), instant(room.now));
    assert.equal(bravo.claim(web), undefined);
    room.desk.serve(new Map([["pair", seals]]), instant(room.now));
    assert.equal(bravo.claim(web)?.kind, "held");
    room.now += 2 * longest;
    room.desk.serve(new Map(), instant(room.now));
    assert.equal(room.desk.ledgers().size, 0);
  });
});

describe("datagrams between a node and its witness", () => {
  const name = fc.stringMatching(/^[!-~]{1,64}$/);
  const session = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
  const group = fc.integer({ min: 0, max: 0xffffffff }).map((n) => n.toString(16).padStart(8, "0"));
  const plain = { noNullPrototype: true } as const;
  const call = fc.record(
    {
      kind: fc.constantFrom("claim" as const, "release" as const),
      cluster: name,
      node: name.map(nodeName),
      session,
      number: fc.maxSafeNat(),
      stamp: fc.option(fc.record({ session: fc.constant("eightbyt"), micros: fc.maxSafeNat() }, plain), {
        nil: undefined,
      }),
      lease: fc.integer({ min: 0, max: 0xffffffff }).map(milliseconds),
      groups: fc.array(fc.record({ id: group, isHeld: fc.boolean() }, plain), { maxLength: 64 }),
    },
    plain,
  );

  it("a call comes out as it went in", () => {
    fc.assert(
      fc.property(call, fc.integer({ min: 0, max: 255 }), (one, key) => {
        const bytes = encodeCall(one, key);
        assert.deepEqual(decodeCall(bytes), one);
        assert.deepEqual(addresseeOf(bytes), { cluster: one.cluster, key });
        assert.equal(decodeCall(bytes.subarray(0, -1)), undefined);
      }),
    );
  });

  it("nothing that arrives throws, is granted or answered: any bytes, and any change of real ones", () => {
    const room = new Room();
    const alpha = room.caller("alpha");
    alpha.claim(web);
    const real = [...room.recorded, ...room.replies];
    const change = fc.record({
      which: fc.nat(),
      at: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
      cut: fc.nat({ max: 40 }),
    });
    const changed = change.map(({ which, at, bit, cut }) => {
      const bytes = real[which % real.length]!.slice();
      bytes[at % bytes.length]! ^= 1 << bit;
      return bytes.subarray(0, bytes.length - (cut > 20 ? cut - 20 : 0));
    });
    const any = fc.uint8Array({ maxLength: LONGEST_DATAGRAM + 10 });
    const headed = fc
      .tuple(fc.constantFrom("HBw1", "HBw2"), any)
      .map(([head, bytes]) => Buffer.concat([Buffer.from(head), bytes]));
    fc.assert(
      fc.property(fc.oneof(any, headed, changed), (bytes) => {
        assert.equal(room.desk.take(bytes, instant(room.now)), undefined);
        assert.equal(alpha.caller.hear(bytes, instant(room.now)), undefined);
        // The decoders themselves, as if the digest were right.
        decodeCall(bytes);
        decodeReply(bytes);
      }),
      { numRuns: 3_000 },
    );
  });
});
