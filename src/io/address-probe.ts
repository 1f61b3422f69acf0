import { type Family, ipBytes, sameBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { type Link, openLinkFacts } from "./link-facts.js";
import { answerAbout, macText, questionAbout } from "./neighbour-question.js";
import { linkAddress } from "./socket-address.js";

/**
 * Asks a segment who has an address, and collects the answers. `ask` and `poll` never wait, so a loop that beats can use it; whoever may
 * wait uses `askWhoHas`.
 */
export interface AddressProbe {
  /** Sends the question once more. */
  ask(): libc.SystemResult;
  /** @returns the MACs that have claimed the address so far, `aa:bb:…`, each once; never our own. */
  poll(): readonly string[];
  close(): void;
}

export type Opened = { readonly ok: true; readonly probe: AddressProbe } | { readonly ok: false; readonly why: string };

/** Frames read per call of `poll`: a busy segment must not hold up its caller. */
const MOST_FRAMES = 256;
const ETHERNET = 1;

/** Opens a probe for a numeric `address` on `device`. Needs CAP_NET_RAW. */
export function openAddressProbe(family: Family, address: string, device: string): Opened {
  const ip = ipBytes(family, address);
  if (ip === undefined) return { ok: false, why: `not an ${family} address: ${address}` };
  const link = findLink(device);
  if (typeof link === "string") return { ok: false, why: link };
  if (link.hardware !== ETHERNET || link.mac.length !== 6) return { ok: false, why: `${device} is no Ethernet link` };
  const question = questionAbout(ip, link.mac);
  const socket = listenFor(link, question);
  return socket.ok
    ? { ok: true, probe: probeOn(socket.value, ip, link, question) }
    : { ok: false, why: libc.describeError(socket) };
}

function findLink(device: string): Link | string {
  const facts = openLinkFacts();
  if (!facts.ok) return libc.describeError(facts);
  const link = facts.value.of(device);
  facts.value.close();
  return link.ok ? link.value : `${device}: ${link.message}`;
}

/** Only frames of the question's protocol that come in by this interface reach the socket. */
function listenFor(link: Link, question: Uint8Array): libc.SystemResult {
  const opened = libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return opened;
  const bound = libc.bind(opened.value, linkAddress(link.index, question));
  if (bound.ok) return opened;
  libc.close(opened.value);
  return bound;
}

function probeOn(fd: number, ip: Uint8Array, link: Link, question: Uint8Array): AddressProbe {
  const buffer = new Uint8Array(2048);
  const owners = new Set<string>();
  const readOne = (): boolean => {
    const received = libc.recv(fd, buffer);
    if (!received.ok) return false;
    const mac = answerAbout(ip, buffer.subarray(0, Math.min(received.value, buffer.length)));
    if (mac !== undefined && !sameBytes(mac, link.mac) && owners.size < 16) owners.add(macText(mac));
    return true;
  };
  return {
    ask: () => libc.sendto(fd, question, linkAddress(link.index, question)),
    poll() {
      for (let frames = 0; frames < MOST_FRAMES && readOne(); frames++);
      return [...owners];
    },
    close: () => void libc.close(fd),
  };
}

export type WhoHas =
  | { readonly ok: true; readonly macs: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Asks this often within the time given: one question may be lost. */
const QUESTIONS = 3;

/**
 * Asks who has `address` on `device`, three times within `wait` milliseconds.
 * @returns everybody else who says so. An empty list is no proof: a host may be silent.
 */
export async function askWhoHas(family: Family, address: string, device: string, wait: number): Promise<WhoHas> {
  const opened = openAddressProbe(family, address, device);
  if (!opened.ok) return opened;
  const { probe } = opened;
  try {
    for (let asked = 0; asked < QUESTIONS; asked++) {
      const sent = probe.ask();
      if (!sent.ok) return { ok: false, why: `${device}: ${sent.message} (${sent.name})` };
      await new Promise((done) => setTimeout(done, wait / QUESTIONS));
      probe.poll();
    }
    return { ok: true, macs: probe.poll() };
  } finally {
    probe.close();
  }
}
