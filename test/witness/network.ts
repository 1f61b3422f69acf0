/** A real witness on loopback, and a wire to it that can be cut and slowed down: datagrams are passed on by a relay. */
import assert from "node:assert/strict";
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { milliseconds } from "../../src/core/time.js";
import { digests } from "../../src/io/digests.js";
import { openWitnessServer, type WitnessServer } from "../../src/io/witness-server.js";
import type { Method } from "../../src/wire/keys.js";
import { createSeals, type Seals } from "../../src/witness/seal.js";

export function sealsOf(secret: string, index = 1, method: Method = "sha1"): Seals {
  const key = { index, method, secret: Buffer.from(secret) };
  const seals = createSeals({ sendIndex: index, byIndex: new Map([[index, key]]) }, digests);
  assert.ok(seals !== undefined);
  return seals;
}

export function witness(longestLease: number, clusters: Readonly<Record<string, Seals>>, port = 0): WitnessServer {
  const opened = openWitnessServer({
    listen: { address: "127.0.0.1", port },
    longestLease: milliseconds(longestLease),
  });
  assert.ok(opened.ok, JSON.stringify(opened));
  opened.value.serve(new Map(Object.entries(clusters)));
  return opened.value;
}

export interface Relay {
  readonly port: number;
  isCut: boolean;
  /** Milliseconds that every reply waits. */
  delay: number;
  /** What passed, in both directions. */
  readonly calls: Buffer[];
  readonly replies: Buffer[];
  close(): void;
}

/** A wire from one node to the witness behind `port`. */
export async function relayTo(port: number): Promise<Relay> {
  const [near, far] = [createSocket("udp4"), createSocket("udp4")];
  near.bind(0, "127.0.0.1");
  far.bind(0, "127.0.0.1");
  await Promise.all([once(near, "listening"), once(far, "listening")]);
  let node: RemoteInfo | undefined;
  let isOpen = true;
  const relay: Relay = {
    port: near.address().port,
    isCut: false,
    delay: 0,
    calls: [],
    replies: [],
    close() {
      isOpen = false;
      near.close();
      far.close();
    },
  };
  near.on("message", (bytes, from) => {
    node = from;
    relay.calls.push(bytes);
    if (!relay.isCut) far.send(bytes, port, "127.0.0.1");
  });
  far.on("message", (bytes) => {
    const deliver = (): void => {
      if (isOpen && !relay.isCut && node !== undefined) near.send(bytes, node.port, node.address);
    };
    relay.replies.push(bytes);
    if (relay.delay > 0) setTimeout(deliver, relay.delay);
    else deliver();
  });
  return relay;
}

export const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
