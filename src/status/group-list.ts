import type { GroupSnapshot, Snapshot } from "../control/snapshot.js";
import { cut, type Line, line, piece, type Tone } from "./line.js";
import { fitted, plain, spoken, wrapped } from "./words.js";

/**
 * Groups are named by their first resource, which is long (`IPaddr::172.30.105.201/24/ens38`), so each takes two or three
 * lines instead of a row: who holds it, why, and what it consists of when that is more than its name says.
 */
export function groupList(snapshot: Snapshot, width: number): Line[] {
  if (snapshot.groups.length === 0) return [line("(haresources names no group)", "dim")];
  return snapshot.groups.flatMap((group) => groupLines(group, snapshot, width));
}

const indent = "    ";

function groupLines(group: GroupSnapshot, snapshot: Snapshot, width: number): Line[] {
  const holder = holderText(group, snapshot);
  const room = Math.max(12, width - holder.length - 2);
  const name = fitted(plain(group.name), room);
  const head: Line = [
    piece(`${name}${" ".repeat(Math.min(40, room) - Math.min(40, room, name.length))}  `),
    piece(holder, toneOf(group, snapshot)),
  ];
  const [first, ...others] = group.resources;
  const rest = first === group.name ? others : group.resources;
  return [
    cut(head, width),
    ...wrapped(reason(group), width - indent.length).map((text) => line(indent + text, "dim")),
    ...(rest.length === 0
      ? []
      : wrapped(`then: ${rest.map(plain).join(" ")}`, width - indent.length).map((text) => line(indent + text, "dim"))),
  ];
}

const holderText = (group: GroupSnapshot, snapshot: Snapshot): string => {
  if (group.holder === null) return "NOBODY holds it";
  return `held by ${plain(group.holder)}${group.holder === snapshot.node ? " (here)" : ""}`;
};

/** A group that is away from its preferred node is a thing to know, not a fault. */
function toneOf(group: GroupSnapshot, snapshot: Snapshot): Tone {
  if (group.state === "failed" || group.state === "stuck") return "bad";
  if (group.holder === null) return snapshot.phase === "starting" ? "doubtful" : "bad";
  return group.holder === group.owner ? "good" : "doubtful";
}

function reason(group: GroupSnapshot): string {
  const since = group.since === null ? "" : ` for ${spoken(group.since)}`;
  const why = group.because === "" ? "" : ` (${plain(group.because)})`;
  return `here: ${plain(group.state)}${since}${why}; prefers ${plain(group.owner)}; term ${group.term}${policy(group)}`;
}

/** Heartbeat's own rule goes without saying. */
function policy({ policy: name, lease }: GroupSnapshot): string {
  if (name === undefined || name === "takeover-on-silence") return "";
  if (lease === undefined) return `; policy ${plain(name)}`;
  const has = lease.remaining === null ? `lease of ${plain(lease.by ?? "nobody")}` : `lease ${spoken(lease.remaining)}`;
  return `; policy ${plain(name)}, ${has}`;
}
