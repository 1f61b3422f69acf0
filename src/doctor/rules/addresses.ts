import type { AddressFacts } from "../../ports/survey.js";
import type { DaemonFacts, Facts } from "../facts.js";
import { error, type Finding, warning } from "../finding.js";
import type { AddressSubject, Subjects } from "../subjects.js";

/** Service addresses that are where they should not be. Two answers for one address is the harm that heartbeat exists to avoid. */
export function addressFindings({ addresses }: Subjects, { probes, daemon }: Facts): readonly Finding[] {
  return addresses.flatMap((subject) => {
    const seen = probes?.find(({ address }) => address === subject.address);
    return seen === undefined ? [] : [...fixed(subject, seen), ...placed(subject, seen, holderOf(subject, daemon))];
  });
}

/** Who holds it as far as the daemon of this node knows. `unsure`: it does not run, or is not active yet. */
type Holder = "here" | "peer" | "nobody" | "unsure";

function holderOf({ group }: AddressSubject, daemon: DaemonFacts): Holder {
  if (daemon.kind !== "running" || daemon.later.phase !== "active") return "unsure";
  const known = daemon.later.groups.find(({ name }) => name === group);
  if (known === undefined) return "unsure";
  if (known.holder === null) return "nobody";
  return known.holder === daemon.later.node ? "here" : "peer";
}

function fixed({ address, device }: AddressSubject, { configuredIn }: AddressFacts): readonly Finding[] {
  if (configuredIn === undefined) return [];
  return [
    error(
      "address-configured-statically",
      `${address} is a service address, and ${configuredIn} gives it to this host at every boot.`,
      "After a reboot this host has the address beside the node that holds it.",
      `remove it from ${configuredIn}`,
      `ip addr del ${address} dev ${device ?? "<interface>"}    (when heartbeat does not hold it here)`,
    ),
  ];
}

function placed(subject: AddressSubject, { here, macs = [] }: AddressFacts, holder: Holder): readonly Finding[] {
  const { address, device = "<interface>" } = subject;
  if (here && macs.length > 0) return [twice(address, device, ["this host", ...macs])];
  if (here) return holder === "here" ? [] : [leftHere(address, device, holder)];
  if (macs.length > 1) return [twice(address, device, macs)];
  const [mac] = macs;
  return mac === undefined || holder === "peer" ? [] : [elsewhere(subject, mac, holder)];
}

const twice = (address: string, device: string, holders: readonly string[]): Finding =>
  error(
    "address-twice",
    `${address} is answered for by ${holders.length} machines: ${holders.join(", ")}.`,
    "Clients reach now one, now the other; data that should be in one place end up in two.",
    `arping -D -c 2 -I ${device} ${address}    (who answers; the table of the switch says on which port the MAC is)`,
    `ip addr del ${address} dev ${device}    (on the machine that should not have it)`,
  );

function leftHere(address: string, device: string, holder: Holder): Finding {
  const known =
    holder === "unsure"
      ? "heartbeat does not hold it here"
      : `${holder === "peer" ? "the other node" : "nobody"} holds its group`;
  return (holder === "unsure" ? warning : error)(
    "address-left-here",
    `${address} is on this host although ${known}.`,
    "Left behind by a crash, set by hand, or by the system at boot. When the other node takes it, two machines have it.",
    `ip addr del ${address} dev ${device}    (unless it was set by hand on purpose, while heartbeat is stopped on both nodes)`,
  );
}

function elsewhere({ address, device }: AddressSubject, mac: string, holder: Holder): Finding {
  const what = `${address} is active on another machine already, ${mac} on ${device ?? "the network"}`;
  if (holder === "unsure")
    return warning(
      "address-active-elsewhere",
      `${what}.`,
      "Right if the other node's heartbeat holds it (heartbeat status there). If not, it would be on two machines as soon as heartbeat takes it here.",
      `arping -c 2 -I ${device ?? "<interface>"} ${address}    (does the MAC belong to the other node?)`,
    );
  return error(
    "address-active-elsewhere",
    `${what}, and no node of the cluster holds it.`,
    "Somebody else uses the address, or a node left it behind. As soon as heartbeat takes it, two machines have it.",
    `arping -c 2 -I ${device ?? "<interface>"} ${address}    (which machine is it?)`,
    `ip addr del ${address} dev <interface>    (there), or another address in haresources of both nodes`,
  );
}
