import type { NodeSnapshot, Snapshot } from "../../control/snapshot.js";
import type { Facts } from "../facts.js";
import { error, type Finding, note, warning } from "../finding.js";

/** What the daemon of this node has heard, and not heard, of the others. */
export function peerFindings({ daemon }: Facts): readonly Finding[] {
  if (daemon.kind === "stopped")
    return [
      note(
        "not-running",
        "heartbeat does not run on this node.",
        "What concerns the pair (clocks, keys, uuids, differing files) can be seen only while it runs.",
        "heartbeat    (or: systemctl start heartbeat)",
      ),
    ];
  if (daemon.kind === "unknown") return [];
  const { first, later } = daemon;
  const look: Look = { later, grew: (name) => (later.counters[name] ?? 0) > (first.counters[name] ?? 0) };
  const peers = later.nodes.filter((node) => !node.self && node.type === "normal");
  return [
    ...identities(later),
    ...refusals(look, peers),
    ...peers.flatMap((peer) => [...silence(peer, look), ...links(peer), ...differences(peer, later)]),
    ...pingNodes(later),
    ...alerts(later),
  ];
}

interface Look {
  readonly later: Snapshot;
  /** Whether a counter grew between the two looks. */
  grew(counter: string): boolean;
}

const alive = ({ liveness }: NodeSnapshot): boolean => liveness === "up" || liveness === "late";

function identities({ counters, node }: Snapshot): readonly Finding[] {
  const found: Finding[] = [];
  if ((counters["same-uuid"] ?? 0) > 0)
    found.push(
      error(
        "same-uuid",
        "Another node has the same uuid as this one.",
        "Its disk is a copy of this one's. Ours go by names; an original heartbeat takes the other node for itself and hears nothing.",
        "heartbeat -k && rm /var/lib/heartbeat/hb_uuid /var/lib/heartbeat/delhostcache && heartbeat    (on one of the two nodes)",
      ),
    );
  if ((counters["another-node-has-our-name"] ?? 0) > 0)
    found.push(
      error(
        "same-name",
        `Another machine on the heartbeat network calls itself ${node} too.`,
        "Its messages are taken for our own; neither of the two is heard.",
        "hostnamectl set-hostname <name>    (on the one with the wrong name, and restart heartbeat there)",
      ),
    );
  return found;
}

/** Datagrams with a digest that no key of ours makes. */
const keyTroubles = ["bad-digest", "unknown-key-index", "method-mismatch", "no-auth", "bad-auth"];

function refusals({ later, grew }: Look, peers: readonly NodeSnapshot[]): readonly Finding[] {
  const found: Finding[] = [];
  const troubles = keyTroubles.filter(grew);
  if (troubles.length > 0) {
    const missing = peers.filter((peer) => !alive(peer)).map(({ name }) => name);
    const why =
      missing.length === 0
        ? "All peers are heard, so somebody else speaks on this port: another cluster, or an attack."
        : `${missing.join(", ")} is not heard: its authkeys is most likely not the one of this node.`;
    found.push(
      (missing.length === 0 ? warning : error)(
        "wrong-key",
        `Heartbeats arrive that our keys do not fit (${troubles.map((name) => `${name}: ${later.counters[name]}`).join(", ")}).`,
        why,
        "sha256sum /etc/ha.d/authkeys    (on both nodes; the same file belongs on both)",
        `scp -p /etc/ha.d/authkeys root@${missing[0] ?? "<the other node>"}:/etc/ha.d/ && ssh root@${missing[0] ?? "<the other node>"} heartbeat -r`,
      ),
    );
  }
  if (grew("bad-node"))
    found.push(
      warning(
        "strangers-on-the-wire",
        `Nodes that are not in ha.cf speak to us with our key (${later.counters["bad-node"]} messages).`,
        "Two clusters share port, multicast group and key, or a node is missing in ha.cf here. They are not mixed up, but each must be told apart by its messages alone.",
        "give each cluster a port (udpport) or multicast group of its own, and a key of its own: heartbeat keygen",
      ),
    );
  if (grew("replay-attack"))
    found.push(
      warning(
        "older-generation",
        `Messages come from an incarnation of a peer that is older than the last one we knew (${later.counters["replay-attack"]} so far).`,
        "A recording is being played to us, or the peer's hb_generation was lost or restored from a backup.",
        "heartbeat -k && heartbeat    (on this node: it then learns the generation anew)",
      ),
    );
  return found;
}

