import type { ClientAuth, Config } from "../config/config.js";
import type { ClientRule } from "../daemon/clients/admission.js";
import { type ClientRegistry, createClientRegistry, type RegistryParts } from "../daemon/clients/registry.js";
import { findGroup, findUser } from "../io/accounts.js";
import { type ClientServer, startClientServer } from "../io/client-socket.js";
import type { OpenLog } from "../io/log.js";
import { facilityNumber } from "../io/log-lines.js";
import { CLIENT_LIMITS } from "../wire/refusal.js";

export interface ClientDoor {
  readonly registry: ClientRegistry;
  /** Clients may hang up by themselves for this many milliseconds; `then` is called when none is left. */
  close(patience: number, then: () => void): void;
  /** Clients keep their connections until this process ends; nothing is taken from them. */
  hush(): void;
}

/** What the door needs; the registry's other parts are made here. */
export interface DoorParts extends Pick<RegistryParts, "loop" | "snapshot" | "clock"> {
  readonly config: Config;
  readonly log: OpenLog;
  /** Path of the socket. */
  readonly path: string;
}

/**
 * The socket of the original's clients. It appears when the node is active, as theirs does: until then `cl_status` says that heartbeat is
 * stopped, and whoever starts ipfail by hand is told so.
 */
export function openClientDoor(parts: DoorParts): ClientDoor {
  const { config, loop, log, path } = parts;
  const rules = [...config.clientAuth].map(([client, auth]) => ruleOf(client, auth));
  const { facility } = config.logging;
  const number = facility === undefined ? undefined : facilityNumber(facility);
  const registry = createClientRegistry({ ...parts, rules, facility: number === undefined ? undefined : number * 8 });
  let server: ClientServer | undefined;
  let over = false;
  loop.onTurn(() => {
    if (server !== undefined || over || loop.state.phase.kind !== "active") return;
    server = startClientServer({
      path,
      longestFrame: CLIENT_LIMITS.bytes,
      onConnect: (connection) => registry.connect(connection),
      onFailure: (text) => log.line({ level: "ERROR", program: "heartbeat", text: `no clients can connect: ${text}` }),
    });
  });
  return {
    registry,
    close(patience, then) {
      over = true;
      if (server === undefined) then();
      else server.close(patience, then);
    },
    hush() {
      over = true;
      server?.hush();
    },
  };
}

/** Names become numbers once, at the start: later nobody may wait for a directory service. */
function ruleOf(client: string, { users, groups }: ClientAuth): ClientRule {
  const uids = users.flatMap((name) => numberOf(name, (text) => findUser(text)?.uid));
  const gids = groups.flatMap((name) => numberOf(name, findGroup));
  return { client, uids: new Set(uids), gids: new Set(gids) };
}

function numberOf(name: string, find: (name: string) => number | undefined): readonly number[] {
  const number = /^\d+$/.test(name) ? Number(name) : find(name);
  return number === undefined ? [] : [number];
}
