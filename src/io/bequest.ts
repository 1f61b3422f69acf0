import { deserialize, serialize } from "node:v8";
import type { NodeState } from "../core/node-state.js";
import { lightened } from "../core/succession.js";
import type { Instant } from "../core/time.js";

/** What a daemon leaves to its successor: the node, and when it fell silent. Only processes of ours, of one version, exchange this. */
export interface Bequest {
  readonly state: NodeState;
  readonly silentSince: Instant;
}

/** Grows whenever `NodeState` changes its shape: a daemon of another shape must not go on with it. */
export const bequestFormat = 4;

/** @returns the bequest as text: maps, bytes and infinities included, which JSON does not know. */
export const writeBequest = ({ state, silentSince }: Bequest): string =>
  serialize({ state: lightened(state), silentSince }).toString("base64");

/** @throws when the text is no bequest. */
export function readBequest(text: string): Bequest {
  const value: unknown = deserialize(Buffer.from(text, "base64"));
  if (typeof value !== "object" || value === null || !("state" in value))
    throw new Error("no node was left to go on with");
  return value as Bequest;
}
