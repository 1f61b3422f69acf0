import { announceHeld } from "./announcing.js";
import { noteConfirmation } from "./confirmation.js";
import { handleMessage, handleUnnumbered } from "./dispatch.js";
import { echoesOf } from "./echo.js";
import type { Event } from "./event.js";
import { noteLapse } from "./giving-way.js";
import { deadlineOf, heard, isAlive, isPutDown, type Liveness } from "./liveness.js";
import { bytesOf, hexOf, type Message, textOf } from "./message.js";
import { generation, type LinkName, type NodeName, nodeName } from "./names.js";
import { drawNonce, linksAnew } from "./nonce.js";
import { noteBacklog } from "./oversleeping.js";
import { noClaims, noSession, nothingShared, type Peer, rotationDigits, unknownStanding } from "./peer.js";
import { arrive, nothingReceived } from "./reception.js";
import { admit, fresh } from "./replay.js";
import { acknowledge, requestDelay } from "./retransmission.js";
import { isReached } from "./right.js";
import { after, between, milliseconds } from "./time.js";
import { change, changePeer, count, emit, log, type Turn } from "./turn.js";

/**
 * From a verified message to a sign of life: is the origin one of us, does it speak now (and not last week), is its number new?
 * Only what passes all of that is handled. Nothing here trusts a field; every refusal is counted under its name.
 */
export function onMessage(turn: Turn, event: Event & { type: "messageHeard" }): void {
  const heardMessage = event.message;
  const type = textOf(heardMessage, "t");
  const source = textOf(heardMessage, "src");
  const stamp = hexOf(heardMessage, "ts");
  if (type === undefined || source === undefined || stamp === undefined || stamp === 0)
    return count(turn, "missing-from-ts-type");
  if (nodeName(source) === turn.state.settings.self) return onOwnMessage(turn, heardMessage);
  const peer = turn.state.peers.get(nodeName(source));
  if (peer === undefined) return onStranger(turn, source);
  if (type === "NS_st") return count(turn, "ping-payload-on-wrong-medium");
  if (!isCurrent(turn, peer, heardMessage, type)) return;
  if (type === "NS_died") return handleUnnumbered(turn, peer.name, heardMessage);
  const freshness = freshnessOf(turn, peer, event.link, heardMessage);
  if (freshness === "refused") return;
  if (freshness === "copy") return noteLink(turn, peer.name, event.link);
  if (isUuid(bytesOf(heardMessage, "srcuuid"), turn.state.identity.uuid)) noteSameUuid(turn, peer.name);
  learnProgram(turn, peer, heardMessage);
  learnKey(turn, peer.name, event.key);
  noteSignOfLife(turn, peer, event.link, type);
  noteConfirmation(turn, peer.name, heardMessage);
  if (type.startsWith("NS_")) return handleUnnumbered(turn, peer.name, heardMessage);
  if (!isNew(turn, peer, heardMessage) || !isForUs(turn, heardMessage)) return;
  if (type !== "status") emit(turn, { type: "deliverToClients", message: heardMessage });
  handleMessage(turn, peer.name, type, heardMessage);
}

/** Our own broadcasts come back; anything else in our name means that a second node has it. */
function onOwnMessage(turn: Turn, heardMessage: Message): void {
  const theirs = textOf(heardMessage, "hbs");
  const ours = turn.state.identity;
  const same = isUuid(bytesOf(heardMessage, "srcuuid"), ours.uuid);
  if (same && (theirs === undefined || hexOf(heardMessage, "hg") === ours.generation))
    return count(turn, "own-message-came-back");
  if ((turn.state.counters.get("another-node-has-our-name") ?? 0) === 0) {
    log(
      turn,
      "ERROR",
      `Another node calls itself ${turn.state.settings.self} too: give each node a name of its own (uname -n).`,
    );
  }
  count(turn, "another-node-has-our-name");
}

function isUuid(bytes: Uint8Array | undefined, uuid: Uint8Array): boolean {
  return bytes !== undefined && bytes.length === uuid.length && bytes.every((byte, i) => byte === uuid[i]);
}

