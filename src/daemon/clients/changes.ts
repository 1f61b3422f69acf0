import { isAlive, type Liveness } from "../../core/liveness.js";
import { type Message, message } from "../../core/message.js";
import type { NodeState } from "../../core/node-state.js";
import type { Peer } from "../../core/peer.js";

/**
 * What clients are told without asking: nodes and links that changed their status. The original passes the message on that brought the
 * change; here the change itself is said, in the same words, so that nothing has to remember which heartbeat was the first.
 */

/** @returns one message per node or link whose status differs, in the order in which the original tells them. */
export function changesBetween(before: NodeState, after: NodeState, wall: number): readonly Message[] {
  if (before.peers === after.peers && before.pings === after.pings) return [];
  const ts = Math.floor(wall).toString(16);
  const news: Message[] = [];
  for (const [name, peer] of after.peers) {
    const former = before.peers.get(name);
    const [was, is] = [former === undefined ? "init" : statusOf(former), statusOf(peer)];
    const links = linkNews(former, peer);
    const node = was === is ? [] : [statusNews(name, is, ts)];
    news.push(...(is === "dead" ? [...node, ...links] : [...links, ...node]));
  }
  for (const [name, liveness] of after.pings) {
    const former = before.pings.get(name);
    const is = pingStatus(liveness);
    if (former === undefined || pingStatus(former) === is) continue;
    const link = message({ t: "ifstat", node: name, ifname: name, st: is === "ping" ? "up" : "dead" });
    news.push(...(is === "ping" ? [link, pingNews(name, ts)] : [statusNews(name, "dead", ts), link]));
  }
  return news;
}

/** The original's word for a node, as its clients know it. */
export function statusOf(peer: Peer): string {
  const gone = peer.liveness.kind === "dead" || peer.liveness.kind === "left";
  return gone ? "dead" : (peer.status ?? "init");
}

const pingStatus = (liveness: Liveness): "ping" | "dead" | "init" =>
  isAlive(liveness) ? "ping" : liveness.kind === "unseen" ? "init" : "dead";

function statusNews(node: string, st: string, ts: string): Message {
  return st === "dead"
    ? message({ t: "status", seq: "1", ts, src: node, st })
    : message({ t: "status", st, protocol: "1", src: node, ts });
}

const pingNews = (node: string, ts: string): Message =>
  message({ t: "NS_st", st: "ping", info: "ping", src: node, ts });

function linkNews(former: Peer | undefined, peer: Peer): readonly Message[] {
  if (former?.links === peer.links) return [];
  return [...peer.links].flatMap(([name, link]) => {
    const before = former?.links.get(name);
    const was = before !== undefined && isAlive(before.liveness);
    const is = isAlive(link.liveness);
    return was === is ? [] : [message({ t: "ifstat", node: peer.name, ifname: name, st: is ? "up" : "dead" })];
  });
}

/** @returns the heartbeats that came since, for clients that want them all. */
export function heartbeatsBetween(before: NodeState, after: NodeState, wall: number): readonly Message[] {
  if (before.peers === after.peers) return [];
  const ts = Math.floor(wall).toString(16);
  return [...after.peers.values()].flatMap((peer) => {
    const former = before.peers.get(peer.name)?.liveness;
    const heard = "heardAt" in peer.liveness ? peer.liveness.heardAt : undefined;
    const known = former !== undefined && "heardAt" in former ? former.heardAt : undefined;
    return heard === undefined || heard === known ? [] : [statusNews(peer.name, statusOf(peer), ts)];
  });
}
