import type { FencingSettings } from "../core/settings.js";
import { type Duration, seconds } from "../core/time.js";
import type { StonithConfig } from "./config.js";
import type { GivenSingles } from "./singles.js";

/** A reset that waits for a person may take as long as that person needs. */
const operatorsPatience = seconds(86_400);

/** @returns what the core must know of the devices: how they are called, how long they may take. Their parameters stay here. */
export function fencingOf(
  stonith: readonly StonithConfig[],
  singles: GivenSingles,
  order: Pick<FencingSettings, "levels" | "priority">,
): FencingSettings {
  const timeout = singles.fence_timeout?.value ?? seconds(60);
  return {
    devices: stonith.map(({ type }) => ({ text: deviceName(type), timeout: timeoutOf(type, timeout) })),
    ...order,
    retryPause: singles.fence_retry?.value ?? seconds(5),
    delay: singles.fence_delay?.value ?? seconds(5),
  };
}

const deviceName = (type: string): string => (isAgent(type) ? type : `stonith ${type}`);
const timeoutOf = (type: string, timeout: Duration): Duration => (type === "meatware" ? operatorsPatience : timeout);

/** @returns whether the type is a fence agent (`fence_ipmilan`) and not a plug-in of cluster-glue; our own extension. */
export const isAgent = (type: string): boolean => type.startsWith("fence_");
