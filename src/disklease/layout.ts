/**
 * Where things are on the disk. Everything is a *cell*: two sectors of 4096 bytes that are written in turn, so that a write which is cut
 * leaves the one before it. 1 MiB in all, the same for every cluster:
 *
 *     0            the header: which area this is, the names of the nodes
 *     1, 3 … 31    node 1 … 16: written by that node's disk process alone
 *     2, 4 … 32    the mailbox of node 1 … 16: poison for it, written by whoever wants it down
 *     33 … 127     one for each group: its name, and what an operator released; written by operators alone
 */

/** A multiple of every sector size that disks have (512 and 4096). */
export const SECTOR = 4096;
export const CELL = 2 * SECTOR;
export const MOST_NODES = 16;
export const MOST_GROUPS = 95;
export const AREA = (1 + 2 * MOST_NODES + MOST_GROUPS) * CELL;

export type CellKind = "header" | "node" | "mailbox" | "group";

/** A place for one cell; `index` counts nodes from 1 and groups from 0. */
export interface Place {
  readonly kind: CellKind;
  readonly index: number;
}

export const headerPlace: Place = { kind: "header", index: 0 };
export const nodePlace = (index: number): Place => ({ kind: "node", index });
export const mailboxPlace = (index: number): Place => ({ kind: "mailbox", index });
export const groupPlace = (index: number): Place => ({ kind: "group", index });

/** @returns where the cell begins, in bytes from the start of the area. */
export function offsetOf({ kind, index }: Place): number {
  switch (kind) {
    case "header":
      return 0;
    case "node":
      return (2 * index - 1) * CELL;
    case "mailbox":
      return 2 * index * CELL;
    case "group":
      return (1 + 2 * MOST_NODES + index) * CELL;
  }
}

/** @returns how much is to be read from the start to see the header, so many nodes and their mailboxes. */
export const lengthFor = (nodes: number): number => (1 + 2 * nodes) * CELL;
