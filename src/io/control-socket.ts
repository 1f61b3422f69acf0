import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { findGroup } from "./accounts.js";
import { type PeerCredentials, peerCredentials } from "./peer-credentials.js";

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

const mostClients = 64;
/** A client that does not read this many bytes is cut off. */
const mostUnread = 4 * 1024 * 1024;

/** Opens the socket. Throws when the directory cannot be made or the path is taken by a living daemon. */
export function startControlServer(settings: ControlServerSettings): ControlServer {
  const operators = findGroup("haclient");
  prepareDirectory(settings.path, operators);
  const clients = new Set<Socket>();
  const server: Server = createServer((client) => {
    if (clients.size >= mostClients) {
      client.destroy();
      return;
    }
    clients.add(client);
    client.once("close", () => clients.delete(client));
    serve(client, settings);
  });
  server.on("error", () => {});
  server.listen(settings.path, () => openToAll(settings.path));
  return {
    close() {
      server.close();
      for (const client of clients) client.end();
    },
  };
}

/** Everybody may connect: what he may do is decided by who he is. */
function openToAll(path: string): void {
  try {
    chmodSync(path, 0o666);
  } catch {
    // Closed again already.
  }
}

function prepareDirectory(path: string, operators: number | undefined): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
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

function serve(client: Socket, settings: ControlServerSettings): void {
  const credentials = peerCredentials(client);
  if (!credentials.ok) {
    client.destroy();
    return;
  }
  const asker = askerOf(credentials.value);
  const ends: (() => void)[] = [];
  let unfinished = "";
  const reply = (line: string): void => {
    if (client.destroyed) return;
    if (client.writableLength > mostUnread) client.destroy();
    else client.write(`${line}\n`);
  };
  client.setEncoding("utf8");
  client.on("error", () => {});
  client.on("data", (text: string) => {
    unfinished += text;
    for (let end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n")) {
      const done = settings.onLine(unfinished.slice(0, end), asker, reply);
      if (done !== undefined) ends.push(done);
      unfinished = unfinished.slice(end + 1);
    }
    if (unfinished.length > settings.longestLine) client.destroy();
  });
  client.once("close", () => {
    for (const end of ends) end();
  });
}
