import { needsConfirmation } from "./arbitration.js";
import { formatConfirmations, noteSent } from "./confirmation.js";
import type { Strength } from "./effect.js";
import { fencingReport, formatFencing } from "./fencing-report.js";
import { reported } from "./group.js";
import { keep, recall } from "./history.js";
import { isAlive } from "./liveness.js";
import { type Message, message, textOf } from "./message.js";
import type { NodeState } from "./node-state.js";
import { formatReport, type ReportedGroup } from "./report.js";
import { formatReach } from "./standing.js";
import type { Instant } from "./time.js";
import { change, emit, type Turn } from "./turn.js";

/**
 * How messages leave: the sender's own fields, then the trailer that every message of heartbeat carries (wire.md 4), then our
 * own marks (`hb…`), which the original ignores:
 *
 *     hbv  version of our extension, and `s` when our digest method may be used
 *     hbs  nonce of our session            hbe  the peers' nonces, repeated to prove that we live now
 *     hbn  number of the datagram          hbg  our groups            hbl  we are leaving
 *     hbo  the exchange we are in          hbc  checksum of our resource groups
 *     hbp  how many ping nodes we reach        hbf  whom we fence, or have fenced
 *     hba  the peers' numbers that we have had (where an arbiter or the ping quorum needs to know)
 */
export const extensionVersion = "1";

type Fields = Readonly<Record<string, string | Uint8Array | undefined>>;

/** Sends a message that has a number of its own and can be asked for again. */
export function send(turn: Turn, fields: Fields): void {
  const { outbox } = turn.state;
  const seq = outbox.seq + 1;
  const body = message({ ...fields, ...trailer(turn, seq), ...groupMarks(turn.state, turn.at) });
  sendNumbered(turn, seq, body);
  // Heartbeats are not news; who needs them sees the state itself.
  if (fields["t"] !== "status") deliver(turn, body);
}

/** Sends the message of a local program: its own fields, then ours; nobody can speak in our name or with our marks. */
export function sendForClient(turn: Turn, own: Message): void {
  const seq = turn.state.outbox.seq + 1;
  const ours = message({ ...trailer(turn, seq), ...groupMarks(turn.state, turn.at) });
  const named = new Set(ours.map((field) => field.name));
  const body = [...own.filter(({ name }) => !named.has(name) && !isReserved(name)), ...ours];
  sendNumbered(turn, seq, body);
  deliver(turn, body);
}

/** `destuuid` would win over `dest` at an original, and nobody here can know which one is right. */
const isReserved = (name: string): boolean => name === "destuuid" || name === "auth" || isMark(name);

/** @returns whether a field of this name belongs to what our nodes say to each other. */
export const isMark = (name: string): boolean => /^hb[a-z]$/.test(name);

function sendNumbered(turn: Turn, seq: number, body: Message): void {
  const { outbox } = turn.state;
  change(turn, { outbox: { ...outbox, seq, history: keep(outbox.history, seq, body) } });
  transmit(turn, body);
}

/** What we say to everybody, or to ourselves, our own clients hear too. */
function deliver(turn: Turn, body: Message): void {
  const destination = textOf(body, "dest");
  if (destination === undefined || destination.toLowerCase() === turn.state.settings.self)
    emit(turn, { type: "deliverToClients", message: body });
}

/** Sends a message without number (types `NS_…`): acknowledgements and retransmission requests. */
export function sendUnnumbered(turn: Turn, fields: Fields): void {
  transmit(turn, message({ ...fields, ...trailer(turn, undefined) }));
}

/** Sends a kept message again, as it was but for our marks; `false` when it is no longer kept. */
export function resend(turn: Turn, seq: number): boolean {
  const kept = recall(turn.state.outbox.history, seq);
  if (kept === undefined) return false;
  // Its report is of then; a node that waits to hear what we hold now must not take it for news (--plan short --seed 710602).
  transmit(
    turn,
    kept.filter(({ name }) => name !== "hbg"),
  );
  return true;
}

/** @returns the highest number sent so far. */
export function highestSent(state: NodeState): number {
  return state.outbox.seq;
}

function transmit(turn: Turn, body: Message): void {
  const { outbox } = turn.state;
  const datagram = outbox.datagram + 1;
  change(turn, { outbox: { ...outbox, datagram } });
  if (needsConfirmation(turn.state.settings.arbitration))
    change(turn, { sent: noteSent(turn.state.sent, datagram, turn.at) });
  emit(turn, {
    type: "send",
    message: [...body, ...sessionMarks(turn.state, datagram)],
    strength: strengthNow(turn.state),
    key: keyNow(turn.state),
  });
}

function trailer(turn: Turn, seq: number | undefined): Fields {
  const { identity, settings } = turn.state;
  return {
    src: settings.self,
    srcuuid: identity.uuid,
    seq: seq?.toString(16),
    hg: identity.generation.toString(16),
    ts: Math.floor(turn.wall).toString(16),
    ttl: String(settings.ttl),
  };
}

function sessionMarks(state: NodeState, datagram: number): Message {
  const echoes: string[] = [];
  for (const peer of state.peers.values()) {
    if (peer.session.nonce !== undefined) echoes.push(`${peer.name}:${peer.session.nonce}`);
    if (peer.session.candidate !== undefined) echoes.push(`${peer.name}:${peer.session.candidate}`);
  }
  return message({
    hbv: state.identity.strong ? `${extensionVersion} s` : extensionVersion,
    hbs: state.nonce,
    hbn: datagram.toString(16),
    hbe: echoes.length === 0 ? undefined : echoes.join(" "),
    hba: formatConfirmations(state),
  });
}

function groupMarks(state: NodeState, at: Instant): Fields {
  const fencing = fencingReport(state, at);
  const report = new Map<string, ReportedGroup>();
  for (const group of state.groups.values()) report.set(group.id, reported(group));
  return {
    hbg: formatReport(report),
    hbc: state.settings.digest,
    hbp: formatReach(state),
    hbl: state.phase.kind === "leaving" ? "1" : undefined,
    hbf: fencing === undefined ? undefined : formatFencing(fencing),
    hbo: state.exchange.kind !== "none" && "groups" in state.exchange ? String(state.exchange.id) : undefined,
  };
}

/** Our own digest method is used when everybody who lives can read it; an original that comes back must find us readable. */
export function strengthNow(state: NodeState): Strength {
  if (!state.identity.strong || state.peers.size === 0) return "configured";
  for (const peer of state.peers.values()) {
    if (!isAlive(peer.liveness) || peer.program.kind !== "ours" || !peer.program.strong) return "configured";
  }
  return "strong";
}

/**
 * Among ours every listed key is read. An original verifies with the secret of the entry that it signs with itself, whatever index a
 * message has; so as long as one lives, its entry is ours too, and a key is changed without a deaf moment (weaknesses.md D1).
 */
export function keyNow({ peers }: NodeState): number | undefined {
  for (const { liveness, program, key } of peers.values())
    if (program.kind === "original" && isAlive(liveness)) return key;
  return undefined;
}

/**
 * @returns what the guardian tells the peers when this daemon dies: a message without number, good for this session only.
 */
export function deathNotice(state: NodeState, wall: number): Message {
  const { identity, settings } = state;
  const body = message({
    t: "NS_died",
    src: settings.self,
    srcuuid: identity.uuid,
    hg: identity.generation.toString(16),
    ts: Math.floor(wall).toString(16),
    ttl: String(settings.ttl),
  });
  return [...body, ...sessionMarks(state, 0)];
}
