import type { Config } from "../config/config.js";
import { isHere } from "../core/group.js";
import type { NodeState } from "../core/node-state.js";
import { deathNotice } from "../core/outbox.js";
import type { Instant } from "../core/time.js";
import type { VirtualAddress } from "../ports/addresses.js";
import type { Clock } from "../ports/clock.js";
import type { Guardian } from "../ports/guardian.js";
import type { Codec } from "../wire/codec.js";

/** Keeps the guardian informed: that we live, what we hold, and what to tell the peers when we do not. */
export interface Watch {
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

  // Ticks go with heartbeats: the peers' patience with us and the guardian's begin at the same instant.
  const tick = ({ nextBeat }: NodeState): void => {
    if (nextBeat === beatTicked) return;
    beatTicked = nextBeat;
    guardian.tick();
  };

  return {
    renew() {
      told = "";
    },
    after(state, present) {
      tick(state);
      const scripts = runningScripts(state, config);
      const key = [sessionKey(state), ...present.map((address) => address.address), ...scripts].join("\n");
      if (key === told) return;
      told = key;
      const notice = codec.encode(deathNotice(state, clock.wall()), "configured");
      guardian.hold({ addresses: present, scripts, deathNotice: hex(notice) });
    },
  };
}

/** What the notice proves itself with: it is signed anew when a nonce changes. */
function sessionKey(state: NodeState): string {
  return [state.nonce, ...[...state.peers.values()].map((peer) => `${peer.session.nonce}`)].join(" ");
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
