import { inNetwork } from "../../config/ip-address.js";
import type { LinkFacts } from "../../ports/survey.js";
import type { Facts } from "../facts.js";
import { error, type Finding, note, warning } from "../finding.js";
import type { Subjects } from "../subjects.js";

/** The interfaces: those that carry heartbeats and those that carry service addresses. Missing ones are the check's business. */
export function linkFindings(subjects: Subjects, facts: Facts): readonly Finding[] {
  const { links, sysctl } = facts;
  if (links === undefined) return [];
  const named = (name: string | undefined): LinkFacts | undefined => links.find((link) => link.name === name);
  const heartbeats = distinctLinks(subjects.media.map(({ device }) => named(device)));
  const services = distinctLinks(subjects.addresses.map(({ device }) => named(device)));
  return [
    ...distinctLinks([...heartbeats, ...services]).flatMap((link) => carrierFindings(link, heartbeats.includes(link))),
    ...peersOutOfReach(subjects, links),
    ...services.flatMap(managerFindings),
    ...(sysctl === undefined ? [] : kernelSettings(subjects, { links, heartbeats, services, sysctl })),
  ];
}

const distinctLinks = (links: readonly (LinkFacts | undefined)[]): readonly LinkFacts[] => [
  ...new Set(links.filter((link) => link !== undefined)),
];

function carrierFindings({ name, up, carrier }: LinkFacts, heartbeats: boolean): readonly Finding[] {
  if (up && carrier) return [];
  const use = heartbeats ? "heartbeats" : "service addresses";
  if (!up)
    return [
      error(
        "interface-down",
        `Interface ${name} for ${use} is down.`,
        "Nothing goes over it.",
        `ip link set ${name} up`,
      ),
    ];
  return [
    error(
      "no-carrier",
      `Interface ${name} for ${use} has no carrier.`,
      "The cable is out, or the other end of it is dead (on a direct cable: the other node).",
      `ip -s link show ${name}    (then the cable, the switch port, the other end)`,
    ),
  ];
}

/** `ucast` binds to the device, so an address outside its networks is reached only through a gateway behind that very device. */
function peersOutOfReach({ media }: Subjects, links: readonly LinkFacts[]): readonly Finding[] {
  return media.flatMap(({ device, peer }) => {
    const link = links.find(({ name }) => name === device);
    // Of an interface that is down the addresses are not known.
    if (peer === undefined || link === undefined || !link.up || !link.carrier) return [];
    if (link.addresses.some((own) => inNetwork(peer, own))) return [];
    const own = link.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(", ") || "no address";
    return [
      (link.addresses.length === 0 ? error : warning)(
        "peer-out-of-reach",
        `${peer} is in no network of ${device} (which has ${own}).`,
        "Heartbeats are bound to the interface; unless a gateway behind it leads there, they go nowhere.",
        `ip addr show ${device}    (then mend the ucast line, or the address of ${device})`,
      ),
    ];
  });
}

function managerFindings({ name, manager, keepsForeign }: LinkFacts): readonly Finding[] {
  if (manager === undefined || keepsForeign) return [];
  if (manager === "NetworkManager")
    return [
      note(
        "network-manager",
        `NetworkManager looks after ${name}, which carries service addresses.`,
        "When its connection is taken down and up again, the service addresses go with it; the daemon puts them back.",
        `nmcli device set ${name} managed no    (when the interface is configured elsewhere)`,
      ),
    ];
  return [
    warning(
      "networkd-removes-addresses",
      `systemd-networkd looks after ${name} and removes service addresses whenever it is restarted (package upgrades do that).`,
      "For as long as the daemon does not notice, nobody has the address.",
      `printf '[Network]\\nKeepConfiguration=yes\\n' > /etc/systemd/network/<file of ${name}>.d/heartbeat.conf`,
      "networkctl reload",
    ),
  ];
}

interface Kernel {
  readonly links: readonly LinkFacts[];
  readonly heartbeats: readonly LinkFacts[];
  readonly services: readonly LinkFacts[];
  readonly sysctl: (path: string) => number | undefined;
}

