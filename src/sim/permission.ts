import type { GroupSettings } from "../core/settings.js";
import { isHealthy } from "./health.js";
import type { Machine } from "./machine.js";
import { reachesPing } from "./split-watch.js";
import type { World } from "./world.js";

/**
 * Whether a healthy node owes its clients this group: it does when nothing that its takeover needs is missing. With all nodes well and heard
 * nothing is needed: the loss of an arbiter or of the ping nodes alone is no reason to be down.
 */
export function mayExpect(world: World, machine: Machine, { policy }: GroupSettings): boolean {
  if (isQuiet(world)) return true;
  if (policy === "manual") return false;
  if (policy === "lease") return world.arbiter?.isWell === true;
  const { settings, pings } = machine.config;
  if (!settings.arbitration.pingQuorum || pings.length === 0) return true;
  // Whom the others leave it to must reach one too.
  return world.machines.length > 2 ? world.machines.every(reachesPing) : reachesPing(machine);
}

function isQuiet({ machines, wires }: World): boolean {
  const { loss, damage, delay } = wires.weather;
  if (loss > 0 || damage > 0 || delay[1] > 50 || !machines.every(isHealthy)) return false;
  return machines.every((one) => machines.every((other) => one === other || !wires.isTorn(one.name, other.name)));
}
