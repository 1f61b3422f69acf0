import { Socket } from "node:net";
import type { GroupSettings } from "../core/settings.js";
import type { Guardian, Holdings } from "../ports/guardian.js";
import {
  guardianDescriptor,
  type KeysInOrder,
  longestReport,
  type WardOrder,
  type WardReport,
  wardOrder,
} from "./guardian-protocol.js";
import { readObjects, writeObject } from "./json-lines.js";

/**
 * The daemon's side of the pipe to its guardian. Operators' signals arrive here, whether they were sent to the guardian (the
 * process of the pid file) or to the daemon itself. When the guardian dies nobody watches us any more: then
 * `onGuardianLost` is called, and the daemon should hand everything over and end.
 */
export interface GuardianLink extends Guardian {
  /** Configuration accepted, media open: whoever typed the command may go home. */
  ready(): void;
  /** The start failed; the text goes to whoever typed the command. End with a code other than 0 afterwards. */
  startFailed(text: string): void;
  /** Settles with the guardian's first word: the configuration to live by. */
  readonly beginning: Promise<Order<"begin">>;
  /** A successor's last word before it waits for the node. */
  prepared(format: number, groups: readonly GroupSettings[]): void;
  /** Settles when a successor gets the node. */
  readonly inheritance: Promise<string>;
  /** Settles when the pipe is closed, by whomever. */
  readonly closed: Promise<void>;
  /** Gives the node away. The guardian closes the pipe when it has it; its end is no loss any more. */
  bequeath(bequest: string): void;
  onStop(listener: () => void): void;
  onRekey(listener: (keys: KeysInOrder) => void): void;
  onRetire(listener: (groups: readonly GroupSettings[]) => void): void;
  onRetain(listener: () => void): void;
  onDebug(listener: (change: 1 | -1) => void): void;
  onGuardianLost(listener: () => void): void;
  /** Writes what is queued, then closes. Settles within `limit` milliseconds. */
  close(limit: number): Promise<void>;
}

type Order<Type extends WardOrder["type"]> = Extract<WardOrder, { type: Type }>;
type Listeners = { [Type in WardOrder["type"]]: (order: Order<Type>) => void };

/** More than this unread by the guardian (it is stopped, or hung): ticks are dropped until it reads again. */
const mostUnread = 64 * 1024;

/** Opens the pipe that the guardian left at descriptor 3, and takes the signals. @throws when there is no such pipe. */
export function openGuardianLink(descriptor = guardianDescriptor): GuardianLink {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: true });
  const listeners: Listeners = {
    ...{ stop: nobody, moreDebug: nobody, lessDebug: nobody, begin: nobody },
    ...{ rekey: nobody, retire: nobody, retain: nobody, succeed: nobody },
  };
  let onLost = nobody;
  // A stop or other keys may come while the daemon is still being put together.
  let stopAsked = false;
  listeners.stop = () => {
    stopAsked = true;
  };
  let keysGiven: KeysInOrder | undefined;
  listeners.rekey = ({ keys }) => {
    keysGiven = keys;
  };
  let unsaid: Holdings | undefined;
  let farewellSaid = false;
  const say = (report: WardReport): boolean => writeObject(pipe, report, mostUnread);
  pipe.on("error", () => {});
  pipe.on("drain", () => {
    if (unsaid !== undefined && say({ type: "hold", holdings: unsaid })) unsaid = undefined;
  });
  pipe.once("close", () => {
    if (!farewellSaid) onLost();
  });
  const obey = (order: WardOrder): void => {
    const listener = listeners[order.type] as (order: WardOrder) => void;
    listener(order);
  };
  const beginning = new Promise<Order<"begin">>((settle) => {
    listeners.begin = settle;
  });
  const inheritance = new Promise<string>((settle) => {
    listeners.succeed = ({ bequest }) => settle(bequest);
  });
  readObjects(pipe, longestReport, (value) => {
    const order = wardOrder(value);
    if (order !== undefined) obey(order);
  });
  process.on("SIGTERM", () => obey({ type: "stop" }));
  process.on("SIGHUP", () => void say({ type: "reloadWished" }));
  process.on("SIGUSR1", () => obey({ type: "moreDebug" }));
  process.on("SIGUSR2", () => obey({ type: "lessDebug" }));
  for (const harmless of ["SIGINT", "SIGPIPE", "SIGALRM"] as const) process.on(harmless, () => {});
  return {
    tick: () => void say({ type: "tick" }),
    allow: (until) => void say({ type: "allow", until: until ?? null }),
    hold(holdings) {
      // Unlike a tick this must arrive: it is kept until the guardian reads again.
      unsaid = say({ type: "hold", holdings }) ? undefined : holdings;
    },
    fenceSelf: (why) => void say({ type: "fenceSelf", why }),
    farewell() {
      farewellSaid = true;
      say({ type: "farewell" });
    },
    beginning,
    inheritance,
    closed: new Promise<void>((settle) => pipe.once("close", () => settle())),
    ready: () => void say({ type: "ready" }),
    startFailed: (text) => void say({ type: "startFailed", text }),
    prepared: (format, groups) => void say({ type: "prepared", format, groups }),
    bequeath(bequest) {
      farewellSaid = true;
      say({ type: "bequest", bequest });
    },
    onStop(listener) {
      listeners.stop = listener;
      if (stopAsked) setImmediate(listener);
    },
    onRekey(listener) {
      listeners.rekey = ({ keys }) => listener(keys);
      if (keysGiven !== undefined) listener(keysGiven);
    },
    onRetire(listener) {
      listeners.retire = ({ groups }) => listener(groups);
    },
    onRetain(listener) {
      listeners.retain = listener;
    },
    onDebug(listener) {
      listeners.moreDebug = () => listener(1);
      listeners.lessDebug = () => listener(-1);
    },
    onGuardianLost(listener) {
      onLost = listener;
    },
    close: (limit) => closedWithin(pipe, limit),
  };
}

const nobody = (): void => {};

function closedWithin(pipe: Socket, limit: number): Promise<void> {
  return new Promise((done) => {
    const enough = setTimeout(done, limit);
    pipe.end(() => {
      clearTimeout(enough);
      done();
    });
  });
}
