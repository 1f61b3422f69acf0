import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControlAnswer, ControlRequest } from "../../src/control/protocol.js";

/** A real unix socket in a directory of its own that answers as the test says. The tools under test are real processes. */
export interface PretendDaemon {
  /** For `HEARTBEAT_ROOT`. */
  readonly root: string;
  readonly socket: string;
  /** Requests in the order of their arrival. */
  readonly requests: ControlRequest[];
  close(): Promise<void>;
}

export type Script = (request: ControlRequest, reply: (answer: ControlAnswer | string) => void) => void;

export function emptyRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "hb-cli-"));
  mkdirSync(join(root, "run/heartbeat"), { recursive: true });
  return root;
}

export async function pretendDaemon(script: Script): Promise<PretendDaemon> {
  const root = emptyRoot();
  const socket = join(root, "run/heartbeat/control");
  const requests: ControlRequest[] = [];
  const peers = new Set<Socket>();
  const server: Server = createServer((peer) => {
    peers.add(peer);
    peer.on("close", () => peers.delete(peer));
    peer.on("error", () => peer.destroy());
    peer.setEncoding("utf8");
    let rest = "";
    peer.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const request = JSON.parse(line) as ControlRequest;
        requests.push(request);
        script(request, (answer) =>
          peer.write(
            typeof answer === "string" ? answer : `${JSON.stringify({ version: 1, id: request.id, ...answer })}\n`,
          ),
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const peer of peers) peer.destroy();
      server.close(() => {
        rmSync(root, { recursive: true, force: true });
        resolve();
      });
    });
  return { root, socket, requests, close };
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** The checkout; this file runs as dist/test/cli/pretend-daemon.js. */
export const home = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** Runs a program of `bin/` (or an absolute path) as a real process, for at most 20 s. */
export function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const path = program.startsWith("/") ? program : join(home, "bin", program);
  return new Promise((resolve) => {
    execFile(path, [...args], { env: { ...process.env, ...env }, timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ stdout, stderr, exit: code });
    });
  });
}
