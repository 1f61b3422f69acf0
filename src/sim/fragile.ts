import type { Addresses } from "../ports/addresses.js";
import type { Guardian } from "../ports/guardian.js";
import type { Scripts } from "../ports/scripts.js";

/**
 * Ports of a daemon that may die at any moment: before each call somebody is told, and may throw. So a crash falls between any two things
 * that a daemon does to the outside, not only between two events.
 */
type Touch = () => void;

/** What a dying daemon throws out of its own call. */
export class Crash extends Error {}

export function fragileAddresses(addresses: Addresses, touch: Touch): Addresses {
  const { add, remove, announce } = wrap(touch, addresses, ["add", "remove", "announce"]);
  return { add, remove, announce, has: (address) => addresses.has(address) };
}

export function fragileScripts(scripts: Scripts, touch: Touch): Scripts {
  const { run, abandon } = wrap(touch, scripts, ["run", "abandon"]);
  return { run, abandon, onFinished: (listener) => scripts.onFinished(listener) };
}

export function fragileGuardian(guardian: Guardian, touch: Touch): Guardian {
  const { tick, allow, hold, fenceSelf } = wrap(touch, guardian, ["tick", "allow", "hold", "fenceSelf"]);
  return { tick, allow, hold, fenceSelf, farewell: () => guardian.farewell() };
}

type Call = (...words: never[]) => unknown;

/** @returns these calls of the port, each with a touch before it. */
function wrap<Port, Name extends keyof Port>(touch: Touch, port: Port, names: readonly Name[]): Pick<Port, Name> {
  const touched = names.map((name) => {
    const call = (port[name] as Call).bind(port);
    const wrapped = (...words: never[]): unknown => {
      touch();
      return call(...words);
    };
    return [name, wrapped] as const;
  });
  return Object.fromEntries(touched) as Pick<Port, Name>;
}
