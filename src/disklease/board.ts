/** The whole area as one reading found it. */
import type { GroupId } from "../core/report.js";
import { type Duration, milliseconds } from "../core/time.js";
import { type AreaId, type Cell, cellBytes, firstWrites, readCell, type SectorWrite } from "./cell.js";
import {
  AREA,
  groupPlace,
  headerPlace,
  lengthFor,
  MOST_GROUPS,
  MOST_NODES,
  mailboxPlace,
  nodePlace,
} from "./layout.js";
import {
  decodeGroup,
  decodeHeader,
  decodeMailbox,
  decodeNode,
  emptyGroup,
  emptyMailbox,
  encodeGroup,
  encodeHeader,
  encodeMailbox,
  encodeNode,
  firstNode,
  type GroupRecord,
  type HeaderRecord,
  type MailboxRecord,
  type NodeRecord,
} from "./records.js";

/** A record and the sequence number of the copy that it was in. */
export interface Written<Of> {
  readonly sequence: number;
  readonly record: Of;
}

export interface Board {
  readonly area: AreaId;
  readonly header: Written<HeaderRecord>;
  /** By index, from 1; `undefined`: neither copy is valid. As many as the reading was long enough for, at most those of the header. */
  readonly nodes: ReadonlyMap<number, Written<NodeRecord> | undefined>;
  readonly mailboxes: ReadonlyMap<number, Written<MailboxRecord> | undefined>;
  /** By place, from 0; `undefined`: they were not read. Cells that nobody uses are left out. */
  readonly groups: ReadonlyMap<number, Written<GroupRecord>> | undefined;
}

/** @returns what the bytes from the start of an area say; `undefined` when that is no area of ours. */
export function readBoard(image: Uint8Array): Board | undefined {
  const cell = readCell(headerPlace, cellBytes(image, headerPlace));
  if (cell === undefined) return undefined;
  const header = written(cell, decodeHeader);
  const nodes = new Map<number, Written<NodeRecord> | undefined>();
  const mailboxes = new Map<number, Written<MailboxRecord> | undefined>();
  for (let index = 1; index <= header.record.nodes.length && image.length >= lengthFor(index); index++) {
    const own = readCell(nodePlace(index), cellBytes(image, nodePlace(index)), cell.area);
    nodes.set(index, own && written(own, decodeNode));
    const box = readCell(mailboxPlace(index), cellBytes(image, mailboxPlace(index)), cell.area);
    mailboxes.set(index, box && written(box, decodeMailbox));
  }
  const groups = image.length >= AREA ? readGroups(image, cell.area) : undefined;
  return { area: cell.area, header, nodes, mailboxes, groups };
}

function readGroups(image: Uint8Array, area: AreaId): ReadonlyMap<number, Written<GroupRecord>> {
  const groups = new Map<number, Written<GroupRecord>>();
  for (let index = 0; index < MOST_GROUPS; index++) {
    const cell = readCell(groupPlace(index), cellBytes(image, groupPlace(index)), area);
    if (cell === undefined) continue;
    const group = written(cell, decodeGroup);
    if (group.record.name !== "") groups.set(index, group);
  }
  return groups;
}

const written = <Of>({ sequence, payload }: Cell, decode: (payload: Uint8Array) => Of): Written<Of> => ({
  sequence,
  record: decode(payload),
});

/** @returns everything that is written when an area is made. The header comes last: without it there is no area. */
export function newArea(area: AreaId, header: HeaderRecord, groups: readonly GroupRecord[]): readonly SectorWrite[] {
  const indexes = Array.from({ length: MOST_NODES }, (_, i) => i + 1);
  return [
    ...indexes.flatMap((index) => firstWrites(nodePlace(index), area, encodeNode(firstNode))),
    ...indexes.flatMap((index) => firstWrites(mailboxPlace(index), area, encodeMailbox(emptyMailbox))),
    ...Array.from({ length: MOST_GROUPS }, (_, i) => i).flatMap((index) =>
      firstWrites(groupPlace(index), area, encodeGroup(groups[index] ?? emptyGroup)),
    ),
    ...firstWrites(headerPlace, area, encodeHeader(header)),
  ];
}

/** What the nodes together say about the newest holding of a group. Term 0: there was none. */
export interface Holding {
  readonly term: number;
  readonly owner: number;
  /** As the owner's own record has it; 0 while that does not know of the term yet. */
  readonly renewal: number;
  /** How long the owner counts its lease from a renewal on. */
  readonly lease: Duration;
  readonly released: boolean;
}

/** @returns the newest holding of the group. */
export function holdingOf(nodes: ReadonlyMap<number, NodeRecord>, group: GroupId): Holding {
  let term = 0;
  let owner = 0;
  for (const record of nodes.values()) {
    const entry = record.entries.get(group);
    if (entry !== undefined && entry.term > term) ({ term, owner } = entry);
  }
  const own = nodes.get(owner)?.entries.get(group);
  const knows = own !== undefined && own.term === term;
  const lease = own?.lease ?? milliseconds(0);
  return { term, owner, renewal: knows ? own.renewal : 0, lease, released: knows && own.released };
}
