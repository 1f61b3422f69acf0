import { announceHeld } from "./announcing.js";
import { echoesOf } from "./echo.js";
import { onAskResources, onTakeoverMessage } from "./exchange.js";
import { onStonithMessage } from "./fencing.js";
import { parseFencing } from "./fencing-report.js";
import { onIpfailMessage } from "./ipfail-messages.js";
import { noteLegacyStatus, onIpRequest, onIpRequestAnswer } from "./legacy.js";
import { isAlive } from "./liveness.js";
import { addNodes, deleteNodes } from "./membership.js";
import { decimalOf, hexOf, type Message, textOf } from "./message.js";
import type { NodeName } from "./names.js";
import { onResource, onStarting } from "./original.js";
import { send } from "./outbox.js";
import { nothingShared } from "./peer.js";
import { parseReach } from "./reach.js";
import { parseReport } from "./report.js";
import { onRefusal, onRequest } from "./retransmission.js";
import { after, type Duration, milliseconds } from "./time.js";
import { changePeer, count, log, type Turn } from "./turn.js";

/** What a message means, once it is known to be genuine, live and new (wire.md 7). */
export function handleMessage(turn: Turn, from: NodeName, type: string, heard: Message): void {
  noteMarks(turn, from, heard);
  if (onIpfailMessage(turn, from, type, heard)) return;
  switch (type) {
    case "status":
      return onStatus(turn, from, heard);
    case "starting":
      return onStarting(turn, from);
    case "resource":
      return onResource(turn, from, heard);
    case "ask_resources":
      return onAskResources(turn, from, heard);
    case "hb_takeover":
      return onTakeoverMessage(turn, from, heard);
    case "ip-request":
      return onIpRequest(turn, from, heard);
    case "ip-request-resp":
      return onIpRequestAnswer(turn, from, heard);
    case "shutdone":
      return onShutdown(turn, from);
    case "stonith":
      return onStonithMessage(turn, from, textOf(heard, "node"), textOf(heard, "result"));
    case "reqnodes":
      return onNodeListRequest(turn, from);
    case "repnodes":
      return;
    case "addnode":
      return addNodes(turn, heard);
    case "delnode":
      return deleteNodes(turn, heard);
    default:
      return count(turn, "other-message");
  }
}

/** Messages without number: retransmission, acknowledgement, the guardian's death notice. */
export function handleUnnumbered(turn: Turn, from: NodeName, heard: Message): void {
  const destination = textOf(heard, "dest");
  if (destination !== undefined && destination.toLowerCase() !== turn.state.settings.self) return;
  switch (textOf(heard, "t")) {
    case "NS_rexmit":
      return onRequest(turn, from, heard);
    case "NS_nak_rexmit":
      return onRefusal(turn, from, heard);
    case "NS_ackmsg":
      return;
    case "NS_died":
      return onDeathNotice(turn, from, heard);
    default:
      return count(turn, "other-message");
  }
}

/** Our own marks: what the peer holds and is about to do. Only a newer message than the last one counts. */
function noteMarks(turn: Turn, from: NodeName, heard: Message): void {
  const peer = turn.state.peers.get(from);
  const text = textOf(heard, "hbg");
  const seq = hexOf(heard, "seq") ?? 0;
  if (peer === undefined || text === undefined || seq <= peer.reportSeq) return;
  const digest = textOf(heard, "hbc");
  changePeer(turn, from, {
    report: peer.report !== undefined && text === peer.reportText ? peer.report : parseReport(text),
    reportText: text,
    reportSeq: seq,
    reportAt: turn.at,
    fencing: parsedFencing(textOf(heard, "hbf")),
    leaving: textOf(heard, "hbl") !== undefined,
    exchange: decimalOf(heard, "hbo"),
    reach: parseReach(textOf(heard, "hbp"), peer.reach),
    digest,
  });
  if (digest !== undefined && digest !== peer.digest && digest !== turn.state.settings.digest) {
    log(turn, "WARN", `The resource groups of ${from} differ from ours: compare /etc/ha.d/haresources on both nodes.`);
  }
}

const parsedFencing = (text: string | undefined) => (text === undefined ? undefined : parseFencing(text));

function onStatus(turn: Turn, from: NodeName, heard: Message): void {
  const peer = turn.state.peers.get(from);
  const status = textOf(heard, "st");
  if (peer === undefined) return;
  if (status === undefined) {
    log(turn, "ERROR", "HBDoMsg_T_STATUS: status update without st field");
    return count(turn, "status-without-st");
  }
  const announced = hexOf(heard, "dt");
  const stamp = hexOf(heard, "ts");
  changePeer(turn, from, {
    status,
    clockAhead: stamp === undefined ? undefined : stamp - Math.floor(turn.wall),
  });
  noteLegacyStatus(turn, peer, status);
  noteDeadtime(turn, from, announced === undefined || announced === 0 ? undefined : milliseconds(announced));
  if (status !== peer.status) log(turn, "info", `Status update for node ${from}: status ${status.slice(0, 31)}`);
}

/** Another deadtime than ours, announced for as long as itself, is not the extra time of a start or a reload but its configuration. */
function noteDeadtime(turn: Turn, from: NodeName, announced: Duration | undefined): void {
  const peer = turn.state.peers.get(from);
  const own = turn.state.settings.timing.deadtime;
  const since = announced === peer?.announcedDeadtime ? peer?.announcedSince : turn.at;
  const lasts = since !== undefined && announced !== undefined && turn.at >= after(since, announced);
  if (lasts && announced !== own) {
    const text = `The deadtime of ${from} is ${announced} ms, here it is ${own} ms: each node judges the other by its own.`;
    log(turn, "WARN", `${text} Write the same into /etc/ha.d/ha.cf of both.`);
  }
  changePeer(turn, from, { announcedDeadtime: announced, announcedSince: lasts ? undefined : since });
}

/** The node released everything and goes: no need to wait for its silence. */
function onShutdown(turn: Turn, from: NodeName): void {
  const peer = turn.state.peers.get(from);
  if (peer === undefined || peer.liveness.kind === "left") return;
  log(turn, "info", `Received shutdown notice from '${from}'.`);
  log(turn, "info", `Resources being acquired from ${from}.`);
  changePeer(turn, from, {
    liveness: { kind: "left", since: turn.at, how: "shutdown" },
    shares: { ...nothingShared, stable: true },
  });
  // An original may have had, and announced, what we have (`giving-way.ts`).
  if (peer.program.kind === "original") announceHeld(turn);
}

/** The guardian over there speaks for a dead daemon. Only a proof of this very session is believed. */
function onDeathNotice(turn: Turn, from: NodeName, heard: Message): void {
  const peer = turn.state.peers.get(from);
  if (peer === undefined || !isAlive(peer.liveness)) return;
  const proven = echoesOf(heard, turn.state.settings.self).includes(turn.state.nonce);
  if (!proven || textOf(heard, "hbs") !== peer.session.nonce || hexOf(heard, "hg") !== peer.generation) {
    return count(turn, "unproven-death-notice");
  }
  log(turn, "WARN", `node ${from}: its heartbeat daemon died; its guardian has withdrawn its addresses`);
  log(turn, "info", `Resources being acquired from ${from}.`);
  changePeer(turn, from, { liveness: { kind: "left", since: turn.at, how: "daemon-died" } });
}

function onNodeListRequest(turn: Turn, from: NodeName): void {
  const nodelist = turn.state.settings.nodes.map((name) => `${name} `).join("");
  send(turn, { dest: from, t: "repnodes", nodelist, delnodelist: " " });
}
