/**
 * One socket to the kernel's routing department. A request and its whole answer happen inside one call: rtnetlink does its
 * work while we are in `sendto`, so the answer is there when we ask for it, and nothing here ever sleeps for a packet.
 * What can delay us is the kernel's routing lock (RTNL) when somebody else holds it; that is the same for every tool.
 */
import * as libc from "./libc.js";
import { type NetlinkMessage, parseMessages } from "./netlink-format.js";

export interface Netlink {
  /** Sends what `build` makes of the next sequence number. @returns the data messages of the answer, or the kernel's refusal. */
  ask(build: (sequence: number) => Uint8Array): libc.SystemResult<readonly NetlinkMessage[]>;
  close(): void;
}

/** The kernel never sends larger pieces of a list than 32 KiB. */
const ANSWER_SIZE = 65_536;
/** Enough for a hundred thousand addresses; ends a conversation that has gone mad. */
const MOST_DATAGRAMS = 4_096;
const MOST_TRIES = 4;

/** @returns a netlink socket, or why there is none (no room for a descriptor, a sandbox without netlink). */
export function openNetlink(protocol = libc.NETLINK_ROUTE): libc.SystemResult<Netlink> {
  const opened = libc.socket(libc.AF_NETLINK, libc.SOCK_RAW | libc.SOCK_CLOEXEC, protocol);
  if (!opened.ok) return opened;
  const fd = opened.value;
  const buffer = new Uint8Array(ANSWER_SIZE);
  let sequence = 0;

  const once = (build: (sequence: number) => Uint8Array): Answer => {
    sequence = (sequence + 1) >>> 0 || 1;
    const sent = libc.send(fd, build(sequence));
    return sent.ok ? receive(fd, buffer, sequence) : { outcome: sent, interrupted: false };
  };
  const ask: Netlink["ask"] = (build) => {
    let answer = once(build);
    for (let tries = 1; answer.interrupted && tries < MOST_TRIES; tries++) answer = once(build);
    return answer.outcome;
  };
  return { ok: true, value: { ask, close: () => void libc.close(fd) } };
}

interface Answer {
  readonly outcome: libc.SystemResult<readonly NetlinkMessage[]>;
  readonly interrupted: boolean;
}

/** Collects the answer to request number `sequence`; messages with another number are left-overs of a broken-off answer. */
function receive(fd: number, buffer: Uint8Array, sequence: number): Answer {
  const data: NetlinkMessage[] = [];
  let interrupted = false;
  for (let datagrams = 0; datagrams < MOST_DATAGRAMS; datagrams++) {
    const received = libc.recv(fd, buffer);
    if (!received.ok) return { outcome: received, interrupted: false };
    for (const message of parseMessages(buffer.slice(0, received.value))) {
      if (message.sequence !== sequence) continue;
      if (message.kind === "ended") return { outcome: ending(message.errno, data), interrupted };
      interrupted ||= message.interrupted;
      data.push(message);
    }
  }
  return { outcome: libc.systemError("netlink answer without an end", 90 /* EMSGSIZE */), interrupted: false };
}

const ending = (errno: number, data: readonly NetlinkMessage[]): libc.SystemResult<readonly NetlinkMessage[]> =>
  errno === 0 ? { ok: true, value: data } : libc.systemError("netlink", errno);
