/** A power switch for lab nodes: what fencing tests let their devices pull. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";

/** The power switch: as long as it runs, whoever is named in a node's /run/switch loses power, for real. */
export function powerSwitch(lab: Lab): { readonly cut: string[]; stop(): Promise<void> } {
  const cut: string[] = [];
  let running = true;
  const watch = async (): Promise<void> => {
    while (running) {
      for (const node of lab.nodes.filter((one) => one.hasPower)) await obey(node).catch(() => undefined);
      await sleep(50);
    }
  };
  const obey = async (node: Node): Promise<void> => {
    const name = (await node.run("cat /run/switch 2>/dev/null && rm -f /run/switch", { timeout: 5_000 })).stdout.trim();
    if (name === "") return;
    cut.push(`${name} by ${node.name}`);
    if (lab.node(name).hasPower) await lab.node(name).crash();
    await node.run("touch /run/switched");
  };
  const watching = watch();
  return {
    cut,
    stop: () => {
      running = false;
      return watching;
    },
  };
}
