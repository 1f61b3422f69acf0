import { Socket } from "node:net";
import type { Guardian, Holdings } from "../ports/guardian.js";
import { guardianDescriptor, longestReport, type WardReport, wardOrder } from "./guardian-protocol.js";
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
  onStop(listener: () => void): void;
  onReload(listener: () => void): void;
  onDebug(listener: (change: 1 | -1) => void): void;
  onGuardianLost(listener: () => void): void;
  /** Writes what is queued, then closes. Settles within `limit` milliseconds. */
  close(limit: number): Promise<void>;
}

/** More than this unread by the guardian (it is stopped, or hung): ticks are dropped until it reads again. */
const mostUnread = 64 * 1024;

/** Opens the pipe that the guardian left at descriptor 3, and takes the signals. @throws when there is no such pipe. */
export function openGuardianLink(descriptor = guardianDescriptor): GuardianLink {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: true });
  const listeners = { stop: nobody, reload: nobody, debug: (_: 1 | -1) => {}, lost: nobody };
  let unsaid: Holdings | undefined;
  let farewellSaid = false;
  const say = (report: WardReport): boolean => writeObject(pipe, report, mostUnread);
  pipe.on("error", () => {});
  pipe.on("drain", () => {
    if (unsaid !== undefined && say({ type: "hold", holdings: unsaid })) unsaid = undefined;
  });
  pipe.once("close", () => {
    if (!farewellSaid) listeners.lost();
  });
  const obey = (order: string | undefined): void => {
    if (order === "stop") listeners.stop();
    if (order === "reload") listeners.reload();
    if (order === "moreDebug") listeners.debug(1);
    if (order === "lessDebug") listeners.debug(-1);
  };
  readObjects(pipe, longestReport, (value) => obey(wardOrder(value)?.type));
  process.on("SIGTERM", () => obey("stop"));
  process.on("SIGHUP", () => obey("reload"));
  process.on("SIGUSR1", () => obey("moreDebug"));
  process.on("SIGUSR2", () => obey("lessDebug"));
  for (const harmless of ["SIGINT", "SIGPIPE", "SIGALRM"] as const) process.on(harmless, () => {});
  return {
    tick: () => void say({ type: "tick" }),
    hold(holdings) {
      // Unlike a tick this must arrive: it is kept until the guardian reads again.
      unsaid = say({ type: "hold", holdings }) ? undefined : holdings;
    },
    farewell() {
      farewellSaid = true;
      say({ type: "farewell" });
    },
    ready: () => void say({ type: "ready" }),
    startFailed: (text) => void say({ type: "startFailed", text }),
    onStop(listener) {
      listeners.stop = listener;
    },
    onReload(listener) {
      listeners.reload = listener;
    },
    onDebug(listener) {
      listeners.debug = listener;
    },
    onGuardianLost(listener) {
      listeners.lost = listener;
    },
    close: (limit) => closed(pipe, limit),
  };
}

const nobody = (): void => {};

function closed(pipe: Socket, limit: number): Promise<void> {
  return new Promise((done) => {
    const enough = setTimeout(done, limit);
    pipe.end(() => {
      clearTimeout(enough);
      done();
    });
  });
}
