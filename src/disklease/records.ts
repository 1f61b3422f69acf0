/** What is written into the cells, as values. */
import type { NodeName } from "../core/names.js";
import { nodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { type Duration, milliseconds } from "../core/time.js";
import { LONGEST_PAYLOAD } from "./cell.js";
import { MOST_NODES } from "./layout.js";
import { PayloadReader, PayloadWriter } from "./payload.js";

/** The header. A node's index is its place in `nodes`, counted from 1; names are added at the end and never moved. */
export interface HeaderRecord {
  readonly nodes: readonly NodeName[];
  /** Another area was overwritten: leases of that one may still last. */
  readonly forced: boolean;
  /** For people: who made the area, when (wall time, milliseconds). */
  readonly madeBy: string;
  readonly madeAt: number;
}

/** What a node says about one group. Term `t` is the number of a holding; the ballots are about who has term `t + 1`. */
export interface Entry {
  /** The newest term that this node knows to be decided, and the index of the node it was given to; 0, 0: none yet. */
  readonly term: number;
  readonly owner: number;
  /** Grows with every renewal of this node's own lease. */
  readonly renewal: number;
  /** How long this node's own lease lasts from a renewal on, as this node counts. Whoever waits for its end waits so long. */
  readonly lease: Duration;
  /** This node gave its term back. */
  readonly released: boolean;
  /** The ballot that this node has begun or takes part in; the ballot in which it accepted `value` (Gafni and Lamport's mbal, bal, inp). */
  readonly promised: number;
  readonly accepted: number;
  readonly value: number;
}

export const emptyEntry: Entry = {
  ...{ term: 0, owner: 0, renewal: 0, lease: milliseconds(0), released: false },
  ...{ promised: 0, accepted: 0, value: 0 },
};

export interface NodeRecord {
  /** Drawn at every start of the disk process: two machines that write as one node find each other out. */
  readonly incarnation: number;
  /** The machine's boot, 16 hexadecimal digits: poison for an earlier one has done its work. */
  readonly boot: string;
  /** Wall time of the write, for people. */
  readonly writtenAt: number;
  /** The number of the poison that this node has taken. */
  readonly poisonTaken: number;
  readonly entries: ReadonlyMap<GroupId, Entry>;
}

/** Poison: whoever reads it in its own mailbox resets its machine. Number 0: none. */
export interface MailboxRecord {
  readonly number: number;
  /** The boot of the machine that is to be reset. */
  readonly boot: string;
  readonly by: string;
  readonly at: number;
}

/** What operators said about a group: its name, and up to which term it is released. */
export interface GroupRecord {
  readonly id: GroupId;
  readonly name: string;
  readonly releasedTerm: number;
  readonly by: string;
  readonly at: number;
}

/** No more groups than this fit into a node's record. */
export const MOST_ENTRIES = 128;
const LONGEST_NAME = 64;
const LONGEST_GROUP = 1_000;

export function encodeHeader({ nodes, forced, madeBy, madeAt }: HeaderRecord): Uint8Array {
  const writer = new PayloadWriter().number(madeAt, 8).text(madeBy, 2 * LONGEST_NAME);
  writer.number(forced ? 1 : 0, 1).number(nodes.length, 1);
  for (const name of nodes) writer.text(name, LONGEST_NAME);
  return writer.bytes();
}

export function decodeHeader(payload: Uint8Array): HeaderRecord {
  const reader = new PayloadReader(payload);
  const madeAt = reader.number(8);
  const madeBy = reader.text();
  const forced = reader.number(1) === 1;
  const length = Math.min(reader.number(1), MOST_NODES);
  return { nodes: Array.from({ length }, () => nodeName(reader.text())), forced, madeBy, madeAt };
}

export function encodeNode(record: NodeRecord): Uint8Array {
  const writer = new PayloadWriter().number(record.incarnation, 8);
  writer.text(record.boot, 16).number(record.writtenAt, 8).number(record.poisonTaken, 8);
  writer.number(record.entries.size, 2);
  for (const [id, entry] of record.entries) {
    writer.number(Number.parseInt(id, 16), 4).number(entry.term, 4).number(entry.owner, 1);
    writer
      .number(entry.renewal, 4)
      .number(entry.lease, 4)
      .number(entry.released ? 1 : 0, 1);
    writer.number(entry.promised, 4).number(entry.accepted, 4).number(entry.value, 1);
  }
  return writer.bytes();
}

export function decodeNode(payload: Uint8Array): NodeRecord {
  const reader = new PayloadReader(payload);
  const head = {
    incarnation: reader.number(8),
    boot: reader.text(),
    writtenAt: reader.number(8),
    poisonTaken: reader.number(8),
  };
  const entries = new Map<GroupId, Entry>();
  for (let left = Math.min(reader.number(2), LONGEST_PAYLOAD); left > 0; left--)
    entries.set(reader.number(4).toString(16).padStart(8, "0"), {
      ...{ term: reader.number(4), owner: reader.number(1), renewal: reader.number(4) },
      lease: milliseconds(reader.number(4)),
      released: reader.number(1) === 1,
      ...{ promised: reader.number(4), accepted: reader.number(4), value: reader.number(1) },
    });
  return { ...head, entries };
}

export const encodeMailbox = ({ number, boot, by, at }: MailboxRecord): Uint8Array =>
  new PayloadWriter()
    .number(number, 8)
    .text(boot, 16)
    .text(by, 2 * LONGEST_NAME)
    .number(at, 8)
    .bytes();

export function decodeMailbox(payload: Uint8Array): MailboxRecord {
  const reader = new PayloadReader(payload);
  return { number: reader.number(8), boot: reader.text(), by: reader.text(), at: reader.number(8) };
}

export function encodeGroup({ id, name, releasedTerm, by, at }: GroupRecord): Uint8Array {
  const writer = new PayloadWriter().number(Number.parseInt(id || "0", 16), 4).text(name, LONGEST_GROUP);
  return writer
    .number(releasedTerm, 4)
    .text(by, 2 * LONGEST_NAME)
    .number(at, 8)
    .bytes();
}

export function decodeGroup(payload: Uint8Array): GroupRecord {
  const reader = new PayloadReader(payload);
  const id = reader.number(4).toString(16).padStart(8, "0");
  return { id, name: reader.text(), releasedTerm: reader.number(4), by: reader.text(), at: reader.number(8) };
}

/** The record of a node that has not written yet, an empty mailbox, a group's cell that nobody uses. */
export const firstNode: NodeRecord = {
  ...{ incarnation: 0, boot: "", writtenAt: 0, poisonTaken: 0 },
  entries: new Map(),
};
export const emptyMailbox: MailboxRecord = { number: 0, boot: "", by: "", at: 0 };
export const emptyGroup: GroupRecord = { id: "00000000", name: "", releasedTerm: 0, by: "", at: 0 };
