import { setTimeout as sleep } from "node:timers/promises";
import type { GroupId } from "../../core/report.js";
import { type Board, type Holding, holdingOf } from "../../disklease/board.js";
import { lookAt, Refusal, recordsOf, withArea, writersBetween } from "./area.js";

export interface DiskPicture {
  readonly area: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly nodes: readonly {
    readonly name: string;
    /** Whether it wrote while we looked. */
    readonly writes: boolean;
    readonly damaged: boolean;
    /** Its own clock, at its last write. */
    readonly wroteAt: string | undefined;
    readonly writes_so_far: number;
    readonly poison: { readonly by: string; readonly at: string; readonly taken: boolean } | undefined;
  }[];
  readonly groups: readonly {
    readonly id: GroupId;
    readonly name: string | undefined;
    readonly holder: string | undefined;
    readonly term: number;
    readonly leaseSeconds: number;
    /** `renewed` while we looked, `silent`: not, `released`, `free`: never held. */
    readonly state: "renewed" | "silent" | "released" | "free";
  }[];
}

/** Looks twice, `observe` milliseconds apart. */
export async function pictureOf(path: string, observe: number): Promise<DiskPicture> {
  return withArea(path, { readOnly: true }, async ({ file, board }) => {
    await sleep(observe);
    const later = (await lookAt(file)).board;
    if (later === undefined || later.area !== board.area) throw new Refusal(`${path} was made anew meanwhile`);
    const { madeBy, madeAt } = later.header.record;
    return {
      area: later.area,
      madeBy,
      madeAt: timeOf(madeAt),
      nodes: nodesOf(board, later),
      groups: groupsOf(board, later),
    };
  });
}

const timeOf = (wall: number): string => new Date(Math.min(wall, 8e15)).toISOString();

function nodesOf(before: Board, now: Board): DiskPicture["nodes"] {
  const writers = writersBetween(before, now);
  return now.header.record.nodes.map((name, i) => {
    const node = now.nodes.get(i + 1);
    const box = now.mailboxes.get(i + 1)?.record;
    const poison =
      box === undefined || box.number === 0
        ? undefined
        : { by: box.by, at: timeOf(box.at), taken: node?.record.poisonTaken === box.number };
    const wroteAt = node === undefined || node.record.writtenAt === 0 ? undefined : timeOf(node.record.writtenAt);
    const known = { name, writes: writers.includes(name), damaged: node === undefined, wroteAt, poison };
    return { ...known, writes_so_far: Math.max(0, (node?.sequence ?? 1) - 1) };
  });
}

function groupsOf(before: Board, now: Board): DiskPicture["groups"] {
  const records = recordsOf(now);
  const names = new Map([...(now.groups ?? new Map()).values()].map(({ record }) => [record.id, record]));
  const ids = new Set([...names.keys(), ...[...records.values()].flatMap(({ entries }) => [...entries.keys()])]);
  return [...ids].map((id) => {
    const holding = holdingOf(records, id);
    const released = holding.released || (names.get(id)?.releasedTerm ?? 0) >= holding.term;
    const same = sameRenewal(holding, holdingOf(recordsOf(before), id));
    const state = holding.term === 0 ? "free" : released ? "released" : same ? "silent" : "renewed";
    const holder = holding.term === 0 ? undefined : now.header.record.nodes[holding.owner - 1];
    return { id, name: names.get(id)?.name, holder, term: holding.term, leaseSeconds: holding.lease / 1_000, state };
  });
}

export const sameRenewal = (a: Holding, b: Holding): boolean =>
  a.term === b.term && a.owner === b.owner && a.renewal === b.renewal;

/** The picture as two tables. */
export function tables(path: string, picture: DiskPicture, observe: number): string {
  const looked = `${(observe / 1_000).toFixed(1)} s`;
  const lines = [`${path}: lease area, made on ${picture.madeBy} ${picture.madeAt}; looked at for ${looked}`, ""];
  for (const { name, writes, damaged, wroteAt, poison } of picture.nodes) {
    const last = wroteAt === undefined ? "has never written" : `silent since ${wroteAt} (its clock)`;
    const state = damaged ? "DAMAGED: its record cannot be read, no lease is given" : writes ? "writes" : last;
    const bitter =
      poison === undefined ? "" : `, poison from ${poison.by} (${poison.at}) ${poison.taken ? "taken" : "NOT TAKEN"}`;
    lines.push(`node  ${name.padEnd(16)} ${state}${bitter}`);
  }
  lines.push("");
  for (const { id, name, holder, term, leaseSeconds, state } of picture.groups) {
    const who = holder === undefined ? "never held" : `${holder}, term ${term}`;
    const word = {
      renewed: "renewed",
      silent: `not renewed (runs out after ${leaseSeconds} s)`,
      released: "released",
      free: "free",
    }[state];
    lines.push(`group ${(name ?? id).padEnd(40)} ${who}: ${word}`);
  }
  return `${lines.join("\n")}\n`;
}
