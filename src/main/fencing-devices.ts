import type { StonithConfig } from "../config/config.js";
import { isAgent } from "../config/fencing.js";
import type { FencingDeviceSettings } from "../io/runner-protocol.js";

/** @returns what the script runner must know of the devices of ha.cf. */
export function fencingDevices(stonith: readonly StonithConfig[]): readonly FencingDeviceSettings[] {
  return stonith.map((line) => ({
    kind: isAgent(line.type) ? "agent" : "plug-in",
    type: line.type,
    parameters: line.kind === "file" ? { file: line.file } : line.params,
  }));
}
