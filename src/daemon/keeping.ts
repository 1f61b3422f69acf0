import type { Addresses, AddressOutcome, VirtualAddress } from "../ports/addresses.js";
import type { Log } from "../ports/log.js";

/**
 * What is held stays held. Somebody may take an address away (`ip addr flush`, an interface that went down with its IPv6 addresses); the
 * kernel is asked every second, and what is missing is put back and announced (weaknesses.md B2) unless the core has doubts (`core/restoring.ts`).
 */
export interface Keeping {
  /** Puts the address back if it is not on its interface. */
  putBack(address: VirtualAddress, text: string): void;
  /** Looks at all of them; announces those that had to be put back, a few times, because the neighbours may have heard the thief. @returns those that are gone. */
  look(held: Iterable<readonly [string, VirtualAddress]>): readonly string[];
}

interface Parts {
  readonly addresses: Addresses;
  readonly log: Log;
}

const announcements = 3;

export function createKeeping({ addresses, log }: Parts): Keeping {
  /** Announcements still to be made. */
  const restored = new Map<string, number>();
  const losses = new Map<string, number>();

  const announceAgain = (address: VirtualAddress, text: string): void => {
    const left = restored.get(text) ?? 0;
    if (left > 0) addresses.announce(address);
    if (left > 1) restored.set(text, left - 1);
    else restored.delete(text);
  };

  return {
    putBack(address, text) {
      if (addresses.has(address)) return;
      const times = (losses.get(text) ?? 0) + 1;
      losses.set(text, times);
      const outcome = addresses.add(address);
      if (isWorthSaying(times)) tell(log, text, times, outcome);
      if (!outcome.ok) return;
      restored.set(text, announcements);
      announceAgain(address, text);
    },
    look(held) {
      const missing: string[] = [];
      for (const [text, address] of held)
        if (addresses.has(address)) announceAgain(address, text);
        else missing.push(text);
      return missing;
    },
  };
}

/** Whoever fights with us over an address must not fill the log: the first time, the tenth, the hundredth. */
const isWorthSaying = (times: number): boolean => /^10*$/.test(String(times));

function tell(log: Log, text: string, times: number, outcome: AddressOutcome): void {
  const often = times === 1 ? "" : ` (${times} times so far)`;
  const gone = `${text} was taken from its interface by somebody else; putting it back${often}`;
  log.line({ level: "WARN", program: "ResourceManager", text: gone });
  if (!outcome.ok) log.line({ level: "ERROR", program: "ResourceManager", text: `${text} start: ${outcome.why}` });
}
