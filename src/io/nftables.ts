/**
 * Conversations with the kernel's packet filter. Asking waits for nobody (the kernel answers under RCU); changing waits for whoever else is
 * changing rules at the moment, a big `nft -f` for one, so a process that beats lets it happen on another thread.
 */
import { littleEndian } from "./byte-order.js";
import * as libc from "./libc.js";
import { openNetlink } from "./netlink.js";
import { type NetlinkMessage, parseAttributes, parseMessages } from "./netlink-format.js";
import * as nft from "./nftables-format.js";

export interface PacketFilter {
  /** Does all of it or nothing. Waits. */
  change(requests: readonly nft.Request[]): libc.SystemResult<void>;
  /** The same on another thread; one at a time. */
  changeElsewhere(requests: readonly nft.Request[], done: (outcome: libc.SystemResult<void>) => void): void;
  /** @returns a number that is another one after each change of any rule in this namespace. */
  generation(): libc.SystemResult<number>;
  /** @returns how many rules a table has; 0 when it is not there. */
  rulesIn(table: nft.Table): libc.SystemResult<number>;
  /** @returns the elements of a set; none when it is not there. */
  elementsOf(table: nft.Table, set: string): libc.SystemResult<readonly SetElement[]>;
  close(): void;
}

export interface SetElement {
  readonly key: Uint8Array;
  /** Milliseconds until it runs out; `undefined`: it does not. */
  readonly remaining: number | undefined;
}

const ANSWER_SIZE = 65_536;
const MOST_ANSWERS = 256;

/** @returns the packet filter of this network namespace; the kernel loads its module now if it has one. */
export function openPacketFilter(): libc.SystemResult<PacketFilter> {
  const questions = openNetlink(libc.NETLINK_NETFILTER);
  if (!questions.ok) return questions;
  const opened = libc.socket(libc.AF_NETLINK, libc.SOCK_RAW | libc.SOCK_CLOEXEC, libc.NETLINK_NETFILTER);
  if (!opened.ok) return opened;
  const { ask, close } = questions.value;
  const fd = opened.value;
  let sequence = 0;
  const numbered = (requests: readonly nft.Request[]): Uint8Array =>
    nft.joined(requests.map((request) => request(++sequence)));
  const list = (request: nft.Request): libc.SystemResult<readonly NetlinkMessage[]> => {
    const answer = ask(request);
    return answer.ok || answer.name !== "ENOENT" ? answer : { ok: true, value: [] };
  };
  return {
    ok: true,
    value: {
      change(requests) {
        const sent = libc.send(fd, numbered(requests), 0);
        return sent.ok ? verdictFrom(fd) : sent;
      },
      changeElsewhere(requests, done) {
        libc.sendElsewhere(fd, numbered(requests), (ok) => done(ok ? verdictFrom(fd) : libc.systemError("send", EIO)));
      },
      generation() {
        const answer = ask(nft.getGeneration);
        if (!answer.ok) return answer;
        const found = answer.value.find((one) => one.kind === "data" && one.type === nft.NEWGEN);
        return { ok: true, value: found === undefined ? 0 : big32(attributesOf(found).get(1)) };
      },
      rulesIn(table) {
        const answer = list(nft.listRules(table));
        if (!answer.ok) return answer;
        return { ok: true, value: answer.value.filter(isOfType(nft.NEWRULE)).length };
      },
      elementsOf(table, set) {
        const answer = list(nft.listElements(table, set));
        return answer.ok
          ? { ok: true, value: answer.value.filter(isOfType(nft.NEWSETELEM)).flatMap(elementsIn) }
          : answer;
      },
      close() {
        close();
        libc.close(fd);
      },
    },
  };
}

const EIO = 5;
const isOfType =
  (type: number) =>
  (one: NetlinkMessage): boolean =>
    one.kind === "data" && one.type === type;

/** Reads what the kernel had to say: a complaint about any request, or that the last one is done. */
function verdictFrom(fd: number): libc.SystemResult<void> {
  const buffer = new Uint8Array(ANSWER_SIZE);
  let done = false;
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const received = libc.recv(fd, buffer);
    if (!received.ok) break;
    for (const answer of parseMessages(buffer.slice(0, received.value))) {
      if (answer.kind !== "ended") continue;
      if (answer.errno !== 0) {
        drain(fd, buffer);
        return libc.systemError("nf_tables", answer.errno);
      }
      done = true;
    }
  }
  return done ? { ok: true, value: undefined } : libc.systemError("nf_tables", EIO);
}

function drain(fd: number, buffer: Uint8Array): void {
  for (let answers = 0; answers < MOST_ANSWERS && libc.recv(fd, buffer).ok; answers++);
}

/** Behind the four bytes of `struct nfgenmsg`. */
const attributesOf = (one: NetlinkMessage): ReadonlyMap<number, Uint8Array> =>
  parseAttributes(one.kind === "data" ? one.payload.subarray(4) : new Uint8Array(0));

function elementsIn(one: NetlinkMessage): readonly SetElement[] {
  const found: SetElement[] = [];
  for (const element of listOf(attributesOf(one).get(3))) {
    const attributes = parseAttributes(element);
    const key = parseAttributes(attributes.get(1) ?? new Uint8Array(0)).get(1);
    const remaining = attributes.get(5);
    if (key !== undefined) found.push({ key, remaining: remaining && big64(remaining) });
  }
  return found;
}

/** A list has the same attribute again and again, so it is no map. */
function listOf(bytes: Uint8Array | undefined): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let rest = bytes ?? new Uint8Array(0);
  while (rest.length >= 4) {
    const length = viewOf(rest).getUint16(0, littleEndian);
    if (length < 4 || length > rest.length) break;
    found.push(rest.subarray(4, length));
    rest = rest.subarray((length + 3) & ~3);
  }
  return found;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const big32 = (bytes: Uint8Array | undefined): number =>
  bytes === undefined || bytes.length < 4 ? 0 : viewOf(bytes).getUint32(0);
const big64 = (bytes: Uint8Array): number => (bytes.length < 8 ? 0 : Number(viewOf(bytes).getBigUint64(0)));