/** A cloned disk: we go by names, but the original tells nodes by their uuids and would take us for itself. */
function noteSameUuid(turn: Turn, name: NodeName): void {
  if ((turn.state.counters.get("same-uuid") ?? 0) === 0)
    log(
      turn,
      "ERROR",
      `${name} has the same uuid as this node (a cloned disk?): stop heartbeat on one of them, remove hb_uuid there, start it again.`,
    );
  count(turn, "same-uuid");
}

function onStranger(turn: Turn, source: string): void {
  if ((turn.state.counters.get("bad-node") ?? 0) === 0) {
    log(turn, "ERROR", `process_status_message: bad node [${source.slice(0, 99)}] in message`);
  }
  count(turn, "bad-node");
}

/** Compares generations: an older incarnation is a replay, a newer one a restart (wire.md 5.1). */
function isCurrent(turn: Turn, peer: Peer, heardMessage: Message, type: string): boolean {
  const theirs = hexOf(heardMessage, "hg");
  if (theirs === undefined) {
    count(turn, "missing-generation");
    return false;
  }
  if (theirs < peer.generation) {
    if ((turn.state.counters.get("replay-attack") ?? 0) === 0) {
      const text = `attempted replay attack [${peer.name}]? [gen = ${theirs}, curgen = ${peer.generation}]`;
      log(turn, "ERROR", `should_drop_message: ${text}`);
    }
    count(turn, "replay-attack");
    return false;
  }
  if (theirs === peer.generation || peer.generation === 0 || type === "status") return true;
  if (textOf(heardMessage, "hbs") !== undefined) return true;
  // An original's new incarnation begins with its first status; what overtook that comes again or is asked for.
  count(turn, "message-before-status");
  return false;
}

/** A `copy` of what came over another link already says that its link works, and nothing else. */
type Freshness = "fresh" | "copy" | "refused";

/**
 * Does the sender speak now? One of ours proves it by repeating our nonce, and each of its datagrams counts once. The original
 * can prove nothing: it is believed, unless the node was seen running our program in this very incarnation.
 */
function freshnessOf(turn: Turn, peer: Peer, link: LinkName, heardMessage: Message): Freshness {
  const nonce = textOf(heardMessage, "hbs");
  const theirs = generation(hexOf(heardMessage, "hg") ?? 0);
  if (nonce === undefined) {
    if (peer.program.kind === "ours" && theirs === peer.generation) {
      count(turn, "unmarked-message");
      return "refused";
    }
    if (theirs > peer.generation) beginIncarnation(turn, peer, theirs);
    return "fresh";
  }
  if (!isUsableNonce(peer, nonce, theirs)) {
    count(turn, "bad-nonce");
    return "refused";
  }
  if (!echoesOf(heardMessage, turn.state.settings.self).includes(turn.state.nonce)) {
    noteUnproven(turn, peer, nonce, theirs);
    return "refused";
  }
  if (theirs > peer.generation) beginIncarnation(turn, peer, theirs);
  return admitDatagram(turn, peer, link, nonce, hexOf(heardMessage, "hbn") ?? 0);
}

/**
 * A nonce begins with digits that grow whenever its owner draws a new one in the same incarnation; so a recorded datagram
 * with a former nonce cannot bring the former session back.
 */
function isUsableNonce(peer: Peer, nonce: string, theirs: number): boolean {
  if (!/^[0-9a-f]{12,32}$/.test(nonce)) return false;
  const known = peer.session.nonce;
  if (known === undefined || theirs !== peer.generation || nonce === known) return true;
  return nonce.slice(0, rotationDigits) > known.slice(0, rotationDigits);
}

/** Recorded sessions with their different nonces must not draw a heartbeat of ours per datagram. */
const pauseBetweenVoices = milliseconds(20);

