/** What every form of the `Medium` port promises between two nodes that it joins. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Medium } from "../../src/ports/medium.js";

export interface MediaUnderTest {
  /** Two ends: what one sends, the other hears. */
  readonly here: Medium;
  readonly there: Medium;
  /** A stream carries bytes only in a frame: puts them into one and takes them out again. Datagrams need none. */
  readonly wrap?: (payload: Uint8Array) => Uint8Array;
  readonly unwrap?: (datagram: Uint8Array) => Uint8Array;
  /** Lets datagrams arrive: real time for a real network, virtual time for a pretended one. Bounded. */
  settle(arrived: () => boolean): Promise<void>;
  close(): void;
}

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;

export function mediumContract(name: string, make: () => Promise<MediaUnderTest>, skip: string | undefined): void {
  const promise = (sentence: string, check: (world: MediaUnderTest) => Promise<void>): void => {
    it(sentence, { timeout: 20_000 }, async () => {
      const world = await make();
      try {
        await check(world);
      } finally {
        world.close();
      }
    });
  };
  describe(`medium: ${name}`, { skip: skip ?? false }, () => {
    promise(
      "a datagram arrives once, whole, at an instant between sending and now",
      async ({ here, there, settle, wrap = asItIs, unwrap = asItIs }) => {
        const heard: { readonly bytes: Uint8Array; readonly at: number }[] = [];
        there.onDatagram((bytes, at) => heard.push({ bytes: unwrap(bytes), at }));
        const sent = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
        here.send(wrap(sent));
        await settle(() => heard.length > 0);
        assert.deepEqual(
          heard.map(({ bytes }) => [...bytes]),
          [[...sent]],
        );
        assert.equal(typeof heard[0]?.at, "number");
        assert.deepEqual([here.counters.sent, there.counters.received], [1, 1]);
      },
    );
    promise(
      "datagrams of one sender arrive in their order",
      async ({ here, there, settle, wrap = asItIs, unwrap = asItIs }) => {
        const heard: number[] = [];
        there.onDatagram((bytes) => heard.push(unwrap(bytes)[0] ?? -1));
        const numbers = Array.from({ length: 100 }, (_, i) => i);
        for (const n of numbers) here.send(wrap(Uint8Array.of(n)));
        await settle(() => heard.length === numbers.length);
        assert.deepEqual(heard, numbers);
      },
    );
    promise(
      "both directions work at the same time",
      async ({ here, there, settle, wrap = asItIs, unwrap = asItIs }) => {
        let [heardHere, heardThere] = [0, 0];
        here.onDatagram((bytes) => {
          if (unwrap(bytes)[0] === 2) heardHere++;
        });
        there.onDatagram((bytes) => {
          if (unwrap(bytes)[0] === 1) heardThere++;
        });
        here.send(wrap(Uint8Array.of(1)));
        there.send(wrap(Uint8Array.of(2)));
        await settle(() => heardHere + heardThere === 2);
        assert.deepEqual([heardHere, heardThere], [1, 1]);
      },
    );
    promise(
      "what is too large to send is counted and harms nothing",
      async ({ here, there, settle, wrap = asItIs }) => {
        let heard = 0;
        there.onDatagram(() => void heard++);
        here.send(wrap(new Uint8Array(70_000)));
        here.send(wrap(Uint8Array.of(7)));
        await settle(() => heard === 1);
        assert.deepEqual([heard, here.counters.sent, here.counters.sendErrors], [1, 1, 1]);
        assert.ok((here.counters.lastError ?? "").length > 0);
      },
    );
    promise(
      "after close nothing is heard, and sending harms nothing",
      async ({ here, there, settle, wrap = asItIs }) => {
        let heard = 0;
        there.onDatagram(() => void heard++);
        there.close();
        here.send(wrap(Uint8Array.of(1)));
        there.send(wrap(Uint8Array.of(1)));
        await settle(() => false);
        assert.equal(heard, 0);
      },
    );
  });
}
