import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { findGroup } from "./accounts.js";
import { lineReader } from "./json-lines.js";
import { type PeerCredentials, peerCredentials } from "./peer-credentials.js";
import { type Turns, takeTurns } from "./turns.js";

/**
 * The daemon's door for operators and tools: a unix socket with one line of text per request and per answer. Neither a slow reader nor
 * a chatty writer can make the daemon wait or grow: both lose their connection.
 */
export interface ControlServer {
  close(): void;
}

export interface ControlServerSettings {
  readonly path: string;
  /** Longest line from a client, in bytes. */
  readonly longestLine: number;
  /** A line came in. `reply` writes a line back; the returned function is called when the client hangs up. */
  readonly onLine: (line: string, asker: Asker, reply: (line: string) => void) => (() => void) | undefined;
}

export interface Asker {
  readonly uid: number;
  /** All groups, the supplementary ones included. */
  readonly groups: readonly number[];
}

/** All clients together, and those of them that are not root: so many curious users cannot lock the operator out. */
const mostClients = 64;
const mostUnprivileged = 32;
/** A client that does not read this many bytes is cut off. */
const mostUnread = 4 * 1024 * 1024;
/** A client with more than this many running watches is cut off. */
const mostWatches = 8;

/** Opens the socket. Throws when the directory cannot be made or the path is taken by a living daemon. */
export function startControlServer(settings: ControlServerSettings): ControlServer {
  const operators = findGroup("haclient");
  prepareDirectory(settings.path, operators);
  const clients = new Map<Socket, Asker>();
  const turns = takeTurns();
  const server: Server = createServer((client) => {
    const asker = askerAt(client);
    if (asker === undefined || !hasRoom(clients, asker)) {
      client.destroy();
      return;
    }
    clients.set(client, asker);
    client.once("close", () => clients.delete(client));
    serve({ client, asker, settings, turns });
  });
  server.on("error", () => {});
  server.listen(settings.path, () => makeMode(settings.path, 0o666));
  return {
    close() {
      server.close();
      for (const client of clients.keys()) client.end();
    },
  };
}

/** Everybody may connect: what he may do is decided by who he is. */
function makeMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch {
    // Closed again already, or somebody else's: then it is as it is.
  }
}

function prepareDirectory(path: string, operators: number | undefined): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  // A directory that was there may have been made under a narrow umask, or for the original, which let in only its group.
  makeMode(directory, 0o755);
  if (operators !== undefined && process.getuid?.() === 0) chownSync(directory, 0, operators);
  rmSync(path, { force: true });
}

/** The kernel tells the primary group with the connection; the others are in the process table (memory, no disk). */
function askerOf({ pid, uid, gid }: PeerCredentials): Asker {
  try {
    const [, text = ""] = /^Groups:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return { uid, groups: [gid, ...text.split(" ").filter(Boolean).map(Number)] };
  } catch {
    return { uid, groups: [gid] };
  }
}

function askerAt(client: Socket): Asker | undefined {
  const credentials = peerCredentials(client);
  return credentials.ok ? askerOf(credentials.value) : undefined;
}

function hasRoom(clients: ReadonlyMap<Socket, Asker>, asker: Asker): boolean {
  if (clients.size >= mostClients) return false;
  return asker.uid === 0 || [...clients.values()].filter(({ uid }) => uid !== 0).length < mostUnprivileged;
}

interface Conversation {
  readonly client: Socket;
  readonly asker: Asker;
  readonly settings: ControlServerSettings;
  readonly turns: Turns;
}

function serve({ client, asker, settings, turns }: Conversation): void {
  const reader = lineReader(settings.longestLine);
  const watches: (() => void)[] = [];
  const reply = (line: string): void => {
    if (client.destroyed) return;
    if (client.writableLength > mostUnread) client.destroy();
    else client.write(`${line}\n`);
  };
  const answer = (line: string): void => {
    if (client.destroyed) return;
    const end = settings.onLine(line, asker, reply);
    if (end !== undefined && watches.push(end) > mostWatches) client.destroy();
  };
  client.on("error", () => {});
  client.on("data", (piece: Buffer) => {
    const lines = reader.push(piece);
    if (lines === "too-long") return void client.destroy();
    if (lines.length === 0) return;
    // Nothing more is read until these are answered: what waits is never longer than one read.
    client.pause();
    const unanswered = lines.values();
    turns(() => {
      const { value: line, done } = unanswered.next();
      if (done === true || client.destroyed) client.resume();
      else answer(line);
      return done !== true && !client.destroyed;
    });
  });
  client.once("close", () => {
    for (const end of watches) end();
  });
}
