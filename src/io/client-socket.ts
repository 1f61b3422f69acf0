import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { ClientConnection, ClientListener } from "../ports/local-clients.js";
import { framed, frameReader } from "./client-frames.js";
import { type PeerCredentials, peerCredentials } from "./peer-credentials.js";
import { takeTurns } from "./turns.js";

/**
 * The door for the original's clients: `cl_status`, `ipfail`, `ccm` and whatever else was written for heartbeat's library. Everybody may
 * connect; who may stay is decided by whoever `onConnect` names. No client can make the daemon wait or grow: one frame is looked at per turn
 * of the loop, and whoever does not read, sends what is no frame, or opens too many connections is cut off.
 */
export interface ClientServer {
  /** Nobody is let in any more. Who is there may hang up by himself for this many milliseconds; `then` is called when nobody is left. */
  close(patience: number, then: () => void): void;
  /** Nobody is let in or listened to any more, but nobody is hung up on either: until this process ends. */
  hush(): void;
}

export interface ClientServerSettings {
  readonly path: string;
  /** Longest message, in bytes. */
  readonly longestFrame: number;
  /** Milliseconds until a client must be welcome; ten seconds when left out. */
  readonly signOnLimit?: number;
  /** The socket cannot be opened, or serves nobody any more. */
  readonly onFailure: (text: string) => void;
  readonly onConnect: (connection: ClientConnection) => ClientListener;
}

const usualSignOnLimit = 10_000;
const mostConnections = 256;
/** Of one user: so a curious one cannot lock the others out. */
const mostOfOneUser = 64;
/** A client that leaves this many bytes unread is cut off. */
const mostUnread = 1024 * 1024;

/** Milliseconds for the last answer to be read. */
const lastWords = 1_000;

/** Opens the socket; what hinders it is told to `onFailure`. */
export function startClientServer(settings: ClientServerSettings): ClientServer {
  const { path } = settings;
  const clients = new Map<Socket, number>();
  const turns = takeTurns();
  const server = createServer((client) => {
    const credentials = peerCredentials(client);
    client.on("error", () => {});
    if (!credentials.ok || !hasRoom(clients, credentials.value.uid)) return void client.destroy();
    clients.set(client, credentials.value.uid);
    client.once("close", () => clients.delete(client));
    serve({ client, credentials: credentials.value, settings, turns });
  });
  server.on("error", (error) => settings.onFailure(error.message));
  // A daemon that passed its node on to this one may have left its socket behind.
  rmSync(path, { force: true });
  server.listen(path, () => openFor(path));
  return {
    close(patience, then) {
      const destroy = (): void => {
        for (const client of clients.keys()) client.destroy();
      };
      const hangUp = (): void => {
        for (const client of clients.keys()) client.end(() => client.destroy());
      };
      const timers = [setTimeout(hangUp, patience), setTimeout(destroy, patience + lastWords)];
      // Its callback waits for the last connection.
      server.close(() => {
        for (const timer of timers) clearTimeout(timer);
        then();
      });
    },
    hush() {
      server.close();
      for (const client of clients.keys()) client.pause();
    },
  };
}

/**
 * Takes the socket of a former daemon away, so that nobody knocks in vain, and makes the directory in which ccm opens a socket of its own.
 * For the start only: it may wait for the disk.
 */
export function prepareClientPlaces(
  path: string,
  owner: { readonly uid: number; readonly gid: number } | undefined,
): void {
  const ccm = join(dirname(path), "ccm");
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  mkdirSync(ccm, { recursive: true, mode: 0o750 });
  if (owner !== undefined && process.getuid?.() === 0) chownSync(ccm, owner.uid, owner.gid);
  rmSync(path, { force: true });
}

function openFor(path: string): void {
  try {
    chmodSync(path, 0o777);
  } catch {
    // Closed again already: then nobody needs it.
  }
}

function hasRoom(clients: ReadonlyMap<Socket, number>, uid: number): boolean {
  if (clients.size >= mostConnections) return false;
  return [...clients.values()].filter((other) => other === uid).length < mostOfOneUser;
}

interface Conversation {
  readonly client: Socket;
  readonly credentials: PeerCredentials;
  readonly settings: ClientServerSettings;
  readonly turns: ReturnType<typeof takeTurns>;
}

function serve({ client, credentials, settings, turns }: Conversation): void {
  const reader = frameReader(settings.longestFrame);
  const listener = settings.onConnect(connectionOf(client, credentials));
  const answerAll = (frames: Iterator<Uint8Array>): void =>
    turns(() => {
      const { value: frame, done } = client.destroyed ? { value: undefined, done: true } : frames.next();
      if (done === true || frame === undefined) {
        client.resume();
        return false;
      }
      const pause = listener.onFrame(frame);
      if (pause <= 0) return true;
      setTimeout(() => answerAll(frames), pause);
      return false;
    });
  client.on("data", (piece: Buffer) => {
    const frames = reader.push(piece);
    if (frames === "malformed") return void client.destroy();
    if (frames.length === 0) return;
    // Nothing more is read until these are answered: what waits is never longer than one read.
    client.pause();
    answerAll(frames.values());
  });
  // Anybody may knock; nobody may stand in the door until no other can come in.
  const impatience = setTimeout(
    () => listener.isWelcome() || client.destroy(),
    settings.signOnLimit ?? usualSignOnLimit,
  );
  client.once("close", () => {
    clearTimeout(impatience);
    listener.onClose();
  });
}

/** Its number may belong to somebody else by now; the process table is memory, no disk. */
function isStillThere({ pid, uid }: PeerCredentials): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === uid;
  } catch {
    return false;
  }
}

function signalTo(pid: number, number: number): void {
  try {
    process.kill(pid, number);
  } catch {
    // It has just ended, or the kernel knows no such signal.
  }
}

function connectionOf(client: Socket, credentials: PeerCredentials): ClientConnection {
  return {
    credentials,
    send(payload) {
      if (client.destroyed) return false;
      if (client.writableLength > mostUnread) {
        client.destroy();
        return false;
      }
      client.write(framed(payload));
      return true;
    },
    signal: (number) => void (number > 0 && isStillThere(credentials) && signalTo(credentials.pid, number)),
    close() {
      client.destroySoon();
      // Whoever does not read what was said last is not waited for.
      setTimeout(() => client.destroy(), lastWords).unref();
    },
  };
}
