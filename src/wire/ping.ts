import { hexOf, type Message, message, textOf } from "../core/message.js";
import { type NodeName, nodeName } from "../core/names.js";

/**
 * What an echo request to a ping node carries (wire.md 6): a signed message about that node, which comes back to nobody but its
 * sender. The original accepted such a message on any medium and at any time, so that a recorded one kept a dead ping node alive
 * (weaknesses.md C2). Ours carries the number of the request, and is refused anywhere but in an echo reply.
 */
export interface PingQuestion {
  readonly kind: PingKind;
  /** The ping node or ping group, as configured. */
  readonly node: NodeName;
  /** Seconds since 1970; for people with a packet capture. */
  readonly wall: number;
  /** Grows with each request to this node, so that an old answer is known as such. An integer from 0 to 2^52 - 1. */
  readonly counter: number;
}
export type PingKind = "ping" | "ping_group";

/** The question that came back. */
export interface AnsweredPing {
  readonly ok: true;
  readonly kind: PingKind;
  readonly node: NodeName;
  readonly counter: number;
}

const TYPE = "NS_st";
const STATUS = "ping";

/** @returns the question as a message, its fields in the original's order, the counter behind them. */
export function pingMessage({ kind, node, wall, counter }: PingQuestion): Message {
  return message({
    t: TYPE,
    st: STATUS,
    info: kind,
    src: node,
    ts: Math.floor(wall).toString(16),
    hbn: counter.toString(16),
  });
}

/** Whether a message speaks for a ping node. Types are compared without regard to case (wire.md 4); the status first, as it tells most heartbeats apart. */
export const isPing = (message: Message): boolean =>
  textOf(message, "st") === STATUS && textOf(message, "t")?.toLowerCase() === TYPE.toLowerCase();

/** @returns the question in a message that came back; `undefined` when it is none of ours. */
export function readPing(message: Message): AnsweredPing | undefined {
  const kind = textOf(message, "info");
  const src = textOf(message, "src");
  const counter = hexOf(message, "hbn");
  if (!isPing(message) || (kind !== "ping" && kind !== "ping_group")) return undefined;
  return src === undefined || counter === undefined ? undefined : { ok: true, kind, node: nodeName(src), counter };
}