function kernelSettings(subjects: Subjects, kernel: Kernel): readonly Finding[] {
  return [...arpAnswers(kernel), ...reversePath(kernel), ...sharedNetwork(kernel), ...sixSwitchedOff(subjects, kernel)];
}

/** For these settings the kernel takes the larger one of the device's and of `all`. */
const larger = (sysctl: Kernel["sysctl"], device: string, name: string): number =>
  Math.max(sysctl(`net/ipv4/conf/all/${name}`) ?? 0, sysctl(`net/ipv4/conf/${device}/${name}`) ?? 0);

function arpAnswers({ services, sysctl }: Kernel): readonly Finding[] {
  return services.flatMap(({ name }) => {
    const ignore = larger(sysctl, name, "arp_ignore");
    if (ignore < 3) return [];
    return [
      error(
        "arp-ignored",
        `arp_ignore is ${ignore} on ${name}: this host does not answer for its service addresses.`,
        "After a takeover the address is here and nobody finds it.",
        `sysctl -w net.ipv4.conf.${name}.arp_ignore=1 net.ipv4.conf.all.arp_ignore=0    (and in /etc/sysctl.d)`,
      ),
    ];
  });
}

/** Two interfaces in one network: the pairs of names. */
function neighbours(links: readonly LinkFacts[]): readonly (readonly [LinkFacts, LinkFacts])[] {
  const shares = (one: LinkFacts, other: LinkFacts): boolean =>
    one.addresses.some(
      (own) => !own.address.startsWith("fe80:") && other.addresses.some((theirs) => inNetwork(theirs.address, own)),
    );
  return links.flatMap((one, i) =>
    links.slice(i + 1).flatMap((other) => (shares(one, other) ? [[one, other] as const] : [])),
  );
}

/** Strict reverse path filtering drops what comes in by another interface than the one that answers would leave by. */
function reversePath({ links, heartbeats, sysctl }: Kernel): readonly Finding[] {
  return neighbours(links).flatMap((both) => {
    const strict = both.filter((link) => heartbeats.includes(link) && larger(sysctl, link.name, "rp_filter") === 1);
    return strict.map(({ name }) =>
      warning(
        "reverse-path-filter",
        `rp_filter is 1 on ${name}, and ${both.map((link) => link.name).join(" and ")} are in one network.`,
        "The kernel drops heartbeats that come in by the interface that its route does not prefer: a link that is silent for no visible reason.",
        `sysctl -w net.ipv4.conf.${name}.rp_filter=2    (and in /etc/sysctl.d; the larger value of all and ${name} counts)`,
      ),
    );
  });
}

/** The tutorial's own plan has both cards in one network: each answers for the addresses of the other. */
function sharedNetwork({ links, services, sysctl }: Kernel): readonly Finding[] {
  return neighbours(links).flatMap((both) => {
    const service = both.find((link) => services.includes(link));
    if (service === undefined || both.every(({ name }) => larger(sysctl, name, "arp_ignore") > 0)) return [];
    return [
      warning(
        "one-network-two-interfaces",
        `${both.map((link) => link.name).join(" and ")} are in one network: each of them answers ARP questions for the addresses of the other.`,
        "Clients may send what is meant for a service address over the heartbeat interface; when that one fails, the service seems to fail with it.",
        "give the heartbeat interfaces a network of their own (best), or:",
        "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2    (and in /etc/sysctl.d)",
      ),
    ];
  });
}

function sixSwitchedOff({ media, addresses }: Subjects, { sysctl }: Kernel): readonly Finding[] {
  const needed = [
    ...media.flatMap(({ kind, device }) => (kind === "ucast6" || kind === "mcast6" ? [device] : [])),
    ...addresses.flatMap(({ family, device }) => (family === "ipv6" && device !== undefined ? [device] : [])),
  ];
  return [...new Set(needed)].flatMap((device) =>
    sysctl(`net/ipv6/conf/${device}/disable_ipv6`) !== 1
      ? []
      : [
          error(
            "ipv6-disabled",
            `IPv6 is switched off on ${device}, and the files need it there.`,
            "IPv6 addresses cannot be set, IPv6 heartbeats cannot leave.",
            `sysctl -w net.ipv6.conf.${device}.disable_ipv6=0    (and in /etc/sysctl.d)`,
          ),
        ],
  );
}
