import { nodeName } from "../core/names.js";
import type { AddressConfig } from "./config.js";
import type { HaCf } from "./ha-cf.js";
import type { GroupLine } from "./haresources.js";
import type { HostFacts, ScriptPlace } from "./host-facts.js";
import { canonical, inNetwork, sameAddress } from "./ip-address.js";
import { noInterface } from "./links.js";
import { broadcastFault, endWarning } from "./network-ends.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import { nearest } from "./suggest.js";

/** Compares the resource groups with ha.cf, with this host and with each other; all of it was found at the takeover before (weaknesses.md B10 to B13). */
export function checkGroups(groups: readonly GroupLine[], haCf: HaCf, facts: HostFacts, report: Report): void {
  // Without any node line every owner would be unknown; that ha.cf names no node has been said once.
  if (haCf.nodes.length > 0) for (const group of groups) checkOwner(group.owner, haCf, report);
  checkKeys(groups, report);
  checkRepeatedAddresses(groups, report);
  checkSharedScripts(groups, report);
  const moving = groups
    .flatMap((group) => group.resources)
    .flatMap(({ resource }) => (resource.kind === "address" ? [resource.address.address] : []));
  const byScript = haCf.singles.address_agent?.value === "script";
  for (const { word, resource } of groups.flatMap((group) => group.resources)) {
    const problems =
      resource.kind === "script"
        ? [scriptFault(resource.script, facts)]
        : [
            addressFault(resource.address, haCf, facts) ?? broadcastFault(resource.address, facts.interfaces, moving),
            byScript ? scriptFault(resource.agent, facts) : undefined,
          ];
    for (const problem of problems) if (problem !== undefined) report.error(word, problem);
    if (resource.kind !== "address") continue;
    checkReach(resource.address, word, facts, report);
    const doubt = problems.some((problem) => problem !== undefined) ? undefined : endWarning(resource.address);
    if (doubt !== undefined) report.warn(word, doubt);
  }
}

function checkOwner(owner: Word, { nodes, pings }: HaCf, report: Report): void {
  const name = nodeName(owner.text);
  if (nodes.some((node) => nodeName(node.text) === name)) return;
  const known = nodes.map((node) => node.text);
  const text = `Bad nodename in ${report.file} [${owner.text}]`;
  if (pings.some(({ ping }) => nodeName(ping.name) === name)) {
    report.error(
      owner,
      fault(
        "owner-is-ping",
        `${text}: it is a ping node and cannot hold resources.`,
        `Write one of: ${known.join(", ")}.`,
      ),
    );
    return;
  }
  // Of master1 and master2 neither is a slip of the other; to follow such a suggestion would move a group to the wrong node.
  const digits = (text: string): string => text.replace(/\D/g, "");
  const near = nearest(
    owner.text,
    known.filter((one) => digits(one) === digits(owner.text)),
  );
  const hint = near === undefined ? `ha.cf names ${known.join(", ") || "no node"}.` : `Did you mean ${near}?`;
  report.error(owner, fault("unknown-owner", text, `A line begins with the node that the group belongs to. ${hint}`));
}

/** The first resource of a line is the name of its group. */
function checkKeys(groups: readonly GroupLine[], report: Report): void {
  const seen = new Map<string, Word>();
  for (const { resources } of groups) {
    const first = resources[0]?.word;
    if (first === undefined) continue;
    const before = seen.get(first.text);
    if (before === undefined) seen.set(first.text, first);
    else
      report.error(
        first,
        fault(
          "repeated-key",
          `Two groups begin with ${first.text} (the other one in line ${before.line}); the first resource is the name of a group.`,
          "Put both groups into one line, or begin one of them with another resource.",
        ),
      );
  }
}

