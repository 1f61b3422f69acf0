import type { Message } from "./message.js";

/**
 * The messages sent lately, kept for those who missed one (wire.md 5.2). Two halves: a full young half becomes the old one and
 * the former old one is dropped, so that a push copies at most one half and at least `half` messages are always at hand.
 */
export interface History {
  readonly old: readonly Kept[];
  readonly young: readonly Kept[];
}

export interface Kept {
  readonly seq: number;
  readonly message: Message;
}

/** Messages kept at least; twice as many at most (the original keeps 500). */
export const half = 250;

export const emptyHistory: History = { old: [], young: [] };

/** @returns the history with one more message; `seq` is larger than all before. */
export function keep(history: History, seq: number, message: Message): History {
  const young = [...history.young, { seq, message }];
  return young.length < half ? { ...history, young } : { old: young, young: [] };
}

/** @returns the newest `count` messages, oldest first; the numbers are without a gap. */
export function latest({ old, young }: History, count: number): readonly Kept[] {
  return [...old, ...young].slice(-count);
}

/** @returns the message with this number, `undefined` when it is forgotten or was never sent. */
export function recall(history: History, seq: number): Message | undefined {
  const part = (history.young[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq ? history.young : history.old;
  const first = part[0]?.seq;
  if (first === undefined) return undefined;
  const kept = part[seq - first];
  return kept?.seq === seq ? kept.message : undefined;
}
