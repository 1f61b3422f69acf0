import type { GroupSnapshot, NodeSnapshot, Snapshot } from "../control/snapshot.js";
import { plain } from "./words.js";

/**
 * What happened between two snapshots, one sentence each, for a log or a pipe; ages and uptimes are no news. Given no
 * former snapshot, everything is news.
 */
export function changes(before: Snapshot | undefined, after: Snapshot): string[] {
  return [
    ...phaseNews(before, after),
    ...after.nodes.flatMap((node) =>
      nodeNews(
        before?.nodes.find(({ name }) => name === node.name),
        node,
      ),
    ),
    ...after.groups.flatMap((group) =>
      groupNews(
        before?.groups.find(({ name }) => name === group.name),
        group,
      ),
    ),
    ...after.alerts.filter((alert) => before?.alerts.includes(alert) !== true).map((alert) => `alert: ${plain(alert)}`),
    ...(before?.alerts ?? []).filter((alert) => !after.alerts.includes(alert)).map((alert) => `over: ${plain(alert)}`),
  ];
}

/** A reason may count down; that is no news. */
const withoutNumbers = (text: string): string => text.replace(/\d+/g, "#");

function phaseNews(before: Snapshot | undefined, after: Snapshot): string[] {
  if (before !== undefined && before.generation !== after.generation)
    return ["heartbeat was started again", ...phaseNews(undefined, after)];
  if (before?.phase === after.phase && withoutNumbers(before.phaseReason) === withoutNumbers(after.phaseReason))
    return [];
  const why = after.phaseReason === "" ? "" : ` (${plain(after.phaseReason)})`;
  return [`${plain(after.node)} is ${after.phase}${why}`];
}

function nodeNews(before: NodeSnapshot | undefined, after: NodeSnapshot): string[] {
  const name = plain(after.name);
  const news: string[] = [];
  if (before?.liveness !== after.liveness || before.status !== after.status)
    news.push(`node ${name} is ${after.liveness}, status ${plain(after.status)}`);
  if (after.self) return news;
  for (const link of after.links) {
    const former = before?.links.find((one) => one.name === link.name);
    if (former?.up !== link.up) news.push(`link ${name}:${plain(link.name)} is ${link.up ? "up" : "down"}`);
  }
  return news;
}

function groupNews(before: GroupSnapshot | undefined, after: GroupSnapshot): string[] {
  if (before?.holder === after.holder && before.state === after.state) return [];
  const holder = after.holder === null ? "held by nobody" : `held by ${plain(after.holder)}`;
  return [`group ${plain(after.name)} is ${holder}, here ${plain(after.state)} (${plain(after.because)})`];
}
