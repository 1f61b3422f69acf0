import * as libc from "./libc.js";
import { type AddressLifetime, type InterfaceAddress, newAddress, parseMessages } from "./netlink-format.js";
import { joined } from "./nftables-format.js";

/**
 * Renewing the lifetimes of addresses. The kernel does it under its routing lock, which others can hold for tens of milliseconds, so it
 * happens on another thread while the loop beats.
 *
 * It has one danger: the kernel makes anew what it does not find. A renewal that comes after the removal of the same address would put it
 * back on a host that has given it up. So whoever removes first has the renewal under way settle: both wait for the same lock, so as a rule
 * that costs nothing.
 */
export interface AddressRenewal {
  /** Begins, unless the former one is still under way. */
  begin(addresses: readonly InterfaceAddress[], lifetime: AddressLifetime): void;
  /** Waits for the one under way, if any. `otherwise` is called when it is over, should the wait have been in vain. */
  settle(otherwise: () => void): void;
  close(): void;
}

const ANSWER_SIZE = 8192;
/** How long a removal waits: much longer than any lock is held, much shorter than a deadtime that a hung kernel would break anyway. */
const patience = { seconds: 0, microseconds: 250_000 };

export function openAddressRenewal(): libc.SystemResult<AddressRenewal> {
  const opened = libc.socket(libc.AF_NETLINK, libc.SOCK_RAW | libc.SOCK_CLOEXEC, libc.NETLINK_ROUTE);
  if (!opened.ok) return opened;
  const fd = opened.value;
  libc.setsockopt(fd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, timeval(patience));
  const buffer = new Uint8Array(ANSWER_SIZE);
  let sequence = 0;
  /** Answers still to come; 0: nothing is under way. */
  let owed = 0;
  let isSending = false;
  let afterwards: (() => void)[] = [];

  const read = (flags: number): boolean => {
    const received = libc.recv(fd, buffer, flags);
    if (received.ok)
      owed -= parseMessages(buffer.slice(0, received.value)).filter((one) => one.kind === "ended").length;
    return received.ok;
  };
  const over = (): void => {
    isSending = false;
    while (read(libc.MSG_DONTWAIT));
    owed = 0;
    for (const late of afterwards.splice(0)) late();
  };
  return {
    ok: true,
    value: {
      begin(addresses, lifetime) {
        if (isSending || addresses.length === 0) return;
        const requests = joined(addresses.map((address) => newAddress({ ...address, lifetime }, ++sequence)));
        owed = addresses.length;
        isSending = true;
        libc.sendElsewhere(fd, requests, over);
      },
      settle(otherwise) {
        while (isSending && owed > 0 && read(0));
        if (isSending && owed > 0) afterwards.push(otherwise);
      },
      close() {
        afterwards = [];
        libc.close(fd);
      },
    },
  };
}

/** `struct timeval` of a 64-bit machine. */
function timeval({ seconds, microseconds }: typeof patience): Uint8Array {
  return new Uint8Array(new BigInt64Array([BigInt(seconds), BigInt(microseconds)]).buffer);
}