/** A peer that we do not hear, or that speaks but does not repeat what only those can repeat who hear us. */
function silence(peer: NodeSnapshot, { grew }: Look): readonly Finding[] {
  if (alive(peer) || peer.liveness === "left") return [];
  const { name } = peer;
  if (grew("unproven-message"))
    return [
      error(
        "peer-does-not-hear-us",
        `${name} is heard, but does not hear us: the link works in one direction only.`,
        "Each of the two believes that it is alone, and takes everything.",
        `heartbeat doctor    (on ${name}: a firewall there, most likely)`,
        "the ucast lines of this node: do they name an address that it has?",
      ),
    ];
  return [
    error(
      "peer-not-heard",
      `${name} is not heard on any link${peer.program === "unknown" ? ", and never was" : ""}.`,
      "Either it does not run, or nothing of it arrives: then both nodes hold everything.",
      `ssh root@${name} heartbeat status`,
      `ssh root@${name} heartbeat doctor    (media of another kind there? ucast where this node has mcast?)`,
      "tcpdump -ni <interface> udp port 694    (does anything arrive?)",
    ),
  ];
}

function links(peer: NodeSnapshot): readonly Finding[] {
  if (!alive(peer)) return [];
  const dead = peer.links.filter(({ up }) => !up).map(({ name }) => name);
  return dead.map((link) =>
    warning(
      "link-dead",
      `Nothing of ${peer.name} arrives over ${link}; it is heard over ${peer.links.length - dead.length} other link(s).`,
      "When the last link dies, both nodes hold everything.",
      link.startsWith("/")
        ? `stty -F ${link} -a    (speed, flow control)`
        : `ip -s link show ${link}    (errors? carrier?)`,
      `heartbeat doctor    (on ${peer.name}: its firewall, its side of the cable)`,
    ),
  );
}

/** Stamps are whole seconds and datagrams take their time: less than this may be none. */
const clockTolerance = 2;

function differences(peer: NodeSnapshot, { timing }: Snapshot): readonly Finding[] {
  const { name, clockAhead, announcedDeadtime, differentGroups } = peer;
  const found: Finding[] = [];
  if (clockAhead !== undefined && alive(peer) && Math.abs(clockAhead) >= clockTolerance)
    found.push(
      warning(
        "clocks-apart",
        `The clock of ${name} is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? "ahead of" : "behind"} this node's.`,
        "Heartbeat does not decide by it; but logs of the two nodes cannot be compared, and services with time stamps go wrong at a takeover.",
        "timedatectl set-ntp true    (on both nodes; or: apt-get install chrony)",
      ),
    );
  if (announcedDeadtime !== undefined && alive(peer) && announcedDeadtime !== timing.deadtime)
    found.push(
      warning(
        "different-deadtime",
        `The deadtime of ${name} is ${announcedDeadtime} ms, here it is ${timing.deadtime} ms.`,
        "Each of ours judges by its own; an original waits for the longer one. The pair takes over faster in one direction than in the other.",
        compareWith(name),
      ),
    );
  if (differentGroups === true)
    found.push(
      warning(
        "different-haresources",
        `The resource groups of ${name} are not those of this node.`,
        "What only one of the files names is not taken over when that node fails. (Meant? Then nothing is to be done.)",
        compareWith(name),
        `scp -p /etc/ha.d/haresources root@${name}:/etc/ha.d/    (then restart heartbeat there)`,
      ),
    );
  return found;
}

const compareWith = (name: string): string =>
  `d=$(mktemp -d) && scp -p root@${name}:/etc/ha.d/{ha.cf,authkeys,haresources} $d && heartbeat check --against $d; rm -r $d`;

const pingNodes = ({ nodes }: Snapshot): readonly Finding[] =>
  nodes.flatMap((node) =>
    node.type !== "ping" || node.liveness === "up" || node.liveness === "late"
      ? []
      : [
          warning(
            "ping-node-silent",
            `The ping node ${node.name} does not answer.`,
            "With ipfail the groups move to the node that reaches more ping nodes; when none answers anybody, it decides nothing.",
            `ping -c 3 ${node.name}    (does it answer at all? is this node cut off?)`,
          ),
        ],
  );

/** What the daemon itself is alarmed about; what has a finding of its own is left out. */
const alerts = ({ alerts: all }: Snapshot): readonly Finding[] =>
  all
    .filter((text) => !/^haresources of |was never heard on any link/.test(text))
    .map((text) =>
      error("alert", `heartbeat itself reports: ${text}.`, "A group is not where it should be.", "heartbeat status"),
    );
