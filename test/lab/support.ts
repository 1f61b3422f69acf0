/** What the lab's own tests share. */
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
