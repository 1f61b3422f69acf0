import { createHash } from "node:crypto";
import type { Config } from "../config/config.js";
import { addressLifetime, deadManLimit } from "../core/dead-man.js";
import type { DeadManSettings } from "../io/dead-man.js";
import { ipBytes } from "../io/ip-bytes.js";

/** The upper half of our packet marks, "HB"; the lower half tells the nodes of one network namespace from each other. */
const markOfHeartbeat = 0x48420000;

/** @returns the name of the tables of the node that lives below this root directory: nodes that share a kernel (in tests) have their own. */
export function deadManName(root: string): string {
  return root === "" ? "heartbeat" : `heartbeat_${digestOf(root).toString("hex", 0, 4)}`;
}

const digestOf = (root: string): Buffer => createHash("sha256").update(root).digest();

/** @returns what the dead-man's switch of this configuration is to be. */
export function deadManSettings(config: Config, root: string): DeadManSettings {
  const { timing, arbitration } = config.settings;
  const limit = deadManLimit(timing, arbitration);
  const addresses = config.groups.flatMap(({ resources }) =>
    resources.flatMap((one) => (one.kind === "address" ? [one.address] : [])),
  );
  const bytesOf = (family: "ipv4" | "ipv6"): readonly Uint8Array[] => {
    const texts = new Set(addresses.filter((one) => one.family === family).map((one) => one.address));
    return [...texts].flatMap((text) => ipBytes(family, text) ?? []);
  };
  const mark = markOfHeartbeat + (root === "" ? 1 : digestOf(root).readUInt16BE(4) | 1);
  return {
    rules: { name: deadManName(root), mark, limit: limit ?? 0, ipv4: bytesOf("ipv4"), ipv6: bytesOf("ipv6") },
    noFilter: noFilterBecause(config, limit === undefined),
    spans:
      config.deadMan === "off"
        ? undefined
        : { filtered: addressLifetime(timing, true), alone: addressLifetime(timing, false) },
    deadtime: timing.deadtime,
  };
}

function noFilterBecause({ deadMan }: Config, isTooShort: boolean): string | undefined {
  if (deadMan !== "on") return `dead_man ${deadMan} in ha.cf`;
  return isTooShort ? "deadtime is shorter than 3 × keepalive or 40 ms, or lease_time than 2 × keepalive" : undefined;
}
