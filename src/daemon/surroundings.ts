import type { Config } from "../config/config.js";
import type { Effect } from "../core/effect.js";
import type { Fact } from "../core/event.js";
import { type GroupName, groupName } from "../core/names.js";
import type { VirtualAddress } from "../ports/addresses.js";
import type { Arbiter } from "../ports/arbiter.js";
import type { Guardian } from "../ports/guardian.js";
import type { Segment } from "../ports/segment.js";

/** Whom this node may hold anything by: the arbiter, the segment, the watchdog. */
export interface Surroundings {
  perform(effect: SurroundingEffect): void;
  /** Reads the answers that have come: before any silence is judged. */
  poll(): void;
}

export type SurroundingEffect = Extract<
  Effect,
  { type: "claimLeases" | "releaseLeases" | "askForAddresses" | "fenceSelf" }
>;

interface Parts {
  readonly config: Config;
  readonly arbiter?: Arbiter | undefined;
  readonly segment?: Segment | undefined;
  readonly guardian: Guardian;
}

/** @returns the hands for these effects; what the outside answers becomes a fact. */
export function createSurroundings(
  { config, arbiter, segment, guardian }: Parts,
  put: (fact: Fact) => void,
): Surroundings {
  const addresses = addressesByGroup(config);
  arbiter?.onAnswer((request, verdicts) => put({ type: "leasesAnswered", request, verdicts }));
  arbiter?.onPoison((by) => put({ type: "poisoned", by }));
  segment?.onAnswer((address, by) => {
    for (const [group, its] of addresses)
      if (its.some((one) => one.address === address.address)) put({ type: "addressAnswered", group, by });
  });
  return {
    poll: () => segment?.poll(),
    perform(effect) {
      switch (effect.type) {
        case "claimLeases":
          return arbiter?.claim(effect.request, effect.groups);
        case "releaseLeases":
          return arbiter?.release(effect.groups);
        case "askForAddresses":
          for (const address of addresses.get(effect.group) ?? []) segment?.ask(address);
          return;
        case "fenceSelf":
          return guardian.fenceSelf(effect.why);
      }
    },
  };
}

function addressesByGroup({ groups }: Config): ReadonlyMap<GroupName, readonly VirtualAddress[]> {
  return new Map(
    groups.map(({ name, resources }) => [
      groupName(name),
      resources.flatMap((one) => (one.kind === "address" ? [one.address] : [])),
    ]),
  );
}
