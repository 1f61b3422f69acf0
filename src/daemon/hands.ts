import type { Config, GroupConfig, ResourceConfig } from "../config/config.js";
import type { Effect } from "../core/effect.js";
import type { Fact, ResourceOutcome } from "../core/event.js";
import { isHere } from "../core/group.js";
import type { GroupName } from "../core/names.js";
import type { NodeState } from "../core/node-state.js";
import type { Addresses, AddressOutcome, VirtualAddress } from "../ports/addresses.js";
import type { Log } from "../ports/log.js";
import type { Scripts } from "../ports/scripts.js";
import { createKeeping } from "./keeping.js";

/** Performs what concerns resources: addresses at once, scripts through their runner. Remembers which addresses are on. */
export interface Hands {
  perform(effect: ResourceEffect): void;
  /** The addresses that this daemon has put on. */
  present(): readonly VirtualAddress[];
  /** Looks whether they all are there still; what somebody took away becomes a fact. Some tens of microseconds for each. */
  look(): void;
}

export type ResourceEffect = Extract<
  Effect,
  { type: "operateResource" | "abandonOperation" | "announceGroup" | "withdrawAddresses" | "restoreAddresses" }
>;

interface Present {
  readonly group: GroupName;
  readonly address: VirtualAddress;
}

interface Parts {
  readonly config: Config;
  readonly addresses: Addresses;
  readonly scripts: Scripts;
  readonly log: Log;
  /** Where the original would have found the scripts of addresses: log watchers look for `Running <here>/IPaddr …`. */
  readonly resourceDir: string;
}

/** @param former the node whose work these hands go on with. */
export function createHands(parts: Parts, former: NodeState | undefined, put: (fact: Fact) => void): Hands {
  const groups = new Map<GroupName, GroupConfig>(
    parts.config.groups.map((group, index) => [
      parts.config.settings.groups[index]?.name ?? (group.name as GroupName),
      group,
    ]),
  );
  const present = former === undefined ? new Map<string, Present>() : presentIn(former, groups, parts.addresses);

  const keeping = createKeeping(parts);

  /** Put on since the last announcement, with the name of the script: the first one follows in the same turn, and nothing may delay it. */
  const fresh = new Map<string, string>();

  const operate = (effect: ResourceEffect & { type: "operateResource" }): void => {
    const resource = groups.get(effect.group)?.resources[effect.index];
    const { operation } = effect;
    if (resource === undefined) {
      put({ type: "resourceFinished", operation, outcome: { kind: "failed", why: "not-found" } });
    } else if (resource.kind === "address") {
      put({ type: "resourceFinished", operation, outcome: operateAddress(effect, resource) });
    } else {
      parts.scripts.run({ operation, text: resource.text, action: effect.action, timeout: effect.timeout });
    }
  };

  const operateAddress = (
    { group, action }: ResourceEffect & { type: "operateResource" },
    resource: ResourceConfig & { kind: "address" },
  ): ResourceOutcome => {
    const { address, text } = resource;
    if (action === "status" || action === "monitor")
      return { kind: parts.addresses.has(address) ? "running" : "stopped" };
    parts.log.line({
      level: "info",
      program: "ResourceManager",
      text: `Running ${parts.resourceDir}/${resource.agent} ${wordsOf(text)} ${action}`,
    });
    const outcome = action === "start" ? parts.addresses.add(address) : parts.addresses.remove(address);
    if (outcome.ok && action === "start") {
      present.set(text, { group, address });
      fresh.set(text, resource.agent);
    }
    if (outcome.ok && action === "stop") present.delete(text);
    return judge(outcome, `${text} ${action}`);
  };

  const judge = (outcome: AddressOutcome, what: string): ResourceOutcome => {
    if (outcome.ok) return { kind: "succeeded" };
    parts.log.line({ level: "ERROR", program: "ResourceManager", text: `${what}: ${outcome.why}` });
    return { kind: "failed", why: "refused" };
  };

  const withdraw = (group: GroupName): void => {
    for (const [text, entry] of present) {
      if (entry.group !== group) continue;
      const outcome = judge(parts.addresses.remove(entry.address), `${text} withdraw`);
      // What the kernel would not give up stays on the guardian's list.
      if (outcome.kind === "succeeded") present.delete(text);
    }
  };

  const announce = (group: GroupName): void => {
    for (const [text, entry] of present) {
      if (entry.group !== group) continue;
      const agent = fresh.get(text);
      fresh.delete(text);
      if (agent === undefined && !parts.addresses.has(entry.address)) {
        put({ type: "addressMissing", group });
        continue;
      }
      judge(parts.addresses.announce(entry.address), `${text} announce`);
      if (agent !== undefined) tellAnnounced(parts.log, agent, entry.address);
    }
  };

  const look = (): void => {
    const missing = keeping.look([...present].map(([text, entry]) => [text, entry.address] as const));
    const concerned = new Set(missing.flatMap((text) => present.get(text)?.group ?? []));
    for (const group of concerned) put({ type: "addressMissing", group });
  };

  const restore = (group: GroupName): void => {
    for (const [text, entry] of present) if (entry.group === group) keeping.putBack(entry.address, text);
  };

  return {
    look,
    present: () => [...present.values()].map((entry) => entry.address),
    perform(effect) {
      switch (effect.type) {
        case "operateResource":
          return operate(effect);
        case "abandonOperation":
          return parts.scripts.abandon(effect.operation);
        case "announceGroup":
          return announce(effect.group);
        case "withdrawAddresses":
          return withdraw(effect.group);
        case "restoreAddresses":
          return restore(effect.group);
      }
    },
  };
}

/** @returns the addresses of the groups that the node has here, as far as this host has them. */
function presentIn(
  { groups: former }: NodeState,
  groups: ReadonlyMap<GroupName, GroupConfig>,
  addresses: Addresses,
): Map<string, Present> {
  const present = new Map<string, Present>();
  for (const [group, { resources }] of groups) {
    const before = former.get(group);
    if (before === undefined || !isHere(before)) continue;
    for (const resource of resources)
      if (resource.kind === "address" && addresses.has(resource.address))
        present.set(resource.text, { group, address: resource.address });
  }
  return present;
}

/** The original's words in the debugfile, once for each acquisition: its BasicSanityCheck looks for them. Its IPv6 script has none. */
function tellAnnounced(log: Log, agent: string, { family, address, device }: VirtualAddress): void {
  if (family !== "ipv4") return;
  const where = device === undefined ? "" : ` on ${device}`;
  const text = `Sending Gratuitous Arp for ${address}${where}`;
  log.line({ level: "debug", program: `${agent}(${agent}_${address})`, text });
}

/** @returns the arguments as the original prints them behind the script's name: `172.30.105.201/24/ens38`. */
function wordsOf(text: string): string {
  const words = text.split("::");
  return (words.length > 1 ? words.slice(1) : words).join(" ");
}
