/**
 * The language of fence agents (FenceAgentAPI): `key=value` lines on standard input, the answer in the exit code. Which plug of the device
 * a node hangs on is said as Pacemaker's users know it: `pcmk_host_map=master1:3;master2:4`, `pcmk_host_list=master1,master2`, or
 * `plug=`/`port=` for a device that serves one node; without any of them the plug has the node's name.
 */
export type AgentAction = "reboot" | "off" | "on" | "status";

/** @returns the parameters, by name; comments and lines without `=` are skipped. */
export function agentParameters(words: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf("=");
    const name = word.slice(0, Math.max(0, equals)).trim();
    if (name !== "" && !name.startsWith("#")) given.set(name, word.slice(equals + 1).trim());
  }
  return given;
}

/** @returns the plug of the node; `undefined` when the device does not serve it. */
export function plugOf(given: ReadonlyMap<string, string>, node: string): string | undefined {
  const map = given.get("pcmk_host_map");
  const list = given.get("pcmk_host_list");
  const mapped = map?.split(/[;,\s]+/).find((entry) => entry.toLowerCase().startsWith(`${node.toLowerCase()}:`));
  if (mapped !== undefined) return mapped.slice(mapped.indexOf(":") + 1);
  if (list?.split(/[;,\s]+/).some((name) => name.toLowerCase() === node.toLowerCase()))
    return given.get("plug") ?? given.get("port") ?? node;
  if (map !== undefined || list !== undefined) return undefined;
  return given.get("plug") ?? given.get("port") ?? node;
}

/** @returns what the agent reads. A newline in a value cannot occur: values are read from lines. */
export function agentInput(
  given: ReadonlyMap<string, string>,
  { action, plug, node }: { readonly action: AgentAction; readonly plug: string; readonly node: string },
): string {
  const own = new Set(["action", "plug", "port", "nodename", "pcmk_host_map", "pcmk_host_list"]);
  const rest = [...given].filter(([name]) => !own.has(name));
  const all = [...rest, ["action", action], ["plug", plug], ["nodename", node]];
  return all.map(([name, value]) => `${name}=${value}\n`).join("");
}