/** A voice without proof: repeat its nonce so that it can prove itself, and let takeovers from it wait for that moment. */
function noteUnproven(turn: Turn, peer: Peer, nonce: string, theirs: number): void {
  count(turn, "unproven-message");
  const { candidate, candidateAt } = peer.session;
  if (nonce === peer.session.nonce) return noteBacklog(turn, peer);
  if (nonce === candidate) return;
  if (candidateAt !== undefined && turn.at < after(candidateAt, pauseBetweenVoices)) return;
  changePeer(turn, peer.name, { session: { ...peer.session, candidate: nonce, candidateAt: turn.at } });
  if (theirs > peer.generation && peer.returningUntil === undefined) {
    changePeer(turn, peer.name, { returningUntil: after(turn.at, turn.state.settings.timing.deadtime) });
  }
  turn.beatDue = true;
}

/** Copies over two links come close together; what is further behind was recorded on one to be played on the other. */
const copiesWithin = 64;

function admitDatagram(turn: Turn, before: Peer, link: LinkName, nonce: string, datagram: number): Freshness {
  const peer = turn.state.peers.get(before.name) ?? before;
  const known = peer.session.nonce === nonce;
  const all = known ? peer.session.window : fresh();
  const links = known ? peer.links : linksAnew(peer.links);
  const current = links.get(link);
  const window = admit(current?.window ?? fresh(), datagram);
  const first = admit(all, datagram);
  if (window === undefined || (first === undefined && datagram <= all.highest - copiesWithin)) {
    count(turn, datagram > all.highest - copiesWithin ? "duplicate-datagram" : "replayed-datagram");
    challenge(turn, peer);
    return "refused";
  }
  const liveness: Liveness = current?.liveness ?? { kind: "dead", since: turn.at };
  changePeer(turn, peer.name, {
    session: { ...(known ? peer.session : noSession), nonce, window: first ?? all },
    links: new Map(links).set(link, { liveness, window }),
  });
  // Our next heartbeat must repeat the new nonce at once: the peer is deaf to us until it does.
  if (!known) turn.beatDue = true;
  return first === undefined ? "copy" : "fresh";
}

/**
 * A peer falls silent while numbers come that are too low: a recording, or a virtual machine that was set back to a snapshot and counts
 * from there again (or somebody with the key spoke far ahead in its name, weaknesses.md A9). A new nonce tells: the living repeat it.
 */
function challenge(turn: Turn, peer: Peer): void {
  const { liveness, session } = peer;
  if (liveness.kind !== "late" && liveness.kind !== "dead") return;
  const { deadtime } = turn.state.settings.timing;
  if (session.challengedAt !== undefined && turn.at < after(session.challengedAt, deadtime)) return;
  changePeer(turn, peer.name, { session: { ...session, challengedAt: turn.at } });
  drawNonce(turn);
  turn.beatDue = true;
}

/** A newer incarnation: whatever the former one said or held is void; numbering starts anew. */
function beginIncarnation(turn: Turn, peer: Peer, theirs: Peer["generation"]): void {
  if (peer.generation !== 0) log(turn, "info", `Heartbeat restart on node ${peer.name}`);
  changePeer(turn, peer.name, {
    generation: theirs,
    status: undefined,
    reception: nothingReceived,
    session: noSession,
    report: undefined,
    reportSeq: 0,
    reportAt: undefined,
    fencing: undefined,
    leaving: false,
    exchange: undefined,
    reach: { kind: "untold" },
    standing: unknownStanding,
    legacy: noClaims,
    shares: nothingShared,
    announcedDeadtime: undefined,
    announcedSince: undefined,
    program: { kind: "unknown" },
    returningUntil: undefined,
    unconfirmedSince: undefined,
  });
}

function learnProgram(turn: Turn, before: Peer, heardMessage: Message): void {
  const peer = turn.state.peers.get(before.name) ?? before;
  const [version, flag] = (textOf(heardMessage, "hbv") ?? "").split(" ");
  const program: Peer["program"] =
    version === "" || version === undefined ? { kind: "original" } : { kind: "ours", version, strong: flag === "s" };
  if (peer.program.kind === program.kind && isStrong(peer.program) === isStrong(program)) return;
  changePeer(turn, peer.name, { program });
}

