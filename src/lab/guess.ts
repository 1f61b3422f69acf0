/**
 * A plan of machines and wires from nothing but the three files: the nodes named in ha.cf, a wire per interface name, the addresses that
 * the files mention, and invented ones (free, in the right network) for the rest. What the files leave open is chosen like the
 * tutorial's plan: the ping node is a gateway on the service network, and the client lives there too.
 */
import { ipBytes, ipText } from "../io/ip-bytes.js";
import type { Interface, MachinePlan, Topology } from "./topology.js";

/** The texts of one node that matter here. */
export interface GuessedFrom {
  readonly haCf: string;
  readonly haresources: string;
}

/** An address resource of haresources. */
export interface Service {
  readonly owner: string;
  readonly address: string;
  readonly prefix: number;
  readonly device: string | undefined;
}

type Words = readonly string[];

const wordsOf = (text: string): readonly Words[] =>
  text
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));

/** The addresses in haresources, with or without the name of the script. */
export function servicesOf(haresources: string): readonly Service[] {
  const joined = haresources.replaceAll("\\\n", " ");
  return wordsOf(joined).flatMap(([owner = "", ...resources]) =>
    resources.flatMap((resource) => {
      const text = resource.replace(/^(IPaddr2?|IPv6addr)::/, "");
      const [address = "", prefix, device] = text.split("/");
      const family = address.includes(":") ? "ipv6" : "ipv4";
      if (!ipBytes(family, address)) return [];
      return [{ owner, address, prefix: Number(prefix ?? (family === "ipv4" ? 24 : 64)) || 24, device }];
    }),
  );
}

/** The names on the `node` lines, in order. */
export const nodeNames = (haCf: string): readonly string[] => [
  ...new Set(wordsOf(haCf).flatMap(([directive, ...names]) => (directive === "node" ? names : []))),
];

/** Hands out addresses of one network that nobody has. */
class Pool {
  readonly #taken: Set<string>;
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A free address in the network of `like`, from host number `from` on. */
  take(like: string, prefix: number, from: number): string {
    const bytes = ipBytes(like.includes(":") ? "ipv6" : "ipv4", like) ?? new Uint8Array(4);
    for (let host = from; host < from + 200; host += 1) {
      const bits = Math.min(16, bytes.length * 8 - prefix);
      const low = ((bytes.at(-2) ?? 0) << 8) | (bytes.at(-1) ?? 0);
      const number = ((low >> bits) << bits) | (host & ((1 << bits) - 1));
      const address = ipText(Uint8Array.of(...bytes.subarray(0, -2), (number >> 8) & 255, number & 255));
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
    throw new Error(`no free address in the network of ${like}/${prefix}`);
  }
}

/** Interfaces that media lines name, with the peers' addresses where the line has one. */
function mediaOf(haCf: string): readonly { device: string; peer: string | undefined }[] {
  return wordsOf(haCf).flatMap(([directive = "", ...values]) => {
    const [device = "", peer] = values;
    if (/^ucast6?$/.test(directive)) return [{ device, peer }];
    if (/^mcast6?$/.test(directive)) return [{ device, peer: undefined }];
    return directive === "bcast"
      ? values.filter((one) => !/^\d/.test(one)).map((one) => ({ device: one, peer: undefined }))
      : [];
  });
}

/** Guesses the plan; throws with the reason if the files say too little. */
export function guessTopology(files: ReadonlyMap<string, GuessedFrom>): Topology {
  const all = [...files.values()];
  const names = [...files.keys()];
  const services = servicesOf(all[0]?.haresources ?? "");
  const [first] = services;
  if (!first)
    throw new Error("haresources names no address, so there is nothing for a client to ask: give a topology.json");
  const pings = all.flatMap(({ haCf }) => wordsOf(haCf).flatMap(([word, ...hosts]) => (word === "ping" ? hosts : [])));
  const peers = all.flatMap(({ haCf }) => mediaOf(haCf).flatMap(({ peer }) => (peer ? [peer] : [])));
  const pool = new Pool([...services.map((one) => one.address), ...pings, ...peers]);
  const service =
    services.find((one) => one.device)?.device?.split(":")[0] ?? mediaOf(all[0]?.haCf ?? "")[0]?.device ?? "eth0";
  // One more address in each network that holds a service address, so that a reply finds its way back.
  const networks = [...new Map(services.map((one) => [`${networkOf(one)}`, one])).values()];
  const beside = (from: number) =>
    networks.map(({ address, prefix }) => `${pool.take(address, prefix, from)}/${prefix}`);
  const nodes = names.map((name, index): MachinePlan => {
    const devices = [...new Set(mediaOf(files.get(name)?.haCf ?? "").map((one) => one.device))];
    const cards = devices.map((device, wire) => heartbeatCard(device, { wire, index, names, files, name }));
    // Where heartbeats go over the service network too, the address the peers send to is the card's own.
    const told = cards.find((card) => card.name === service && peers.includes(card.addresses[0]?.split("/")[0] ?? ""));
    const addresses = told ? told.addresses : beside(12 + index);
    return {
      name,
      interfaces: [...cards.filter((card) => card.name !== service), { name: service, addresses, metric: 100 }],
    };
  });
  const gateway =
    pings.length === 0
      ? []
      : [{ name: "gateway", interfaces: [{ name: service, addresses: addressesOf(pings, services) }] }];
  const client = { name: "client", interfaces: [{ name: service, addresses: beside(50) }] };
  const v4 = services.find((one) => !one.address.includes(":"));
  return { nodes, client, others: gateway, ...(v4 ? { watcher: pool.take(v4.address, v4.prefix, 51) } : {}) };
}

const networkOf = ({ address, prefix }: Service): string => {
  const bytes = ipBytes(address.includes(":") ? "ipv6" : "ipv4", address) ?? new Uint8Array(4);
  return `${bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i)))).join(".")}/${prefix}`;
};

/** Ping nodes get the prefix of a service network of their family. */
function addressesOf(pings: readonly string[], services: readonly Service[]): readonly string[] {
  const prefix = (ping: string) =>
    services.find((one) => one.address.includes(":") === ping.includes(":"))?.prefix ?? 24;
  return [...new Set(pings)].map((ping) => `${ping}/${prefix(ping)}`);
}

interface HeartbeatWire {
  readonly wire: number;
  readonly index: number;
  readonly names: readonly string[];
  readonly files: ReadonlyMap<string, GuessedFrom>;
  readonly name: string;
}

/** A heartbeat card has the address to which the others send; where nobody says, one is invented. */
function heartbeatCard(device: string, { wire, index, names, files, name }: HeartbeatWire): Interface {
  const sentTo = (node: string) =>
    mediaOf(files.get(node)?.haCf ?? "").flatMap((one) => (one.device === device && one.peer ? [one.peer] : []));
  const own = sentTo(name);
  const fromOthers = [...new Set(names.filter((other) => other !== name).flatMap(sentTo))];
  // With the same file everywhere each node's own address is among its targets; then the order of the node lines decides.
  const shared = names.every((node) => sentTo(node).join() === own.join()) && own.length >= names.length;
  const address = shared ? own[index] : (fromOthers.find((one) => !own.includes(one)) ?? fromOthers[0]);
  const routes = own.filter((peer) => peer !== address);
  return { name: device, addresses: [`${address ?? `10.0.${wire}.${index + 1}`}/24`], metric: 101 + wire, routes };
}
