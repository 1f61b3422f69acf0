import type { Config } from "../config/config.js";
import { isHere } from "../core/group.js";
import type { NodeState } from "../core/node-state.js";
import { deathNotice } from "../core/outbox.js";
import { after, type Duration, type Instant } from "../core/time.js";
import type { VirtualAddress } from "../ports/addresses.js";
import type { Clock } from "../ports/clock.js";
import type { Guardian } from "../ports/guardian.js";
import type { Codec } from "../wire/codec.js";

/** Keeps the guardian informed: that we live, what we hold, and what to tell the peers when we do not. */
export interface Watch {
  /**
   * Called before what a turn decided is done. What is about to be put on is told first: a daemon that dies right after it has put an address on
   * must not leave an address behind that its guardian has never heard of.
   */
  before(state: NodeState, present: readonly VirtualAddress[]): void;
  /** What is held may be held for so long from `at` on, and no filter in the kernel ends it then. */
  allow(remaining: Duration, at: Instant): void;
  /** Called after each turn. */
  after(state: NodeState, present: readonly VirtualAddress[]): void;
  /** The keys have changed: what the guardian would tell the peers is signed anew. */
  renew(): void;
}

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly guardian: Guardian;
  readonly codec: Codec;
}

export function createWatch({ config, clock, guardian, codec }: Parts): Watch {
  let beatTicked: Instant | undefined;
  let told = "";
  let groups: NodeState["groups"] | undefined;
  let allowed: Instant | undefined;

  // Ticks go with heartbeats: the peers' patience with us and the guardian's begin at the same instant.
  const tick = ({ nextBeat }: NodeState): void => {
    if (nextBeat === beatTicked) return;
    beatTicked = nextBeat;
    guardian.tick();
  };

  const tell = (state: NodeState, present: readonly VirtualAddress[]): void => {
    const addresses = addressesOf(state, config, present);
    const scripts = runningScripts(state, config);
    const key = [sessionKey(state), ...addresses.map((address) => address.address), ...scripts].join("\n");
    if (key === told) return;
    told = key;
    const notice = codec.encode(deathNotice(state, clock.wall()), "configured");
    guardian.hold({ addresses, scripts, deathNotice: hex(notice) });
  };

  return {
    renew() {
      told = "";
    },
    allow(remaining, at) {
      const until = Number.isFinite(remaining) ? after(at, remaining) : undefined;
      if (until === allowed) return;
      allowed = until;
      guardian.allow(until);
    },
    before(state, present) {
      if (state.groups !== groups) tell(state, present);
      groups = state.groups;
    },
    after(state, present) {
      tick(state);
      tell(state, present);
    },
  };
}

/** What the notice proves itself with: it is signed anew when a nonce changes. */
function sessionKey(state: NodeState): string {
  return [state.nonce, ...[...state.peers.values()].map((peer) => `${peer.session.nonce}`)].join(" ");
}

/** @returns the addresses that are on, and those of groups that are being started, these last. */
function addressesOf(state: NodeState, config: Config, present: readonly VirtualAddress[]): readonly VirtualAddress[] {
  const coming = config.groups.flatMap((group, index) => {
    const name = config.settings.groups[index]?.name;
    const isComing = name !== undefined && state.groups.get(name)?.holding.kind === "acquiring";
    if (!isComing) return [];
    return group.resources.flatMap((resource) => (resource.kind === "address" ? [resource.address] : []));
  });
  return [...present, ...coming.filter((address) => !present.includes(address))];
}

/** @returns the scripts of the groups that are here, in the order in which they must be stopped. */
function runningScripts(state: NodeState, config: Config): readonly string[] {
  const scripts: string[] = [];
  for (const [index, group] of config.groups.entries()) {
    const name = config.settings.groups[index]?.name;
    const held = name === undefined ? undefined : state.groups.get(name);
    if (held === undefined || !isHere(held)) continue;
    for (const resource of [...group.resources].reverse()) if (resource.kind === "script") scripts.push(resource.text);
  }
  return scripts;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
