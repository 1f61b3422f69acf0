import {
  AF_UNIX,
  close,
  connect,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  send,
  socket,
} from "./libc.js";
import { unixAddress } from "./socket-address.js";

/** The system's log. Node has no Unix datagrams, so this speaks to the C library; a call takes microseconds and never waits. */
export interface Syslog {
  /** Sends one datagram; one that cannot be taken now is counted as lost. */
  send(line: string): void;
  readonly lost: number;
  close(): void;
}

/** After a failure to connect, the next try waits this many milliseconds: a missing syslog must cost nothing. */
const reconnectPause = 5000;

/** @returns the log behind `path`; it is connected at the first line, and again whenever syslog was restarted. */
export function openSyslog(path = "/dev/log"): Syslog {
  let fd: number | undefined;
  let refusedUntil = 0;
  let lost = 0;
  const hangUp = (): void => {
    if (fd !== undefined) close(fd);
    fd = undefined;
  };
  const connected = (): number | undefined => {
    if (fd === undefined && Date.now() >= refusedUntil) {
      fd = connectTo(path);
      if (fd === undefined) refusedUntil = Date.now() + reconnectPause;
    }
    return fd;
  };
  const deliver = (bytes: Uint8Array): boolean => {
    const now = connected();
    return now !== undefined && send(now, bytes, MSG_DONTWAIT | MSG_NOSIGNAL).ok;
  };
  return {
    send(line) {
      const bytes = Buffer.from(line, "utf8");
      if (deliver(bytes)) return;
      // A restarted syslog has a new socket behind the old name: the first failure only says so.
      hangUp();
      if (!deliver(bytes)) lost += 1;
    },
    get lost() {
      return lost;
    },
    close: hangUp,
  };
}

function connectTo(path: string): number | undefined {
  const address = unixAddress(path);
  if (address === undefined) return undefined;
  const opened = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (!opened.ok) return undefined;
  if (connect(opened.value, address).ok) return opened.value;
  close(opened.value);
  return undefined;
}
