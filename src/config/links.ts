import type { MediumConfig, NetworkMedium } from "./config.js";
import type { HaCf } from "./ha-cf.js";
import type { HostFacts, InterfaceFacts } from "./host-facts.js";
import { ipv4, sameAddress } from "./ip-address.js";
import type { MediumLine } from "./media.js";
import type { PingLine } from "./pings.js";
import { type Fault, fault, type Report } from "./report.js";
import { type Word, wholeFile } from "./source.js";

/** @returns the media that lead to other nodes; a ucast line with an address of this very host is left out without a word, so that both nodes may have the same file. */
export function linksOf(
  { media, pings, singles, nodes }: HaCf,
  facts: HostFacts,
  report: Report,
): readonly MediumConfig[] {
  checkInterfaces(media, facts, report);
  checkPort(singles.udpport?.word, facts, report);
  checkRepeats(media, report);
  const foreign = media.filter((line) => !pointsHome(line, facts));
  if (foreign.length === 0) reportNoWay(media, pings, facts, report);
  else if (nodes.length > 1) checkSingleLink(foreign, pings, report);
  checkOwnPings(pings, facts, report);
  return foreign.map((line) => line.medium);
}

const ownAddresses = (facts: HostFacts): readonly string[] =>
  (facts.interfaces ?? []).flatMap((nic) => nic.addresses.map((one) => one.address));

const isOwn = (address: string, facts: HostFacts): boolean =>
  ownAddresses(facts).some((own) => sameAddress(own, address));

const pointsHome = ({ medium }: MediumLine, facts: HostFacts): boolean =>
  (medium.kind === "ucast" || medium.kind === "ucast6") && isOwn(medium.address, facts);

function checkInterfaces(media: readonly MediumLine[], { interfaces }: HostFacts, report: Report): void {
  if (interfaces === undefined) return;
  for (const { medium, device } of media) {
    if (medium.kind === "serial") continue;
    const nic = interfaces.find((one) => one.name === device.text);
    const problem = nic === undefined ? noInterface(device.text, interfaces) : unfit(medium, nic);
    if (problem !== undefined) report.error(device, problem);
  }
}

/** @returns what to say of an interface that this host does not have. */
export function noInterface(name: string, interfaces: readonly InterfaceFacts[]): Fault {
  const there = interfaces.map((one) => one.name).filter((one) => one !== "lo");
  return fault(
    "no-interface",
    `IP interface [${name}] does not exist`,
    `This host has: ${there.join(", ") || "none"}. ip link shows them.`,
  );
}

function unfit(medium: NetworkMedium, nic: InterfaceFacts): Fault | undefined {
  const hasIpv4 = nic.addresses.some((one) => ipv4(one.address) !== undefined);
  if (medium.kind === "bcast" && !(nic.broadcast && hasIpv4))
    return fault(
      "no-broadcast",
      `Interface ${nic.name} has no broadcast address.`,
      "Use ucast with the peer's address, or give the interface an IPv4 address.",
    );
  if (medium.kind === "mcast" && !hasIpv4)
    return fault(
      "no-interface-address",
      `mcast device [${nic.name}] is invalid or not set up properly: it has no IPv4 address.`,
      "Give the interface an address.",
    );
  return undefined;
}

function checkPort(word: Word | undefined, { serviceOfPort }: HostFacts, report: Report): void {
  const service = word && serviceOfPort?.(Number(word.text));
  if (word === undefined || service === undefined || service === "ha-cluster") return;
  report.warn(
    word,
    fault(
      "port-reserved",
      `udp port ${word.text} reserved for service "${service}".`,
      "694 is the registered port of heartbeat; each cluster on one network needs its own.",
    ),
  );
}

function checkRepeats(media: readonly MediumLine[], report: Report): void {
  const seen = new Map<string, Word>();
  for (const { medium, directive } of media) {
    const text = JSON.stringify(medium);
    const before = seen.get(text);
    if (before !== undefined && before !== directive)
      report.warn(
        directive,
        fault(
          "repeated-medium",
          `The same medium stands in line ${before.line} already; every heartbeat would go there twice.`,
          "Remove one of the two lines.",
        ),
      );
    seen.set(text, before ?? directive);
  }
}

function reportNoWay(media: readonly MediumLine[], pings: readonly PingLine[], facts: HostFacts, report: Report): void {
  const [first] = media;
  if (first !== undefined) {
    const text = `every ucast line points at this node itself (${first.address?.text ?? ""}); no medium leads to another node.`;
    const own = ownAddresses(facts)
      .filter((address) => !address.startsWith("127.") && address !== "::1")
      .join(", ");
    report.error(
      first.address ?? first.directive,
      fault(
        "ucast-to-self",
        text,
        `This node has ${own}. Write the other node's address; the lines of both nodes may stand in both files.`,
      ),
    );
  } else if (pings.length > 0) {
    report.error(
      pings[0]?.name ?? wholeFile,
      fault(
        "no-media",
        "No heartbeat media defined except ping nodes; no medium leads to another node.",
        "Add a line: ucast <interface> <address of the other node>",
      ),
    );
  } else
    report.error(
      wholeFile,
      fault("no-media", "No heartbeat media defined", "Add a line: ucast <interface> <address of the other node>"),
    );
}

function checkSingleLink(media: readonly MediumLine[], pings: readonly PingLine[], report: Report): void {
  const [first] = media;
  if (first === undefined || new Set(media.map((line) => line.medium.device)).size > 1) return;
  const cut = "when it is cut, both nodes take the other for dead and hold everything";
  const text = `There is only one heartbeat link, ${first.medium.device}: ${cut}${pings.length === 0 ? ", and no ping node tells which of them is cut off" : ""}.`;
  report.warn(
    first.directive,
    fault(
      "single-link",
      text,
      "Add a second medium over another network, for instance the one of the service addresses.",
    ),
  );
}

function checkOwnPings(pings: readonly PingLine[], facts: HostFacts, report: Report): void {
  for (const { ping, name } of pings)
    if (ping.hosts.some((host) => isOwn(host, facts)))
      report.warn(
        name,
        fault(
          "ping-to-self",
          `Ping node ${name.text} is this host; it always answers.`,
          "Ping the gateway or another host on the service network.",
        ),
      );
}
