/** The witness on another machine as this node's arbiter, over UDP. */
import { randomBytes } from "node:crypto";
import type { NodeName } from "../core/names.js";
import type { Duration } from "../core/time.js";
import type { Arbiter } from "../ports/arbiter.js";
import { Caller } from "../witness/caller.js";
import type { Seals } from "../witness/seal.js";
import { type DatagramSocket, type Endpoint, openDatagramSocket, sockaddrOf } from "./datagram-socket.js";
import { monotonicNow } from "./monotonic.js";

export interface WitnessArbiterSettings {
  /** Where the witness listens; the address is numeric, IPv4 or IPv6. */
  readonly witness: Endpoint;
  /** The name under which the witness knows this cluster's key. */
  readonly cluster: string;
  readonly node: NodeName;
  readonly lease: Duration;
  /** `createSeals` of the cluster's authkeys. */
  readonly seals: Seals;
}

/** After a failure to open a socket the next try waits for a call that comes this many milliseconds later, or more. */
const reopenPause = 250;

/**
 * @returns the arbiter. A network that is not there is silence, from the start too: a socket is opened when something is asked.
 * @throws RangeError when the address is not numeric or a name is too long; the configuration checks both.
 */
export function openWitnessArbiter(settings: WitnessArbiterSettings): Arbiter {
  const { address, port } = settings.witness;
  const destination = sockaddrOf(settings.witness);
  if (destination === undefined) throw new RangeError(`witness ${address}: not a numeric address`);
  let socket: DatagramSocket | undefined;
  let refusedUntil = 0;
  let isClosed = false;
  let answered: Parameters<Arbiter["onAnswer"]>[0] = () => {};
  const hear = (bytes: Uint8Array): void => {
    const answer = isClosed ? undefined : caller.hear(bytes, monotonicNow());
    if (answer !== undefined) answered(answer.request, answer.verdicts);
  };
  const open = (): DatagramSocket | undefined => {
    if (monotonicNow() < refusedUntil) return undefined;
    const opened = openDatagramSocket({ address: address.includes(":") ? "::" : "0.0.0.0", port: 0 });
    if (opened.ok) opened.value.onDatagram(hear);
    else refusedUntil = monotonicNow() + reopenPause;
    return opened.ok ? opened.value : undefined;
  };
  const transmit = (datagram: Uint8Array): void => {
    socket ??= open();
    socket?.send(datagram, destination);
  };
  const session = randomBytes(16).toString("latin1");
  const caller = new Caller({ ...settings, session, transmit });
  return {
    text: `witness ${address.includes(":") ? `[${address}]` : address}:${port}`,
    claim: (request, groups) => isClosed || caller.claim(request, groups, monotonicNow()),
    release: (groups) => isClosed || caller.release(groups, monotonicNow()),
    onAnswer(listener) {
      answered = listener;
    },
    // A pill must come by a way that needs no network.
    onPoison: () => {},
    close() {
      isClosed = true;
      socket?.close();
    },
  };
}
