import type { ArbitrationSettings } from "./arbitration.js";

/** What it takes to withdraw addresses, and the kernel's own ticks, in milliseconds. */
const handsTime = 5;

/** @returns for how many milliseconds a permission of this length on somebody else's clock may be used here. */
export function permittedFor(length: number, { clockDrift }: Pick<ArbitrationSettings, "clockDrift">): number {
  return length * (1 - 2 * clockDrift) - handsTime;
}
