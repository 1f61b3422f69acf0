import { type NodeName, nodeName } from "../core/names.js";
import type { HaCf } from "./ha-cf.js";
import type { HostFacts } from "./host-facts.js";
import { type Fault, fault, type Report } from "./report.js";
import { type Word, wholeFile } from "./source.js";
import { editDistance } from "./suggest.js";

/** The limit of the wire format (wire.md 2). */
const longestName = 99;

/** @returns this node and all nodes, checked; `self` is the first node when the caller does not know its own name. */
export function membersOf(
  { nodes, pings }: HaCf,
  facts: HostFacts,
  report: Report,
): { self: NodeName; nodes: readonly NodeName[] } {
  const names = distinct(nodes, report);
  checkPingNames(
    new Set(names),
    pings.map((ping) => ping.name),
    report,
  );
  if (names.length === 0) report.error(wholeFile, fault("no-nodes", "no nodes defined", nodesHint(facts)));
  const self = facts.unameNode === undefined ? (names[0] ?? nodeName("")) : nodeName(facts.unameNode);
  if (facts.unameNode !== undefined && names.length > 0 && !names.includes(self)) reportStranger(self, nodes, report);
  else if (names.length === 1)
    report.warn(
      nodes[0] ?? wholeFile,
      fault(
        "one-node",
        "Only one node is configured; nobody takes over when it fails.",
        "Add the other node: node <its uname -n>",
      ),
    );
  if (names.length > 2)
    report.warn(
      nodes.at(-1) ?? wholeFile,
      fault(
        "many-nodes",
        `${names.length} nodes are configured; resource groups of haresources are made for two.`,
        "Make one cluster of each two nodes.",
      ),
    );
  return { self, nodes: names };
}

function nodesHint({ unameNode }: HostFacts): string {
  return `Name both nodes as uname -n prints them: node ${unameNode ?? "master1"} master2`;
}

function distinct(nodes: readonly Word[], report: Report): readonly NodeName[] {
  const seen = new Map<NodeName, Word>();
  for (const word of nodes) {
    const name = nodeName(word.text);
    const before = seen.get(name);
    const doubt =
      before === undefined
        ? oddName(word.text)
        : fault("repeated-node", `Node ${word.text} stands in line ${before.line} already.`, "Remove one of the two.");
    if (doubt !== undefined) (word.text.length > longestName ? report.error : report.warn)(word, doubt);
    if (before === undefined) seen.set(name, word);
  }
  return [...seen.keys()];
}

function oddName(name: string): Fault | undefined {
  if (name.length > longestName)
    return fault(
      "node-name-too-long",
      `A node name has ${name.length} characters, ${longestName} are possible.`,
      "Use the name that uname -n prints.",
    );
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) return undefined;
  return fault(
    "odd-node-name",
    `[${name}] does not look like a host name.`,
    "Every word of a node line is a node; put # before a comment.",
  );
}

function checkPingNames(nodes: ReadonlySet<NodeName>, pings: readonly Word[], report: Report): void {
  const seen = new Map<string, Word>();
  for (const word of pings) {
    const before = seen.get(word.text.toLowerCase());
    if (nodes.has(nodeName(word.text)))
      report.error(
        word,
        fault(
          "ping-is-node",
          `Ping node ${word.text} has the name of a node of the cluster.`,
          "Ping something else that should always answer: the gateway, a switch.",
        ),
      );
    else if (before !== undefined)
      report.error(
        word,
        fault(
          "repeated-ping",
          `Ping node ${word.text} stands in line ${before.line} already.`,
          "Remove one of the two.",
        ),
      );
    else seen.set(word.text.toLowerCase(), word);
  }
}

/** The host's own name is in no node line: the commonest first mistake, so the line that was probably meant is named. */
function reportStranger(self: NodeName, nodes: readonly Word[], report: Report): void {
  const near = nodes.find((word) => isNearMiss(self, nodeName(word.text)));
  const names = nodes.map((word) => word.text).join(", ");
  const hint =
    near === undefined
      ? `uname -n says ${self}; ha.cf names ${names}. Add the line: node ${self}, or set the host name: hostnamectl set-hostname <name>`
      : `Line ${near.line} says ${near.text}, uname -n says ${self}. Write node ${self} there, or: hostnamectl set-hostname ${near.text}`;
  report.error(
    near ?? nodes[0] ?? wholeFile,
    fault("not-a-member", `Current node [${self}] not in configuration!`, hint),
  );
}

function isNearMiss(self: string, name: string): boolean {
  const short = (text: string): string => text.split(".")[0] ?? "";
  // Of master1 and master2 neither is a slip of the other.
  const digits = (text: string): string => text.replace(/\D/g, "");
  return short(self) === short(name) || (digits(self) === digits(name) && editDistance(self, name) <= 2);
}
