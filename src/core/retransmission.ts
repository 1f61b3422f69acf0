import { isAlive } from "./liveness.js";
import { decimalOf, hexOf, type Message } from "./message.js";
import type { NodeName } from "./names.js";
import { highestSent, resend, sendUnnumbered } from "./outbox.js";
import { draw } from "./random.js";
import { forget, takeDue } from "./reception.js";
import { after, type Duration, earliest, type Instant, milliseconds } from "./time.js";
import { change, changePeer, count, log, type Turn } from "./turn.js";

/** Asking again for what did not arrive, and answering those who ask us (wire.md 5.2 and 5.3). */

/** The original answers at most this many numbers per request. */
const mostPerRequest = 50;

/** @returns a random delay of 50 ms to `max_rexmit_delay`, so that several receivers do not ask at once. */
export function requestDelay(turn: Turn): Duration {
  const [luck, seed] = draw(turn.state.seed);
  change(turn, { seed });
  const longest = turn.state.settings.maxRexmitDelay;
  return milliseconds(Math.min(longest, 50 + luck * Math.max(0, longest - 50)));
}

/** Sends the requests that are due. */
export function requestMissing(turn: Turn): void {
  for (const peer of turn.state.peers.values()) {
    if (peer.reception.missing.size === 0 || !isAlive(peer.liveness)) continue;
    const [reception, due] = takeDue(peer.reception, turn.at, after(turn.at, turn.state.settings.maxRexmitDelay));
    if (due.length === 0) continue;
    changePeer(turn, peer.name, { reception });
    for (const seq of due) {
      sendUnnumbered(turn, { t: "NS_rexmit", dest: peer.name, firstseq: String(seq), lastseq: String(seq) });
    }
  }
}

/** @returns when the next request is due. */
export function nextRequest(state: Turn["state"]): Instant | undefined {
  let first: Instant | undefined;
  for (const peer of state.peers.values()) {
    if (peer.reception.missing.size > 0 && isAlive(peer.liveness))
      first = earliest([first, ...peer.reception.missing.values()]);
  }
  return first;
}

/** A peer misses messages of ours. */
export function onRequest(turn: Turn, from: NodeName, request: Message): void {
  const first = decimalOf(request, "firstseq");
  const last = decimalOf(request, "lastseq");
  if (first === undefined || last === undefined || first < 1 || last < first)
    return count(turn, "invalid-rexmit-request");
  // The number that comes next: somebody wonders whether we live, and a heartbeat says so.
  if (first === highestSent(turn.state) + 1 && last === first) {
    turn.beatDue = true;
    return;
  }
  if (last > highestSent(turn.state)) {
    log(turn, "WARN", `Rexmit of seq ${last} requested. ${highestSent(turn.state)} is max.`);
    return count(turn, "rexmit-beyond-last");
  }
  for (let seq = first; seq <= Math.min(last, first + mostPerRequest - 1); seq++) {
    if (resend(turn, seq)) continue;
    sendUnnumbered(turn, { t: "NS_nak_rexmit", firstseq: seq.toString(16), dest: from, info: "seqno not found" });
  }
}

/** A peer cannot send again what we miss: give the number up. */
export function onRefusal(turn: Turn, from: NodeName, refusal: Message): void {
  const seq = hexOf(refusal, "firstseq");
  const peer = turn.state.peers.get(from);
  if (seq === undefined || peer === undefined || !peer.reception.missing.has(seq)) return;
  log(turn, "ERROR", `Irretrievably lost packet: node ${from} seq ${seq}`);
  changePeer(turn, from, { reception: forget(peer.reception, seq) });
}

/** Acknowledges every tenth message when nothing smaller is missing, so that an original may free its history. */
export function acknowledge(turn: Turn, from: NodeName, seq: number): void {
  const peer = turn.state.peers.get(from);
  if (peer === undefined || seq % 10 !== 0 || peer.reception.missing.size > 0) return;
  sendUnnumbered(turn, { t: "NS_ackmsg", dest: from, ackseq: seq.toString(16) });
}
