import type { Config } from "../config/config.js";
import type { Addresses } from "../ports/addresses.js";
import type { Log } from "../ports/log.js";

interface Parts {
  readonly config: Config;
  readonly addresses: Addresses;
  readonly log: Log;
}

/**
 * A new incarnation holds nothing. An address of haresources that is on this host all the same was left by processes that were killed all
 * at once; a peer may have it by now. It goes before the first heartbeat, which lets the host answer again (`ports/dead-man.ts`).
 */
export function withdrawLeftovers({ config, addresses, log }: Parts): void {
  for (const { resources } of config.groups) {
    for (const resource of resources) {
      if (resource.kind !== "address" || !addresses.has(resource.address)) continue;
      const outcome = addresses.remove(resource.address);
      const what = `${resource.address.address} was on this host before heartbeat started: left by a daemon that was killed, or configured by somebody`;
      log.line({
        level: outcome.ok ? "WARN" : "ERROR",
        program: "heartbeat",
        text: outcome.ok ? `${what}; withdrawn` : `${what}; it could not be withdrawn: ${outcome.why}`,
      });
    }
  }
}
