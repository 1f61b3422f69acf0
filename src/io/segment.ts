import { networkInterfaces } from "node:os";
import type { VirtualAddress } from "../ports/addresses.js";
import type { Segment } from "../ports/segment.js";
import { type Family, inSameNetwork, ipBytes, sameBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { type LinkFacts, openLinkFacts } from "./link-facts.js";
import { answerAbout, macText, questionAbout } from "./neighbour-question.js";
import { linkAddress } from "./socket-address.js";

/**
 * Asks who has an address, from inside the beating loop. The sockets are opened when the daemon is put together and stay open to its end: to
 * close a packet socket waits for the kernel's other processors.
 */
const ETHERNET = 1;
/** Frames read at once: a busy segment must not hold up the loop. */
const MOST_FRAMES = 256;

/** One interface, one family: everything that claims an address there comes in by one socket. */
interface Ear {
  readonly fd: number;
  readonly device: string;
  readonly asked: Map<string, Asked>;
}
interface Asked {
  readonly address: VirtualAddress;
  readonly ip: Uint8Array;
}

interface Ears {
  readonly ears: ReadonlyMap<string, Ear>;
  /** Where each address is asked for: found out once, because the kernel's list of interfaces is not for the beating loop. */
  readonly places: ReadonlyMap<string, Ear>;
  /** This host's interfaces, those without an address only if somebody listens there. */
  readonly cards: ReadonlySet<string>;
}

export interface OpenSegment extends Segment {
  /** What cannot be asked, and why; for the log. */
  readonly problems: readonly string[];
}

/** Opens an ear for each interface of these addresses. Needs CAP_NET_RAW. */
export function openSegment(addresses: readonly VirtualAddress[]): OpenSegment {
  const problems: string[] = [];
  const ears = new Map<string, Ear>();
  const places = new Map<VirtualAddress["address"], Ear>();
  const links = openLinkFacts();
  for (const address of addresses) {
    const device = deviceOf(address);
    const key = `${device} ${address.family}`;
    if (device === undefined) problems.push(`no interface has the network of ${address.address}`);
    else if (!ears.has(key)) {
      const opened = openEar(links, device, address.family);
      if (typeof opened === "string") problems.push(opened);
      else ears.set(key, opened);
    }
    const ear = ears.get(key);
    if (ear !== undefined) places.set(address.address, ear);
  }
  // All cards: a host with two of them on one segment answers by one of them for an address that is on the other.
  const cards = new Set([...[...ears.values()].map(({ device }) => device), ...Object.keys(networkInterfaces())]);
  return listening({ ears, places, cards }, links.ok ? links.value : undefined, [...new Set(problems)]);
}

/** The interface that haresources names, or the one whose network the address belongs to. */
function deviceOf({ device, family, address }: VirtualAddress): string | undefined {
  if (device !== undefined) return device;
  const ip = ipBytes(family, address);
  for (const [name, all] of Object.entries(networkInterfaces()))
    for (const one of all ?? []) {
      const own = ipBytes(family, one.address);
      const prefix = Number(one.cidr?.split("/")[1]);
      if (ip !== undefined && own !== undefined && !one.internal && inSameNetwork(own, ip, prefix)) return name;
    }
  return undefined;
}

function openEar(links: libc.SystemResult<LinkFacts>, device: string, family: Family): Ear | string {
  if (!links.ok) return libc.describeError(links);
  const link = links.value.of(device);
  if (!link.ok) return `${device}: ${link.message}`;
  if (link.value.hardware !== ETHERNET) return `${device} is no Ethernet link`;
  const opened = libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return libc.describeError(opened);
  const sample = questionAbout(new Uint8Array(family === "ipv4" ? 4 : 16), link.value.mac);
  const bound = libc.bind(opened.value, linkAddress(link.value.index, sample));
  if (bound.ok) return { fd: opened.value, device, asked: new Map() };
  libc.close(opened.value);
  return `${device}: ${libc.describeError(bound)}`;
}

function listening(
  { ears, places, cards }: Ears,
  links: LinkFacts | undefined,
  problems: readonly string[],
): OpenSegment {
  const listeners: ((address: VirtualAddress, by: string) => void)[] = [];
  const buffer = new Uint8Array(2048);
  const read = (ear: Ear, hear: (frame: Uint8Array) => void): void => {
    for (let frames = 0; frames < MOST_FRAMES; frames++) {
      const received = libc.recv(ear.fd, buffer);
      if (!received.ok) return;
      hear(buffer.subarray(0, Math.min(received.value, buffer.length)));
    }
  };
  const answer = (ear: Ear, own: readonly Uint8Array[], frame: Uint8Array): void => {
    for (const { address, ip } of ear.asked.values()) {
      const mac = answerAbout(ip, frame);
      if (mac === undefined || own.some((card) => sameBytes(mac, card))) continue;
      for (const listener of listeners) listener(address, `${macText(mac)} on ${ear.device}`);
    }
  };
  const ownMacs = (): readonly Uint8Array[] =>
    [...cards].flatMap((device) => {
      const link = links?.of(device);
      return link?.ok === true ? [link.value.mac] : [];
    });
  return {
    problems,
    onAnswer: (listener) => void listeners.push(listener),
    ask(address) {
      const ear = places.get(address.address);
      const ip = ipBytes(address.family, address.address);
      const link = ear === undefined ? undefined : links?.of(ear.device);
      if (ear === undefined || ip === undefined || link?.ok !== true) return;
      // What lies there from before the first question answers nothing.
      if (ear.asked.size === 0) read(ear, () => {});
      ear.asked.set(address.address, { address, ip });
      const question = questionAbout(ip, link.value.mac);
      libc.sendto(ear.fd, question, linkAddress(link.value.index, question));
    },
    poll() {
      const busy = [...ears.values()].filter(({ asked }) => asked.size > 0);
      if (busy.length === 0) return;
      const own = ownMacs();
      for (const ear of busy) read(ear, (frame) => answer(ear, own, frame));
    },
  };
}
