import type { ArbitrationSettings } from "../core/arbitration.js";
import { addressLifetime, deadManLimit } from "../core/dead-man.js";
import type { Timing } from "../core/settings.js";
import type { HaCf } from "./ha-cf.js";
import { fault, type Report } from "./report.js";
import { wholeFile } from "./source.js";

/** Says where the kernel cannot make this host mute before the peers take over, the times being what they are. */
export function checkDeadMan(
  { singles, unread }: HaCf,
  { timing, arbitration }: { readonly timing: Timing; readonly arbitration: ArbitrationSettings },
  report: Report,
): void {
  if (unread.has("deadtime") || unread.has("keepalive") || unread.has("dead_man")) return;
  const { keepalive, deadtime } = timing;
  const wish = singles.dead_man?.value ?? "on";
  // Less than 3 × keepalive has a warning of its own, which asks for the same.
  const isSaid = singles.dead_man === undefined && deadtime < 3 * keepalive;
  const isCoarse = wish === "lifetime" || (wish === "on" && deadManLimit(timing, arbitration) === undefined);
  const { goneWithin } = addressLifetime(timing, false);
  if (!isCoarse || isSaid || goneWithin <= deadtime) return;
  const place = singles.dead_man?.word ?? singles.deadtime?.word ?? wholeFile;
  const text = `deadtime (${deadtime} ms) is too short for the dead-man's switch in this form: addresses of a hung host end by themselves after up to ${goneWithin} ms, and until then both hosts answer.`;
  const hint =
    wish === "lifetime"
      ? "Write dead_man on (it needs nftables in the kernel), or a longer deadtime."
      : `Write a deadtime of at least ${leastTimes(timing, arbitration)}.`;
  report.warn(place, fault("dead-man-slow", text, hint));
}

/** @returns from which times on the filter can be had. */
function leastTimes({ deadtime }: Timing, { leaseTime }: ArbitrationSettings): string {
  const lease =
    leaseTime !== undefined && leaseTime < deadtime ? ", and a lease_time of at least 2 × keepalive and 40ms" : "";
  return `3 × keepalive and 40ms${lease}`;
}
