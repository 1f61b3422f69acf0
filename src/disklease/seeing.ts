/** What a reading of the disk tells: whether this node has its place, who holds what since when, poison. Then every contest goes on. */
import type { GroupId } from "../core/report.js";
import { after, type Instant } from "../core/time.js";
import { entryAt } from "./ballot.js";
import { type Board, holdingOf } from "./board.js";
import { hexOf } from "./cell.js";
import { proceed } from "./contest.js";
import type { Absence, LeaseState, Membership } from "./lease-state.js";
import { encodeNode, type NodeRecord } from "./records.js";
import { nextLook, type Sighting, seldom, sight } from "./sighting.js";
import { answerIfComplete, change, changeRecord, conclude, type LeaseTurn, writeEntry } from "./turn.js";

export function see(turn: LeaseTurn, board: Board | undefined): void {
  const wasPoison = turn.state.poison;
  const why = placeOf(turn, board);
  const member = turn.state.membership;
  if (wasPoison !== undefined) {
    // That the poison was taken is on the disk now.
    turn.requests.push({ type: "poisoned", by: wasPoison });
    change(turn, { poison: undefined });
  }
  if (board === undefined || member === undefined) return leaveOut(turn, why);
  // The header has more names than this reading was long enough for: no decision without them.
  if (board.nodes.size < board.header.record.nodes.length) {
    const { nodes } = board.header.record;
    return change(turn, { membership: { ...member, nodes }, lookAt: turn.at });
  }
  const suspect = [...board.nodes.values()].includes(undefined);
  const isFirst = suspect && !turn.state.suspect;
  change(turn, { suspect });
  if (isFirst) return change(turn, { lookAt: turn.at });
  for (const request of turn.state.calls) answerIfComplete(turn, request);
  change(turn, { calls: [] });
  learn(turn, board, member);
  takePoison(turn, board);
  giveBackWhatIsWon(turn);
  for (const [group, contest] of turn.state.contests) {
    const now = turn.state.membership;
    if (now !== undefined) proceed(turn, now, group, contest);
  }
  const others = [...turn.state.sightings.values()].filter(({ owner }) => owner !== member.me);
  const { leaseTime } = turn.state.settings;
  change(turn, { seenAt: turn.at, lookAt: nextLook(others, leaseTime, turn.at) });
}

/** No place on the disk: every claim hears why. */
function leaveOut(turn: LeaseTurn, why: string): void {
  change(turn, { calls: [], seenAt: turn.at, lookAt: after(turn.at, seldom(turn.state.settings.leaseTime)) });
  // Twice: what came later is told the same.
  for (let round = 0; round < 2; round++)
    for (const group of turn.state.contests.keys()) conclude(turn, group, { kind: "refused", why });
}

/** Finds this node's place, keeps it or gives it up. @returns why there is none. */
function placeOf(turn: LeaseTurn, board: Board | undefined): string {
  const { membership, settings } = turn.state;
  if (board === undefined) return absent(turn, "there is no lease area on it (heartbeat disk init makes one)");
  const me = board.header.record.nodes.indexOf(settings.node) + 1;
  if (me === 0) return absent(turn, `${settings.node} is not on it (heartbeat disk init adds it)`);
  const own = board.nodes.get(me);
  if (own === undefined)
    return board.nodes.has(me) ? absent(turn, `the record of ${settings.node} is damaged`) : longer(turn, board, me);
  if (membership === undefined) return join(turn, board, me);
  if (membership.area !== board.area) {
    change(turn, { freshFrom: { area: board.area, at: after(turn.at, settings.leaseTime) } });
    return absent(turn, "the lease area was made anew", true);
  }
  const expected = membership.sequence === own.sequence;
  const isOurs = !membership.wrote || own.record.incarnation === settings.incarnation;
  if (expected && isOurs) return "";
  const suspicion = isOurs ? "it lost what was written" : `another machine writes there as ${settings.node}`;
  return absent(turn, suspicion, true);
}

/** The reading was too short for this node's own record. */
function longer(turn: LeaseTurn, board: Board, me: number): string {
  // groupsAt: the next reading is of the whole area.
  change(turn, { groupsAt: turn.at });
  return absent(turn, `the record ${me} of ${board.header.record.nodes.length} is not read yet`);
}

function absent(turn: LeaseTurn, why: string, wary = turn.state.absence.wary): string {
  const { absence, membership } = turn.state;
  if (absence.why !== why || membership !== undefined) turn.requests.push({ type: "trouble", why });
  change(turn, { membership: undefined, absence: { ...absence, why, wary } });
  return why;
}

