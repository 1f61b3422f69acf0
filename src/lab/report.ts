/** The probe's findings as one line each, for people. */
import type { Finding } from "./probe-run.js";

/** Wall-clock time of a monotonic instant, to the millisecond. */
function clock(at: number): string {
  const age = Number(process.hrtime.bigint()) / 1e6 - at;
  return new Date(Date.now() - age).toISOString().slice(11, 23);
}

const ms = (value: number) => `${value.toFixed(0)} ms`;

/** Undefined for what is not worth a line: announcements come several times a second while an address is held. */
export function describeFinding(finding: Finding): string | undefined {
  switch (finding.type) {
    case "announcement":
      return undefined;
    case "change":
      return `${clock(finding.at)}  ${finding.address} is answered by ${finding.to}${finding.from ? ` (was ${finding.from})` : ""}`;
    case "gap": {
      const asleep = finding.asleep > 1 ? `, of which the client itself slept ${ms(finding.asleep)}` : "";
      const who = finding.before === finding.after ? finding.after : `${finding.before} -> ${finding.after}`;
      return `${clock(finding.start)}  ${finding.address} gap of ${ms(finding.length)} (${finding.lost} unanswered) ${who}${asleep}`;
    }
    case "twoHolders": {
      const who = finding.macs.join(" and ");
      if (!finding.over) return `${clock(finding.from)}  ${finding.address} TWO HOLDERS: ${who}`;
      return `${clock(finding.to)}  ${finding.address} two holders (${who}) for ${ms(finding.to - finding.from)}`;
    }
  }
}
