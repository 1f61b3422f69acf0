import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Generation } from "../core/names.js";
import { generation } from "../core/names.js";

/**
 * Who this node is and which incarnation: hb_uuid (16 raw bytes, made once) and hb_generation (counted up at every start, so
 * that peers can tell a restart from a replay). Both are on the disk before the first heartbeat leaves: a generation
 * that a crash took back would make the next start look like an old recording. Blocking; for start-up only.
 */
export interface NodeIdentity {
  readonly uuid: Uint8Array;
  readonly generation: Generation;
  /** What the original says about it, for ha-log. */
  readonly lines: readonly { readonly level: "info" | "WARN"; readonly text: string }[];
}

export interface IdentityPlaces {
  readonly generation: string;
  readonly uuid: string;
}

/** Reads, counts up and stores. `wall` is seconds since 1970. @throws when the disk refuses: then the node must not start. */
export function nextIdentity(places: IdentityPlaces, wall: number): NodeIdentity {
  const former = formerGeneration(places.generation);
  const next = former === undefined ? Math.floor(wall) + 1 : former + 1;
  replaceFile(places.generation, Buffer.from(`${String(next).padStart(15)}\n`));
  const known = knownUuid(places.uuid);
  const uuid = known ?? newUuid();
  if (known === undefined) replaceFile(places.uuid, uuid);
  const lines: NodeIdentity["lines"][number][] = [];
  if (former === undefined) lines.push({ level: "WARN", text: `No Previous generation - starting at ${next}` });
  lines.push({ level: "info", text: `Heartbeat generation: ${next}` });
  if (known === undefined)
    lines.push({ level: "info", text: "No uuid found for current node - generating a new uuid." });
  return { uuid, generation: generation(next), lines };
}

/** @returns the number in the file; `undefined` when there is none that could be counted up. */
function formerGeneration(path: string): number | undefined {
  const text = contents(path)?.toString("latin1").trim();
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function knownUuid(path: string): Uint8Array | undefined {
  const bytes = contents(path);
  return bytes?.length === 16 && bytes.some((byte) => byte !== 0) ? new Uint8Array(bytes) : undefined;
}

/** A random uuid, version 4, as libuuid makes them. */
function newUuid(): Uint8Array {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function contents(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** The file has either the old or the new content whenever the machine loses power, and the new one after this returns. */
export function replaceFile(path: string, content: Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.new`;
  const file = openSync(temporary, "w", mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