/** Every address once. The same text at the beginning of two groups has been reported as their common name already. */
function checkRepeatedAddresses(groups: readonly GroupLine[], report: Report): void {
  const firsts = firstWords(groups);
  const seen = new Map<string, Word>();
  for (const { word, resource } of groups.flatMap((group) => group.resources)) {
    if (resource.kind !== "address") continue;
    const { address } = resource.address;
    const before = seen.get(canonical(address));
    if (before === undefined) seen.set(canonical(address), word);
    else if (!(firsts.has(before) && firsts.has(word) && before.text === word.text))
      report.error(
        word,
        fault(
          "repeated-address",
          `${address} is in line ${before.line} already; an address belongs to one group.`,
          "Remove one of the two.",
        ),
      );
  }
}

function checkSharedScripts(groups: readonly GroupLine[], report: Report): void {
  const firsts = firstWords(groups);
  const seen = new Map<string, Word>();
  for (const { word, resource } of groups.flatMap((group) => group.resources)) {
    if (resource.kind !== "script") continue;
    const before = seen.get(word.text);
    if (before === undefined) seen.set(word.text, word);
    else if (!(firsts.has(before) && firsts.has(word))) report.warn(word, shared(word.text, before.line));
  }
}

const firstWords = (groups: readonly GroupLine[]): ReadonlySet<Word | undefined> =>
  new Set(groups.map((group) => group.resources[0]?.word));

const shared = (text: string, line: number): Fault =>
  fault(
    "shared-resource",
    `${text} stands in line ${line} already: when one node holds both groups, stopping one of them stops it for both.`,
    "Leave it in one group, or let it run on both nodes without heartbeat.",
  );

function scriptFault(script: string, { scripts }: HostFacts): Fault | undefined {
  const place: ScriptPlace = scripts?.(script) ?? "resource.d";
  if (place === "absent") return fault("script-absent", `Cannot locate resource script ${script}`, absentHint(script));
  if (place === "not-executable")
    return fault(
      "script-not-executable",
      `Resource script ${script} is not executable`,
      `Make it executable with chmod a+x.`,
    );
  return undefined;
}

function absentHint(script: string): string {
  if (script.startsWith("ocf:"))
    return "Install the agent (package resource-agents), or mend the name: ocf:<provider>:<agent>.";
  const builtIn = nearest(script, ["IPaddr", "IPaddr2", "IPv6addr"]);
  const meant = builtIn === undefined ? "" : ` Did you mean ${builtIn}?`;
  return `It is looked for in resource.d beside ha.cf, then in /etc/init.d, under exactly this name.${meant}`;
}

function addressFault(
  { address, device }: AddressConfig,
  { media, pings }: HaCf,
  { interfaces }: HostFacts,
): Fault | undefined {
  if (device !== undefined && interfaces?.some((nic) => nic.name === device) === false)
    return noInterface(device, interfaces);
  const peer = media.find(
    ({ medium }) => (medium.kind === "ucast" || medium.kind === "ucast6") && sameAddress(medium.address, address),
  );
  if (peer !== undefined) return taken(address, `the heartbeat address in line ${peer.directive.line} of ha.cf`);
  const ping = pings.find((line) => line.ping.hosts.some((host) => sameAddress(host, address)));
  return ping && taken(address, `the ping node in line ${ping.name.line} of ha.cf`);
}

const taken = (address: string, by: string): Fault =>
  fault(
    "address-taken",
    `${address} is also ${by}; a service address moves, that one must not.`,
    "Take an address that no host has.",
  );

/** Without an interface in haresources, the one whose network contains the address is used; there must be one. */
function checkReach({ address, device }: AddressConfig, word: Word, { interfaces }: HostFacts, report: Report): void {
  if (device !== undefined || interfaces === undefined) return;
  if (interfaces.some((nic) => nic.addresses.some((own) => inNetwork(address, own)))) return;
  report.warn(
    word,
    fault(
      "no-network",
      `No interface of this host is in the network of ${address}.`,
      `Name the interface: ${address}/24/<interface>`,
    ),
  );
}