/** An original with another key is deaf to us until we sign with that one too. */
function learnKey(turn: Turn, name: NodeName, key: number | undefined): void {
  const peer = turn.state.peers.get(name);
  if (peer?.program.kind !== "original" || key === undefined || key === peer.key) return;
  if (peer.key !== undefined)
    log(turn, "info", `${name} signs with key ${key} now, and reads no other: while it lives this node does the same.`);
  changePeer(turn, name, { key });
  turn.beatDue = true;
}

/** Other keys may have made our own digest method possible, or impossible. */
const isStrong = (program: Peer["program"]): boolean => program.kind === "ours" && program.strong;

function noteSignOfLife(turn: Turn, before: Peer, link: LinkName, type: string): void {
  const peer = turn.state.peers.get(before.name) ?? before;
  noteLink(turn, peer.name, link);
  const { liveness } = peer;
  const said = liveness.kind === "left" && !isPutDown(liveness);
  if (said && peer.generation === before.generation) return;
  if (
    !isAlive(liveness) &&
    liveness.kind !== "unseen" &&
    peer.generation === before.generation &&
    before.generation !== 0
  ) {
    // A message still under way when its sender died is no return; a heartbeat is.
    if (type !== "status") return;
    logReturn(turn, peer);
  }
  if (isAlive(liveness) && "heardAt" in liveness) logIfLate(turn, peer, between(liveness.heardAt, turn.at));
  const restarted = before.generation !== 0 && peer.generation !== before.generation;
  if (restarted || liveness.kind === "dead" || liveness.kind === "left") announceHeld(turn);
  changePeer(turn, peer.name, { liveness: heard(turn.at), returningUntil: undefined });
}

function noteLink(turn: Turn, node: NodeName, name: LinkName): void {
  const peer = turn.state.peers.get(node);
  const link = peer?.links.get(name);
  if (link === undefined || !isAlive(link.liveness)) log(turn, "info", `Link ${node}:${name} up.`);
  const links = new Map(peer?.links).set(name, { window: link?.window ?? fresh(), liveness: heard(turn.at) });
  changePeer(turn, node, { links });
}

function logReturn(turn: Turn, peer: Peer): void {
  log(turn, "CRIT", `Cluster node ${peer.name} returning after partition.`);
  if (peer.liveness.kind === "left") log(turn, "CRIT", survived(peer.name, peer.liveness));
  else log(turn, "WARN", "Deadtime value may be too small.");
  changePeer(turn, peer.name, { report: undefined, shares: nothingShared, unconfirmedSince: undefined });
  noteLapse(turn, peer);
}

/** What was reset begins a new incarnation. */
function survived(name: NodeName, { how }: Liveness & { readonly kind: "left" }): string {
  return how === "confirmed"
    ? `${name} was confirmed dead by an operator, but it is alive.`
    : `${name} was reported as reset, but it has not been: test the fencing device.`;
}

function logIfLate(turn: Turn, peer: Peer, interval: number): void {
  const { keepalive, warntime, deadtime } = turn.state.settings.timing;
  if (interval <= warntime) return;
  const text = `Late heartbeat: Node ${peer.name}: interval ${Math.round(interval)} ms`;
  log(turn, interval > deadtime ? "CRIT" : "WARN", interval > deadtime ? `${text} (> deadtime)` : text);
  // Nearly a deadtime here may have been a whole one over there.
  if (interval + 2 * keepalive >= deadtime) noteLapse(turn, peer);
}

