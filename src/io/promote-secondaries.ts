import { readFileSync, writeFileSync } from "node:fs";

const settingOf = (device: string): string => `/proc/sys/net/ipv4/conf/${device}/promote_secondaries`;

/**
 * Runs `work` while the interface promotes a secondary address when its primary is deleted, so that deleting the primary
 * takes nothing else along, and puts the setting back as it was. Where the setting cannot be written (a read-only /proc in a
 * container) `work` runs all the same: the caller looks afterwards whether something was lost.
 */
export function promotingSecondaries<T>(device: string, work: () => T): T {
  const before = read(device);
  if (before !== "0") return work();
  write(device, "1");
  try {
    return work();
  } finally {
    write(device, before);
  }
}

function read(device: string): string | undefined {
  try {
    return readFileSync(settingOf(device), "latin1").trim();
  } catch {
    return undefined;
  }
}

function write(device: string, value: string): void {
  try {
    writeFileSync(settingOf(device), value);
  } catch {
    // Said above: the caller checks.
  }
}
