import type { OwnCluster } from "./own-cluster.js";

/**
 * Everything that `heartbeat check --guarantees` lets go wrong, as questions to the simulator: each failure by itself, and those that come from
 * independent causes two at a time.
 */
export interface Failure {
  /** As `heartbeat simulate` understands it. */
  readonly question: string;
  /** What has to fail for it: two failures with a cause in common are not two. */
  readonly causes: readonly string[];
}

/** @returns each failure by itself. */
export function singleFailures({ nodes, links, lans, pings, scripts, config }: OwnCluster): readonly Failure[] {
  const perNode = nodes.flatMap((node) => [
    failure(`${node} crashes`, node),
    failure(`${node}'s daemon dies`, node),
    failure(`${node} hangs`, node),
    failure(`${node} freezes, then ${node} comes back`, node),
    failure(`${node} is cut off`, node),
    ...[...new Set([...links, ...lans])].map((link) => failure(`${node} loses ${link}`, node, link)),
    ...(pings.length > 0 ? [failure(`${node} loses its ping nodes`, node, "pings")] : []),
    ...scripts.map((script) => failure(`${script} dies on ${node}`, node, script)),
    ...scripts.map((script) => failure(`${script} fails on ${node}`, node, script)),
  ]);
  return [
    ...perNode,
    ...links.map((link) => failure(`link ${link} fails`, link)),
    ...(links.length > 1 ? [failure("all links fail", ...links)] : []),
    ...(config.settings.arbitration.leaseTime === undefined ? [] : [failure("the arbiter is lost", "arbiter")]),
    ...(config.settings.fencing.devices.length > 0 ? [failure("fencing fails", "fencing")] : []),
  ];
}

const failure = (question: string, ...causes: string[]): Failure => ({ question, causes });

/** Only these are combined: the others are told from one of them by nothing that a second failure would show. */
const isCombined = ({ question }: Failure): boolean =>
  / crashes$| is cut off$| hangs$| loses its ping nodes$|^link |^fencing fails$|^the arbiter is lost$/.test(question);

/** @returns two independent failures at the same time, at most `most` of them. */
export function doubleFailures(cluster: OwnCluster, most = 120): readonly Failure[] {
  const singles = singleFailures(cluster).filter(isCombined);
  const pairs = singles.flatMap((one, i) =>
    singles
      .slice(i + 1)
      .filter((other) => !one.causes.some((cause) => other.causes.includes(cause)))
      .map((other) => failure(`${one.question} and ${other.question}`, ...one.causes, ...other.causes)),
  );
  return pairs.filter((pair) => leavesSomebody(cluster, pair)).slice(0, most);
}

/** Where every node is down or out, nobody can hold anything, and no configuration mends that. */
function leavesSomebody({ nodes }: OwnCluster, { question }: Failure): boolean {
  const struck = nodes.filter(
    (node) =>
      question.includes(`${node} crashes`) ||
      question.includes(`${node} hangs`) ||
      question.includes(`${node} is cut off`),
  );
  return struck.length < nodes.length;
}
