import type { ArbiterConfig } from "./config.js";

/** @returns the arbiter as people write it: `witness 172.30.105.9:7694`, `disk /dev/sdb1`. */
export function arbiterText(arbiter: ArbiterConfig): string {
  if (arbiter.kind === "disk") return `disk ${arbiter.path}`;
  const { address, port } = arbiter;
  return `witness ${address.includes(":") ? `[${address}]` : address}:${port}`;
}
