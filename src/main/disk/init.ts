import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { GroupName, NodeName } from "../../core/names.js";
import { groupId } from "../../core/report.js";
import { newArea } from "../../disklease/board.js";
import { AREA, groupPlace, headerPlace, MOST_GROUPS, MOST_NODES } from "../../disklease/layout.js";
import { emptyGroup, encodeGroup, encodeHeader, type GroupRecord } from "../../disklease/records.js";
import { openDirect } from "../../io/direct-file.js";
import { lookAt, type OpenArea, Refusal, withArea, writeCell, writersBetween } from "./area.js";
import { inspect } from "./target.js";

export interface Wanted {
  readonly nodes: readonly NodeName[];
  readonly groups: readonly GroupName[];
}

/** Who heartbeats at least this often is seen; milliseconds. */
const watchFor = 1_500;

/** Makes a lease area, or completes one. @returns what was done, for people. @throws Refusal */
export async function initDisk(path: string, wanted: Wanted, force: boolean): Promise<string> {
  if (wanted.nodes.length > MOST_NODES) throw new Refusal(`a lease area has room for ${MOST_NODES} nodes`);
  if (wanted.groups.length > MOST_GROUPS) throw new Refusal(`a lease area has room for ${MOST_GROUPS} groups`);
  const target = await inspect(path);
  if (target.kind === "ours" && !force) return complete(path, wanted);
  if (target.kind === "foreign" && !force)
    throw new Refusal(
      `${path} holds ${target.what}; nothing was written.\n--force overwrites its first ${AREA / 1024} KiB, which destroys that`,
    );
  if (target.kind === "missing") await writeFile(path, new Uint8Array(AREA), { mode: 0o600 });
  if (target.kind === "ours") await refuseIfAlive(path);
  await make(path, wanted, target.kind === "ours");
  const { nodes, groups } = wanted;
  const over = target.kind === "foreign" ? ` (${target.what} was there)` : "";
  return `${path} is a lease area for ${nodes.join(", ")} and ${groups.length} resource groups${over}`;
}

async function make(path: string, { nodes, groups }: Wanted, forced: boolean): Promise<void> {
  const header = { nodes, forced, madeBy: hostname(), madeAt: Date.now() };
  const file = await openDirect(path);
  try {
    for (const { offset, bytes } of newArea(randomBytes(16).toString("hex"), header, groups.map(groupRecord)))
      await file.write(offset, bytes);
  } finally {
    await file.close();
  }
}

const groupRecord = (name: GroupName): GroupRecord => ({ ...emptyGroup, id: groupId(name), name });

/** Leases that somebody counts on must not vanish. */
async function refuseIfAlive(path: string): Promise<void> {
  await withArea(path, { readOnly: true }, async ({ file, board }) => {
    await sleep(watchFor);
    const later = (await lookAt(file)).board;
    const alive = later === undefined ? [] : writersBetween(board, later);
    if (alive.length > 0) throw new Refusal(`${alive.join(", ")} uses it now; stop heartbeat there first`);
  });
}

/** Adds what is missing. Nobody's place moves, nothing is taken away: running nodes are not disturbed. */
async function complete(path: string, wanted: Wanted): Promise<string> {
  return withArea(path, {}, async (area) => {
    const { header } = area.board;
    const present = header.record.nodes;
    const newNodes = wanted.nodes.filter((name) => !present.includes(name));
    const known = new Set([...(area.board.groups ?? new Map()).values()].map(({ record }) => record.id as string));
    const newGroups = wanted.groups.filter((name) => !known.has(groupId(name)));
    const nodes = [...present, ...newNodes];
    if (nodes.length > MOST_NODES)
      throw new Refusal(`a lease area has room for ${MOST_NODES} nodes; ${present.join(", ")} are there`);
    await addGroups(area, newGroups);
    if (newNodes.length > 0)
      await writeCell(area, area.board.area, headerPlace, encodeHeader({ ...header.record, nodes }));
    const added = [...newNodes.map((name) => `node ${name}`), ...newGroups.map((name) => `group ${name}`)];
    return `${path} is a lease area already; ${added.length === 0 ? "nothing was missing" : `added ${added.join(", ")}`}`;
  });
}

async function addGroups(area: OpenArea, names: readonly GroupName[]): Promise<void> {
  const used = new Set(area.board.groups?.keys());
  const free = Array.from({ length: MOST_GROUPS }, (_, index) => index).filter((index) => !used.has(index));
  if (free.length < names.length) throw new Refusal(`there is room for ${free.length} more groups`);
  for (const [i, name] of names.entries())
    await writeCell(area, area.board.area, groupPlace(free[i] ?? 0), encodeGroup(groupRecord(name)));
}

/** @returns the place of the group on the disk, made if need be. */
export async function placeOfGroup(area: OpenArea, name: GroupName): Promise<{ index: number; record: GroupRecord }> {
  const id = groupId(name);
  for (const [index, { record }] of area.board.groups ?? []) if (record.id === id) return { index, record };
  const index = Array.from({ length: MOST_GROUPS }, (_, at) => at).find((at) => area.board.groups?.has(at) !== true);
  if (index === undefined) throw new Refusal("there is no room for another group");
  return { index, record: groupRecord(name) };
}
