import { type Board, readBoard, type Written } from "../../disklease/board.js";
import { type AreaId, type Cell, cellBytes, readCell, writeOf } from "../../disklease/cell.js";
import { AREA, type Place } from "../../disklease/layout.js";
import type { NodeRecord } from "../../disklease/records.js";
import { type DirectFile, openDirect } from "../../io/direct-file.js";

/** What an operator's command cannot go on with; the text is for him. */
export class Refusal extends Error {}

export interface OpenArea {
  readonly file: DirectFile;
  readonly board: Board;
  /** The bytes that the board was read from. */
  readonly image: Uint8Array;
}

/** Reads the whole area. */
export async function lookAt(
  file: DirectFile,
): Promise<{ readonly image: Uint8Array; readonly board: Board | undefined }> {
  // A copy: the file's own buffer is used again.
  const image = (await file.read(0, AREA)).slice();
  return { image, board: readBoard(image) };
}

/** Does something with a lease area that is there. @throws Refusal when there is none. */
export async function withArea<T>(path: string, { readOnly = false }, use: (area: OpenArea) => Promise<T>): Promise<T> {
  const file = await openDirect(path, { readOnly });
  try {
    const { image, board } = await lookAt(file);
    if (board === undefined) throw new Refusal(`${path} is no lease area; heartbeat disk init ${path} makes one`);
    return await use({ file, board, image });
  } finally {
    await file.close();
  }
}

/** Replaces the content of a cell. */
export async function writeCell(
  { file, image }: Pick<OpenArea, "file" | "image">,
  area: AreaId,
  place: Place,
  payload: Uint8Array,
): Promise<void> {
  const before: Cell | undefined = readCell(place, cellBytes(image, place), area);
  const { offset, bytes } = writeOf(place, { area, sequence: (before?.sequence ?? 0) + 1, payload });
  await file.write(offset, bytes);
}

/** Names of the nodes that wrote between two looks. */
export function writersBetween(before: Board, after: Board): readonly string[] {
  const sequence = (node: Written<NodeRecord> | undefined): number | undefined => node?.sequence;
  return [...after.nodes]
    .filter(([index, node]) => sequence(node) !== sequence(before.nodes.get(index)))
    .map(([index]) => after.header.record.nodes[index - 1] ?? String(index));
}

/** @returns the records of all nodes that can be read. */
export function recordsOf(board: Board): ReadonlyMap<number, NodeRecord> {
  const records = new Map<number, NodeRecord>();
  for (const [index, node] of board.nodes) if (node !== undefined) records.set(index, node.record);
  return records;
}
