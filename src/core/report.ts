import type { Generation, GroupName, NodeName, Term } from "./names.js";
import { generation, nodeName, term } from "./names.js";

/**
 * What our nodes tell each other in every heartbeat about their resource groups (field `hbg`): one word per group,
 * `<id><state><term>[!|?][><node>/<generation>]`. A report is absolute: the newest one replaces all before, so a lost datagram costs one keepalive.
 */
export type Report = ReadonlyMap<GroupId, ReportedGroup>;

/** Eight hexadecimal digits that stand for a group's name on the wire. */
export type GroupId = string;

export interface ReportedGroup {
  readonly state: ReportedState;
  /** Term of the holding; for `idle` the largest term the node has seen. */
  readonly term: Term;
  /** The group is not for this node. */
  readonly failed: FailureKind | undefined;
  /** For `granted`: who may take it. */
  readonly to: Grantee | undefined;
}

/** `start` (`!`): it would not start, and is not tried again by itself; `died` (`?`): it did not stay, so it is for this node when no other one can run it. */
export type FailureKind = "start" | "died";

/** The same for people, behind the name of a resource. */
export const failureWords: Readonly<Record<FailureKind, string>> = {
  start: "failed to start",
  died: "does not stay running",
};

/** A grant is for one incarnation: the next one may not use it, because the giver takes it back when it notices the restart. */
export interface Grantee {
  readonly node: NodeName;
  readonly generation: Generation;
}

export type ReportedState = "idle" | "acquiring" | "held" | "doubted" | "releasing" | "granted" | "stuck";

const letters: Readonly<Record<ReportedState, string>> = {
  idle: "i",
  acquiring: "a",
  held: "h",
  doubted: "d",
  releasing: "r",
  granted: "g",
  stuck: "k",
};
const states = new Map(Object.entries(letters).map(([state, letter]) => [letter, state as ReportedState]));

/** @returns the id of a group: FNV-1a, 32 bits, over the characters of its name. */
export function groupId(name: GroupName): GroupId {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const marks: Readonly<Record<FailureKind, string>> = { start: "!", died: "?" };

/** @returns the text of the field `hbg`. */
export function formatReport(report: Report): string {
  const words: string[] = [];
  for (const [id, group] of report) {
    const to = group.to === undefined ? "" : `>${group.to.node}/${group.to.generation}`;
    words.push(
      `${id}${letters[group.state]}${group.term}${group.failed === undefined ? "" : marks[group.failed]}${to}`,
    );
  }
  return words.join(" ");
}

/** @returns the report that the text holds; words without an id are skipped. */
export function parseReport(text: string): Report {
  const report = new Map<GroupId, ReportedGroup>();
  for (const word of text.split(" ")) {
    const id = /^[0-9a-f]{8}/.exec(word)?.[0];
    if (id !== undefined) report.set(id, parseGroup(word.slice(id.length)));
  }
  return report;
}

/** A newer version may say more than we understand. To take that for "idle" would start the group a second time. */
const notUnderstood: ReportedGroup = { state: "held", term: term(0), failed: undefined, to: undefined };

function parseGroup(text: string): ReportedGroup {
  const parts = /^([a-z])([0-9]{1,15})([!?]?)(?:>([^/]+)\/([0-9]{1,15}))?$/.exec(text);
  const state = states.get(parts?.[1] ?? "");
  if (parts === null || state === undefined) return notUnderstood;
  const to =
    parts[4] === undefined ? undefined : { node: nodeName(parts[4]), generation: generation(Number(parts[5])) };
  const failed = parts[3] === "!" ? "start" : parts[3] === "?" ? "died" : undefined;
  return { state, term: term(Number(parts[2])), failed, to };
}

/** @returns whether this state means that the node may answer for the group's addresses or run its services. */
export function isHolding(state: ReportedState): boolean {
  return state !== "idle" && state !== "granted";
}
