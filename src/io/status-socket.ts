/** A Unix socket that shows one document to whoever connects, and hangs up. */
import { mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { dirname } from "node:path";

export interface StatusSocket {
  close(): void;
}

/** More connections at the same time are refused. */
const mostClients = 16;
/** One that does not read is cut off after so many milliseconds. */
const patience = 5_000;

/** @returns the open socket, or why it cannot be opened; nobody else's is taken away. */
export async function openStatusSocket(path: string, document: () => string): Promise<StatusSocket | string> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    if (await isAnswered(path)) return `${path}: somebody else answers there`;
    rmSync(path, { force: true });
    const server = await listening(path, document);
    return {
      close() {
        server.close();
        rmSync(path, { force: true });
      },
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function listening(path: string, document: () => string): Promise<Server> {
  const server = createServer((client) => {
    client.on("error", () => {});
    client.setTimeout(patience, () => client.destroy());
    client.resume();
    client.end(document());
  });
  server.maxConnections = mostClients;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.off("error", reject);
      server.on("error", () => {});
      resolve(server);
    });
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(path, () => {
      client.destroy();
      resolve(true);
    });
    client.on("error", () => resolve(false));
  });
}
