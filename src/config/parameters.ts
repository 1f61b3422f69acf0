import type { Timing } from "../core/settings.js";
import type { HaCf } from "./ha-cf.js";
import { parameterTable } from "./parameter-table.js";

/** Defaults as the original shows them to scripts (resources.md 2.1) and to `cl_status hbparameter`. */
const defaults = parameterTable.flatMap(({ name, standard }) =>
  standard === undefined ? [] : [[name, standard] as const],
);

/** @returns every single-valued directive: as written where it was written (`5`, not `5000`), computed times with `ms`. */
export function parametersOf(
  { singles, environment }: HaCf,
  timing: Timing,
  port: number,
): ReadonlyMap<string, string> {
  // `crm` is the older name of the same switch, and none of its own.
  const nameOf = (name: string): string => (name === "crm" ? "pacemaker" : name);
  const written = Object.entries(singles).map(([name, given]) => [nameOf(name), given.word.text] as const);
  const computed = (["keepalive", "deadtime", "warntime", "initdead", "deadping"] as const).map(
    (name) => [name, `${timing[name]}ms`] as const,
  );
  return new Map([...defaults, ["udpport", String(port)], ...computed, ...written, ...environment]);
}
