import type { Snapshot } from "../control/snapshot.js";
import { groupList } from "./group-list.js";
import { cut, emptyLine, type Line, line, piece, type Tone } from "./line.js";
import { linkTable, nodeTable } from "./node-table.js";
import { plain, spoken, wrapped } from "./words.js";

/** How a snapshot is shown. */
export interface View {
  /** Characters per line; lines are never longer. */
  readonly width: number;
  /** Add one line per link. */
  readonly links: boolean;
}

/** The whole picture of one node, for a terminal or a file: who is there, who holds what and why, what was refused. */
export function render(snapshot: Snapshot, view: View): Line[] {
  const { width } = view;
  const lines = [
    ...header(snapshot, width),
    ...alerts(snapshot, width),
    emptyLine,
    ...nodeTable(snapshot, width),
    ...(view.links ? [emptyLine, ...linkTable(snapshot, width)] : []),
    emptyLine,
    line("GROUPS", "dim"),
    ...groupList(snapshot, width),
    ...refusals(snapshot, width),
  ];
  return lines.map((one) => cut(one, width));
}

const phaseTone: Readonly<Record<Snapshot["phase"], Tone>> = {
  starting: "doubtful",
  active: "good",
  moving: "doubtful",
  stopping: "doubtful",
};

function header(snapshot: Snapshot, width: number): Line[] {
  const rest = `  holds ${snapshot.holds}  up ${spoken(snapshot.uptime)}  pid ${snapshot.processId}  `;
  const used = plain(snapshot.node).length + 2 + snapshot.phase.length + rest.length;
  return [
    [
      piece(plain(snapshot.node), "title"),
      piece("  "),
      piece(snapshot.phase, phaseTone[snapshot.phase]),
      piece(rest),
      piece(plain(snapshot.program).slice(0, Math.max(0, width - used)), "dim"),
    ],
    ...phaseLines(snapshot, width),
    ...deadManLines(snapshot, width),
    ...arbiterLines(snapshot),
  ];
}

function phaseLines(snapshot: Snapshot, width: number): Line[] {
  const { phaseReason, phaseRemaining } = snapshot;
  const limit = phaseRemaining === undefined ? "" : `at most ${spoken(phaseRemaining)} more`;
  const text = [plain(phaseReason), limit].filter((part) => part !== "").join("; ");
  return text === ""
    ? []
    : wrapped(`${snapshot.phase}: ${text}`, width - 2).map((part) => line(`  ${part}`, "doubtful"));
}

/** What the kernel does when no process of ours lives; in which form, and what is missing. */
function deadManLines({ deadMan }: Snapshot, width: number): Line[] {
  if (deadMan === undefined) return [];
  const { form, limit, lacking } = deadMan;
  const text = `dead-man's switch: ${form}${limit === null ? "" : ` ${spoken(limit)}`}`;
  if (lacking === null) return [line(`  ${text}`, "dim")];
  return wrapped(`${text} (${plain(lacking)})`, width - 2).map((part) => line(`  ${part}`, "doubtful"));
}

/** Who decides when the nodes cannot hear each other. */
function arbiterLines({ arbiter }: Snapshot): Line[] {
  if (arbiter === undefined) return [];
  const { text, leaseTime, silentFor } = arbiter;
  const silence = silentFor === null ? "" : `, does not answer for ${spoken(silentFor)}`;
  const words = `arbiter: ${plain(text)}, leases of ${spoken(leaseTime)}${silence}`;
  return [line(`  ${words}`, silentFor === null ? "dim" : "bad")];
}

function alerts(snapshot: Snapshot, width: number): Line[] {
  return snapshot.alerts.flatMap((alert) =>
    wrapped(plain(alert), width - 2).map((part, at) => line(`${at === 0 ? "! " : "  "}${part}`, "bad")),
  );
}

/** Counters stay zero in a healthy cluster; only the others are worth a line. */
function refusals(snapshot: Snapshot, width: number): Line[] {
  const counted = Object.entries(snapshot.counters).filter(([, count]) => count > 0);
  if (counted.length === 0) return [];
  const text = counted.map(([name, count]) => `${plain(name)} ${count}`).join(", ");
  return [emptyLine, line("COUNTED SINCE THE START", "dim"), ...wrapped(text, width).map((part) => line(part))];
}
