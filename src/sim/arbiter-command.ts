import { nodeName } from "../core/names.js";
import type { World } from "./world.js";

/** Does something to the arbiter, or to the way from one node to it. @throws RangeError when the words make no sense. */
export function changeArbiter({ arbiter, tally }: World, what: string, word: string): void {
  if (arbiter === undefined) throw new RangeError("this cluster has no arbiter");
  const node = nodeName(word);
  switch (what) {
    case "down":
    case "up":
      arbiter.down = what === "down";
      return;
    case "restart":
      return arbiter.loseMemory();
    case "cut":
    case "deaf":
    case "reached":
      return void arbiter.reach.set(node, what);
    case "slow":
      arbiter.slowness = Number(word);
      return;
    case "fail":
      return void arbiter.failing.add(node);
    case "mend":
      return void arbiter.failing.delete(node);
    case "poison":
      tally.note("machine poisoned over the disk");
      return arbiter.poison(node, "somebody");
    default:
      throw new RangeError(`an arbiter cannot ${what}`);
  }
}
