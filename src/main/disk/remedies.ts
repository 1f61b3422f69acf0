/** What an operator can do to others by the disk: free a dead node's lease, poison a node. */
import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { groupName, nodeName } from "../../core/names.js";
import { groupId } from "../../core/report.js";
import { type Holding, holdingOf } from "../../disklease/board.js";
import { groupPlace, mailboxPlace } from "../../disklease/layout.js";
import { encodeGroup, encodeMailbox } from "../../disklease/records.js";
import { lookAt, type OpenArea, recordsOf, withArea, writeCell } from "./area.js";
import { placeOfGroup } from "./init.js";
import { sameRenewal } from "./show.js";

export interface Outcome {
  readonly code: "completed" | "refused" | "timedOut";
  readonly text: string;
  /** For the log and the journal; absent: nothing was changed. */
  readonly event?: { readonly what: string; readonly line: string; readonly detail: Readonly<Record<string, unknown>> };
}

const operator = (): string => `${userInfo().username}@${hostname()}`;
/** A living holder renews several times in a lease time; no longer than this is waited to see it. Milliseconds. */
const longestWatch = 5_000;

export async function releaseLease(path: string, group: string, yes: boolean): Promise<Outcome> {
  return withArea(path, {}, async (area) => {
    const name = groupName(group);
    const nodes = area.board.header.record.nodes;
    const holding = holdingOf(recordsOf(area.board), groupId(name));
    const place = await placeOfGroup(area, name);
    if (holding.term === 0)
      return {
        code: "refused",
        text: `nobody has had a lease of ${group} yet; heartbeat disk show ${path} lists the groups`,
      };
    if (holding.released || place.record.releasedTerm >= holding.term)
      return { code: "completed", text: `the lease of ${group} is released already` };
    const holder = nodes[holding.owner - 1] ?? "?";
    if (await isRenewed(area, name, holding))
      return {
        code: "refused",
        text: `${holder} is alive and renews its lease of ${group}; hb_standby on ${holder} gives it up`,
      };
    if (!yes) return { code: "refused", text: warning(path, group, holder) };
    const by = operator();
    const record = { ...place.record, releasedTerm: holding.term, by, at: Date.now() };
    await writeCell(area, area.board.area, groupPlace(place.index), encodeGroup(record));
    const line = `lease of ${group} (${holder}, term ${holding.term}) on ${path} released by ${by}`;
    const detail = { path, group, holder, term: holding.term, by };
    return { code: "completed", text: line, event: { what: "disk-release", line, detail } };
  });
}

const warning = (path: string, group: string, holder: string): string =>
  `${holder} has the lease of ${group} and does not renew it. If ${holder} runs all the same, two nodes will hold ${group}.\n` +
  `Make sure that ${holder} is off (console, power), then: heartbeat disk release ${path} '${group}' --yes`;

async function isRenewed({ file }: OpenArea, name: string, before: Holding): Promise<boolean> {
  await sleep(Math.min(before.lease * 0.6, longestWatch));
  const later = (await lookAt(file)).board;
  return later !== undefined && !sameRenewal(before, holdingOf(recordsOf(later), groupId(groupName(name))));
}

const lookEvery = 50;

/** Writes poison for a node and waits until its disk process has taken it. */
export async function poisonNode(path: string, node: string, timeout: number, by = operator()): Promise<Outcome> {
  return withArea(path, {}, async (area) => {
    const { nodes } = area.board.header.record;
    const index = nodes.indexOf(nodeName(node)) + 1;
    const record = area.board.nodes.get(index)?.record;
    if (index === 0) return { code: "refused", text: `${node} is not on ${path}; there are ${nodes.join(", ")}` };
    if (record === undefined || record.boot === "")
      return { code: "refused", text: `${node} has never written to ${path}` };
    const number = randomBytes(6).readUIntBE(0, 6) + 1;
    await writeCell(
      area,
      area.board.area,
      mailboxPlace(index),
      encodeMailbox({ number, boot: record.boot, by, at: Date.now() }),
    );
    const event = { what: "disk-poison", line: `${node} poisoned on ${path} by ${by}`, detail: { path, node, by } };
    const began = performance.now();
    while (performance.now() - began < timeout) {
      const taken = (await lookAt(area.file)).board?.nodes.get(index)?.record.poisonTaken;
      const waited = `${Math.round(performance.now() - began)} ms`;
      if (taken === number)
        return { code: "completed", text: `${node} took the poison after ${waited} and resets itself`, event };
      await sleep(lookEvery);
    }
    const unsure = `${node} did not take the poison within ${timeout / 1_000} s: it is dead, hangs, or does not see the disk. It stays there for this boot of ${node}.`;
    return { code: "timedOut", text: unsure, event };
  });
}
