import type { Event, LocalSender, Share } from "./event.js";
import { requestTakeover } from "./exchange.js";
import { requestStandby } from "./handing.js";
import { addNodes, deleteNodes } from "./membership.js";
import { type Message, textOf } from "./message.js";
import { sendForClient } from "./outbox.js";
import { count, log, type Turn } from "./turn.js";

/**
 * What programs on this node have to say: tools and scripts through the FIFO, clients through the API socket. The original lets them
 * say anything in the node's name. Here the words by which nodes live, die and agree are the daemon's own; a wish to move resources is an
 * operator's wish; whatever else it is goes to the cluster as it is.
 */
export function onClientSent(turn: Turn, { message, by }: Event & { type: "clientSent" }): void {
  const type = textOf(message, "t");
  if (type === undefined || type === "") return count(turn, "client-message-without-type");
  const word = type.toLowerCase();
  if (isOurs(word) && !(by === "registry" && ofRegistry.has(word))) return refuse(turn, type, by);
  switch (word) {
    case "ask_resources":
      return onStandbyMessage(turn, message);
    case "hb_takeover":
      return onTakeoverMessage(turn, message);
    case "addnode":
      addNodes(turn, message);
      return sendForClient(turn, message);
    case "delnode":
      deleteNodes(turn, message);
      return sendForClient(turn, message);
    default:
      return sendForClient(turn, message);
  }
}

/** By these words other nodes judge this one; nobody else may say them. */
const ownWords: ReadonlySet<string> = new Set([
  ...["status", "starting", "resource", "shutdone", "reqnodes", "repnodes", "stonith", "ifstat"],
  ...["query-cstatus", "respond-cstatus", "hbapi-req", "hbapi-resp", "hbapi-clstat"],
]);
const ofRegistry: ReadonlySet<string> = new Set(["query-cstatus", "respond-cstatus", "hbapi-clstat"]);

const isOurs = (word: string): boolean => ownWords.has(word) || word.startsWith("ns_");

function refuse(turn: Turn, type: string, by: LocalSender): void {
  if ((turn.state.counters.get("reserved-client-message") ?? 0) === 0)
    log(turn, "WARN", `A ${by} on this node wanted to say "${type.slice(0, 31)}" in the name of the node: ignored.`);
  count(turn, "reserved-client-message");
}

const shares: ReadonlySet<string> = new Set(["all", "local", "foreign", "failback"] satisfies readonly Share[]);

const shareOf = (message: Message): Share | undefined => {
  const text = textOf(message, "rsc_hold");
  return text !== undefined && shares.has(text) ? (text as Share) : undefined;
};

/** `hb_standby`, and ipfail that wants to give up. The later steps of a hand-over are the daemon's. */
function onStandbyMessage(turn: Turn, message: Message): void {
  const share = shareOf(message);
  if (share === undefined || textOf(message, "info") !== "me") return count(turn, "bad-standby-message");
  requestStandby(turn, { share, reason: "operator", request: undefined });
}

function onTakeoverMessage(turn: Turn, message: Message): void {
  const share = shareOf(message);
  if (share === undefined) return count(turn, "bad-takeover-message");
  requestTakeover(turn, share, undefined);
}
