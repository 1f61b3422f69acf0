/**
 * A cell: two copies of a record, written in turn. Each carries a sequence number and a checksum; the valid one with the larger number is
 * the cell's content. A write that was cut (power, SIGKILL, a reader who comes in the middle) spoils at most the older copy's place: what
 * is read then is the state before that write, as if it had not begun.
 *
 * One copy, in bytes, little-endian: magic 8, kind 1, format 1, index 2, area 16, sequence 8, length of the payload 2, zero 2, CRC-32C 4
 * (over all before it and the payload), payload. The rest of the sector means nothing.
 */
import { crc32c } from "./checksum.js";
import { CELL, type CellKind, offsetOf, type Place, SECTOR } from "./layout.js";

const MAGIC = [0x48, 0x42, 0x6c, 0x65, 0x61, 0x73, 0x65, 0x0a]; // "HBlease\n"
const FORMAT = 1;
const CHECKED = 40;
const HEAD = 44;
export const LONGEST_PAYLOAD = SECTOR - HEAD;

const kinds: readonly CellKind[] = ["header", "node", "mailbox", "group"];

/** The number of an area, 32 hexadecimal digits: cells of another one are no cells. */
export type AreaId = string;

export interface Cell {
  readonly area: AreaId;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Bytes for one place of the disk. */
export interface SectorWrite {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** @returns the write that makes `cell` the content of `place`, whose content has the sequence number before it. */
export function writeOf(place: Place, { area, sequence, payload }: Cell): SectorWrite {
  if (payload.length > LONGEST_PAYLOAD) throw new Error(`a cell has ${LONGEST_PAYLOAD} bytes, not ${payload.length}`);
  const bytes = new Uint8Array(SECTOR);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint8(8, kinds.indexOf(place.kind) + 1);
  view.setUint8(9, FORMAT);
  view.setUint16(10, place.index, true);
  bytes.set(bytesOfHex(area), 12);
  view.setBigUint64(28, BigInt(sequence), true);
  view.setUint16(36, payload.length, true);
  bytes.set(payload, HEAD);
  view.setUint32(CHECKED, crc32c(bytes.subarray(0, CHECKED), payload), true);
  return { offset: offsetOf(place) + (sequence % 2) * SECTOR, bytes };
}

/** @returns the content of the cell at `place`, of this area (of any, if none is named); `undefined`: neither copy is valid. */
export function readCell(place: Place, bytes: Uint8Array, area?: AreaId): Cell | undefined {
  const copies = [0, 1].map((turn) => readCopy(place, bytes.subarray(turn * SECTOR, (turn + 1) * SECTOR), turn, area));
  const [even, odd] = copies;
  if (even === undefined || odd === undefined) return even ?? odd;
  return even.sequence > odd.sequence ? even : odd;
}

function readCopy(place: Place, bytes: Uint8Array, turn: number, area: AreaId | undefined): Cell | undefined {
  if (bytes.length !== SECTOR || MAGIC.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SECTOR);
  if (view.getUint8(8) !== kinds.indexOf(place.kind) + 1 || view.getUint8(9) !== FORMAT) return undefined;
  const sequence = Number(view.getBigUint64(28, true));
  const length = view.getUint16(36, true);
  if (view.getUint16(10, true) !== place.index || sequence % 2 !== turn || length > LONGEST_PAYLOAD) return undefined;
  const payload = bytes.slice(HEAD, HEAD + length);
  if (view.getUint32(CHECKED, true) !== crc32c(bytes.subarray(0, CHECKED), payload)) return undefined;
  const owner = hexOf(bytes.subarray(12, 28));
  return area !== undefined && owner !== area ? undefined : { area: owner, sequence, payload };
}

/** @returns the two writes with which a cell begins, so that both of its copies are valid. */
export function firstWrites(place: Place, area: AreaId, payload: Uint8Array): readonly SectorWrite[] {
  return [0, 1].map((sequence) => writeOf(place, { area, sequence, payload }));
}

/** @returns the bytes of the cell at `place` in an image that begins at the start of the area. */
export const cellBytes = (image: Uint8Array, place: Place): Uint8Array =>
  image.subarray(offsetOf(place), offsetOf(place) + CELL);

/** @returns the hexadecimal digits of the bytes. */
export const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const bytesOfHex = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
