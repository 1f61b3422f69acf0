import type { Arbitration } from "./arbitration.js";
import type { GroupLine } from "./haresources.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";

/** Agents whose resource is destroyed by two nodes that have it at once. */
const storage: ReadonlySet<string> = new Set(["Filesystem", "drbddisk", "LVM", "Raid1", "iscsi", "ZFS"]);
const isStorage = (script: string): boolean => {
  const agent = script.split(":").at(-1) ?? "";
  return storage.has(agent) || agent.startsWith("LVM-");
};

/**
 * An address goes at once when the right to it ends; what needs longer may still be there when the next holder begins.
 * @param place where the arbiter is named
 */
export function warnOfStorage(
  place: Word,
  { groups, policyOf }: { readonly groups: readonly GroupLine[]; readonly policyOf: Arbitration["policyOf"] },
  report: Report,
): void {
  for (const { resources } of groups) {
    const name = resources[0]?.word.text ?? "";
    const { policy, takeoverDelay } = policyOf(name);
    const found = resources.find(({ resource }) => resource.kind === "script" && isStorage(resource.script));
    if (policy === "lease" && takeoverDelay === 0 && found !== undefined)
      report.warn(place, storageWithoutDelay(name, found.word.text));
  }
}

const storageWithoutDelay = (group: string, resource: string): Fault =>
  fault(
    "storage-without-delay",
    `${resource} of ${group} may still be in use on a node that lost its lease while the next one starts it.`,
    `Give it the time that it needs to stop: takeover_policy lease after 10s ${group}, and a watchdog line for when it does not.`,
  );