/** Takes the place of this node, unless another machine may be writing there. */
function join(turn: LeaseTurn, board: Board, me: number): string {
  const { settings, absence } = turn.state;
  const own = board.nodes.get(me);
  if (own === undefined) return absence.why;
  const { record, sequence } = own;
  const isForeign = record.incarnation !== 0 && record.boot !== settings.boot;
  if ((absence.wary || isForeign) && !isStill(turn, `${sequence} ${hexOf(encodeNode(record))}`))
    return absent(turn, `waiting until nobody else writes there as ${settings.node}`);
  const { nodes } = board.header.record;
  const started = { ...record, incarnation: settings.incarnation, boot: settings.boot };
  const membership: Membership = {
    ...{ area: board.area, me, nodes, sequence, record: started, changed: true, wrote: false, writtenAt: turn.at },
  };
  const { freshFrom } = turn.state;
  const isNews = board.header.record.forced && freshFrom?.area !== board.area;
  const from = { area: board.area, at: after(turn.at, settings.leaseTime) };
  change(turn, { membership, absence: { why: "", mark: undefined, wary: false } });
  if (isNews || !board.header.record.forced) change(turn, { freshFrom: isNews ? from : undefined });
  turn.requests.push({ type: "trouble", why: "" });
  return "";
}

/** Whether this node's record has not changed for a lease time. */
function isStill(turn: LeaseTurn, text: string): boolean {
  const { absence, settings } = turn.state;
  const mark: Absence["mark"] = absence.mark?.text === text ? absence.mark : { text, since: turn.at };
  change(turn, { absence: { ...absence, mark } });
  return turn.at >= after(mark.since, settings.leaseTime);
}

/** Keeps what the others wrote, and since when it has been so. */
function learn(turn: LeaseTurn, board: Board, member: Membership): void {
  const records = new Map<number, NodeRecord>([[member.me, member.record]]);
  const damaged: string[] = [];
  for (const [index, node] of board.nodes)
    if (node === undefined) damaged.push(board.header.record.nodes[index - 1] ?? String(index));
    else if (index !== member.me) records.set(index, node.record);
  const unsound = damaged.length > 0 ? `the record of ${damaged.join(", ")} is damaged` : contradiction(records);
  if (unsound !== turn.state.unsound) turn.requests.push({ type: "trouble", why: unsound ?? "" });
  const releasedTerms =
    board.groups === undefined
      ? turn.state.releasedTerms
      : new Map([...board.groups.values()].map(({ record }) => [record.id, record.releasedTerm]));
  const { nodes } = board.header.record;
  change(turn, { records, unsound, releasedTerms, sightings: sightings(turn.state, records, turn.at) });
  change(turn, { membership: { ...member, nodes } });
}

function sightings(
  state: LeaseState,
  records: ReadonlyMap<number, NodeRecord>,
  at: Instant,
): ReadonlyMap<GroupId, Sighting> {
  const groups = new Set([...records.values()].flatMap(({ entries }) => [...entries.keys()]));
  const seen = new Map<GroupId, Sighting>();
  for (const group of groups) {
    const holding = holdingOf(records, group);
    if (holding.term === 0) continue;
    const stamp = records.get(holding.owner)?.writtenAt ?? 0;
    seen.set(group, sight(state.sightings.get(group), holding, stamp, { at, previous: state.seenAt }));
  }
  return seen;
}

/** @returns what cannot be: two records that give one term to different nodes. */
function contradiction(records: ReadonlyMap<number, NodeRecord>): string | undefined {
  const owners = new Map<string, number>();
  for (const { entries } of records.values())
    for (const [group, { term, owner }] of entries) {
      const key = `${group} ${term}`;
      if (term > 0 && (owners.get(key) ?? owner) !== owner)
        return `the records contradict each other about group ${group}, term ${term}`;
      owners.set(key, owner);
    }
  return undefined;
}

/** Poison is answered on the disk first: whoever sent it may be waiting for that. */
function takePoison(turn: LeaseTurn, board: Board): void {
  const { membership, settings } = turn.state;
  if (membership === undefined) return;
  const box = board.mailboxes.get(membership.me)?.record;
  if (box === undefined || box.number === 0 || box.number === membership.record.poisonTaken) return;
  changeRecord(turn, membership, { poisonTaken: box.number });
  // An earlier boot's poison has done its work, or came too late.
  if (box.boot === settings.boot) change(turn, { poison: box.by });
}

/** What was given back and is this node's by the records (perhaps because another node ended our ballot for us) is marked as released. */
export function giveBackWhatIsWon(turn: LeaseTurn): void {
  const { membership, givenBack, records } = turn.state;
  if (membership === undefined) return;
  for (const group of givenBack) {
    const holding = holdingOf(records, group);
    if (holding.owner !== membership.me || holding.released) continue;
    writeEntry(turn, group, { ...entryAt(turn.state.records, membership.me, group, holding), released: true });
  }
}