/** Takes note of the sequence number; `false` for what was handled before or is too old. */
function isNew(turn: Turn, before: Peer, heardMessage: Message): boolean {
  const peer = turn.state.peers.get(before.name) ?? before;
  const seq = hexOf(heardMessage, "seq");
  if (seq === undefined || seq === 0) {
    count(turn, seq === 0 ? "bad-sequence-number" : "missing-sequence-number");
    return false;
  }
  const arrival = arrive(peer.reception, seq, () => after(turn.at, requestDelay(turn)));
  if (arrival.kind === "old" && wasSetBack(turn, peer)) return beginNumbering(turn, peer, seq);
  const { session } = peer;
  const behindSince = arrival.kind === "old" ? (session.behindSince ?? turn.at) : undefined;
  changePeer(turn, peer.name, { reception: arrival.reception, session: { ...session, behindSince } });
  switch (arrival.kind) {
    case "new":
      if (arrival.lost.length > 0) {
        count(turn, "lost-packets");
        const text = `${arrival.lost.length} lost packet(s) for [${peer.name}] [${peer.reception.last}:${seq}]`;
        log(turn, "WARN", text);
      }
      break;
    case "recovered":
      if (arrival.complete) log(turn, "info", `No pkts missing from ${peer.name}!`);
      break;
    case "restarted":
      log(turn, "ERROR", `lost a lot of packets! ${peer.name} [${peer.reception.last}:${seq}]`);
      break;
    default:
      count(turn, `${arrival.kind}-sequence-number`);
      return false;
  }
  acknowledge(turn, peer.name, seq);
  return true;
}

/** Its datagrams are of now, and yet for too long nothing new was among its messages: it counts from lower down again. */
function wasSetBack(turn: Turn, { program, session }: Peer): boolean {
  if (program.kind !== "ours" || session.behindSince === undefined) return false;
  return turn.at >= after(session.behindSince, turn.state.settings.timing.warntime);
}

function beginNumbering(turn: Turn, peer: Peer, seq: number): boolean {
  log(turn, "ERROR", `${peer.name} counts its messages from ${seq} again, after ${peer.reception.last}.`);
  const session = { ...peer.session, behindSince: undefined };
  changePeer(turn, peer.name, { reception: { ...nothingReceived, last: seq }, reportSeq: 0, session });
  return true;
}

function isForUs(turn: Turn, heardMessage: Message): boolean {
  const uuid = bytesOf(heardMessage, "destuuid");
  if (uuid !== undefined) return isUuid(uuid, turn.state.identity.uuid);
  const destination = textOf(heardMessage, "dest");
  return destination === undefined || nodeName(destination) === turn.state.settings.self;
}

/** A ping node answered: it lived when it was asked. An answer that comes after deadping says nothing about now. */
export function onPingAnswer(turn: Turn, event: Event & { type: "pingAnswered" }): void {
  const before = turn.state.pings.get(event.node);
  if (before === undefined || turn.at >= after(event.askedAt, turn.state.settings.timing.deadping)) return;
  if ("heardAt" in before && before.heardAt >= event.askedAt) return;
  if (!isAlive(before)) {
    log(turn, "info", `Link ${event.node}:${event.node} up.`);
    log(turn, "info", `Status update for node ${event.node}: status ping`);
  }
  const { pings, quorumSince } = turn.state;
  // A question that all of them missed: for that long, nobody may have been heard here (--plan short --seed 8022065).
  const regained = quorumSince === undefined || !isReached(turn.state, event.askedAt);
  change(turn, {
    pings: new Map(pings).set(event.node, heard(event.askedAt)),
    quorumSince: regained ? turn.at : quorumSince,
  });
}

/** @returns when the first silence, of a node, a link or a ping node, would become a finding. */
export function* silenceDeadlines(turn: { readonly state: Turn["state"] }) {
  const { peers, pings, settings } = turn.state;
  for (const peer of peers.values()) {
    const patience = patienceWith(turn, peer);
    yield deadlineOf(peer.liveness, patience);
    for (const link of peer.links.values()) yield deadlineOf(link.liveness, patience);
  }
  for (const liveness of pings.values())
    yield deadlineOf(liveness, { ...settings.timing, deadtime: settings.timing.deadping });
}

/**
 * Our own configuration counts (weaknesses.md B16); only an original may ask for more patience, as it does before a quick restart, in
 * which it is silent while its resources run on.
 */
export function patienceWith(turn: { readonly state: Turn["state"] }, peer: Peer) {
  const { timing } = turn.state.settings;
  if (peer.program.kind !== "original" || peer.announcedDeadtime === undefined) return timing;
  return { ...timing, deadtime: milliseconds(Math.max(timing.deadtime, peer.announcedDeadtime)) };
}
