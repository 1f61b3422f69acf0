/** What the lab's own tests share. */
import type { Original } from "../../src/lab/original.js";
import { availability, missingPrograms } from "../../src/lab/requirements.js";

/** The reason why no lab can be opened here, for node:test's `skip`; false if one can. Said aloud, because a skipped lab proves nothing. */
export function labSkip(programs: Readonly<Record<string, string>> = {}): string | false {
  const possible = availability();
  const missing = missingPrograms(programs);
  const reason = possible.kind === "unavailable" ? possible.reason : missing.join("; ");
  if (reason === "") return false;
  console.error(`*** LAB TESTS SKIPPED: ${reason}`);
  return reason;
}

/** What is long, and is played elsewhere too (docs/compatibility.md) or shows the original alone: only with LAB_ALL=1. */
export const isThorough = process.env["LAB_ALL"] !== undefined;

/** The reason to skip what is only played on demand; what is played is skipped for its own reasons. */
export const onDemand = (skip: string | false): string | false => (isThorough ? skip : "on demand only: LAB_ALL=1");

/**
 * The same for what needs the original beside ours, which the lab has said it can do.
 * @param title names the tests in the complaint. @param lab the lab's own reason, where a test asked for more programs.
 * @param more further reasons of the test's own; `undefined`: that one is no obstacle.
 */
export function originalSkip(
  title: string,
  original: Original,
  lab = labSkip(),
  more: readonly (string | undefined)[] = [],
): string | false {
  if (lab) return lab;
  const rootless = availability().kind === "rootless" ? "the original changes its user, which needs root" : undefined;
  const own = original.kind === "unavailable" ? original.reason : rootless;
  const reason = own ?? more.find((one) => one !== undefined);
  if (reason) console.error(`*** ${title} SKIPPED: ${reason}`);
  return reason ?? false;
}
