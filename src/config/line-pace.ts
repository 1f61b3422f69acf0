import type { Timing } from "../core/settings.js";
import type { MediumLine } from "./media.js";
import { fault, type Report } from "./report.js";

/**
 * A serial line is slow enough for arithmetic: ten bits per byte, a heartbeat of some hundred bytes per keepalive, and in a ring the
 * heartbeats of nearly all nodes on every cable. A line that is busy for more than half of the time has no room for the rest of the talk.
 */
export interface Talk {
  /** All nodes of the cluster. */
  readonly nodes: readonly string[];
  readonly groups: readonly unknown[];
  readonly timing: Pick<Timing, "keepalive">;
}

/** @returns how many bytes a heartbeat of ours has on a serial line, about; the longest names and the longest digest are assumed. */
export function heartbeatBytes({ nodes, groups }: Pick<Talk, "nodes" | "groups">): number {
  const longestName = Math.max(0, ...nodes.map((name) => name.length));
  return fixedPart + longestName + (nodes.length - 1) * (nonceLength + longestName) + groups.length * groupLength;
}

/** Head, end, digest and the fields whose length does not depend on the cluster. */
const fixedPart = 320;
/** ` name:` and 16 digits. */
const nonceLength = 18;
/** Eight digits of id, a letter, the term, a blank. */
const groupLength = 13;

const bitsPerByte = 10;
const mostBusy = 0.5;
/** Rates that every serial port has, for the hint. */
const betterRates = [19_200, 38_400, 57_600, 115_200];

/** Warns of serial lines whose speed does not go with keepalive. */
export function checkLinePace(media: readonly MediumLine[], talk: Talk, report: Report): void {
  const bytes = heartbeatBytes(talk);
  // A ring that is cut in one place is a chain: its lines carry the heartbeats of all nodes on one side.
  const voices = Math.max(1, talk.nodes.length - 1);
  const { keepalive } = talk.timing;
  const busyAt = (baud: number): number => (bytes * voices * bitsPerByte * 1000) / baud / keepalive;
  for (const { medium, device } of media) {
    if (medium.kind !== "serial" || busyAt(medium.baud) <= mostBusy) continue;
    const lasts = Math.round((bytes * bitsPerByte * 1000) / medium.baud);
    const percent = Math.round(busyAt(medium.baud) * 100);
    const better = betterRates.find((rate) => rate > medium.baud && busyAt(rate) <= mostBusy);
    const slower = `keepalive ${Math.ceil((keepalive * busyAt(medium.baud)) / mostBusy / 100) * 100}ms`;
    const ring = voices > 1 ? `, and those of ${voices} nodes go over it when the ring is cut` : "";
    report.warn(
      device,
      fault(
        "line-too-slow",
        `${device.text}: a heartbeat of about ${bytes} bytes takes ${lasts} ms at ${medium.baud} baud${ring}; with keepalive ${keepalive} ms the line is ${percent} % busy.`,
        `Write ${better === undefined ? "" : `baud ${better} above this line (on all nodes), or `}${slower}; what the line cannot carry in time is dropped.`,
      ),
    );
  }
}
