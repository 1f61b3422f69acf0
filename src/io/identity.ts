import { createHash, randomBytes } from "node:crypto";
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

/** `hbgenmethod` and `uuidfrom`. */
export interface IdentityMethods {
  readonly generation: "file" | "time";
  /** `nodename`: the name itself. */
  readonly uuid: { readonly from: "file" } | { readonly from: "nodename"; readonly node: string };
}

type Lines = NodeIdentity["lines"];

/** Reads, counts up and stores. `wall` is seconds since 1970. @throws when the disk refuses: then the node must not start. */
export function nextIdentity(
  places: IdentityPlaces,
  wall: number,
  methods: IdentityMethods = { generation: "file", uuid: { from: "file" } },
): NodeIdentity {
  const [next, said] =
    methods.generation === "time" ? generationOfClock(places, wall) : countedGeneration(places, wall);
  const [uuid, saidToo] = methods.uuid.from === "file" ? storedUuid(places) : uuidOfName(methods.uuid.node);
  const news = { level: "info", text: `Heartbeat generation: ${next}` } as const;
  return { uuid, generation: generation(next), lines: [...said, news, ...saidToo] };
}

function countedGeneration(places: IdentityPlaces, wall: number): readonly [number, Lines] {
  const former = formerGeneration(places.generation);
  const next = former === undefined ? Math.floor(wall) + 1 : former + 1;
  replaceFile(places.generation, generationText(next));
  if (former !== undefined) return [next, []];
  return [next, [{ level: "WARN", text: `No Previous generation - starting at ${next}` }]];
}

/** The clock decides, and needs no disk. Where there is one, a clock that was set back cannot make this start look older than the last. */
function generationOfClock(places: IdentityPlaces, wall: number): readonly [number, Lines] {
  const next = Math.max(Math.floor(wall), (formerGeneration(places.generation) ?? 0) + 1);
  try {
    replaceFile(places.generation, generationText(next));
  } catch {
    // A read-only disk is what people choose this method for.
  }
  return [next, []];
}

const generationText = (number: number): Uint8Array => Buffer.from(`${String(number).padStart(15)}\n`);

function storedUuid(places: IdentityPlaces): readonly [Uint8Array, Lines] {
  const known = knownUuid(places.uuid);
  if (known !== undefined) return [known, []];
  const uuid = newUuid();
  replaceFile(places.uuid, uuid);
  return [uuid, [{ level: "info", text: "No uuid found for current node - generating a new uuid." }]];
}

/** The same name gives the same uuid for ever, whatever becomes of the disk. The original says a number of the name (its 31-hash). */
function uuidOfName(node: string): readonly [Uint8Array, Lines] {
  const seed = [...Buffer.from(node)].reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 0);
  const digest = new Uint8Array(createHash("sha256").update(`heartbeat node ${node}`).digest().subarray(0, 16));
  return [asUuid(digest, 8), [{ level: "info", text: `seed is ${seed}` }]];
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
  return asUuid(new Uint8Array(randomBytes(16)), 4);
}

/** @returns the bytes marked as a uuid of that version (RFC 9562). */
function asUuid(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
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
