/**
 * Whether an address is this host's, asked without the kernel's routing lock and without a list: a socket can be bound to an address that
 * the host has, and to no other. Where that rule is switched off (`ip_nonlocal_bind`), the answer is not to be had in this way.
 */
import { readFileSync } from "node:fs";
import * as libc from "./libc.js";
import { internetAddress } from "./socket-address.js";

/** @param ip 4 or 16 bytes. @returns whether some interface of this namespace has the address; `undefined`: ask somebody else. */
export function isLocalAddress(ip: Uint8Array): boolean | undefined {
  const ipv4 = ip.length === 4;
  if (bindsAnything(ipv4 ? "ipv4" : "ipv6")) return undefined;
  const socket = libc.socket(ipv4 ? libc.AF_INET : libc.AF_INET6, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0);
  if (!socket.ok) return undefined;
  const bound = libc.bind(socket.value, internetAddress(ip, 0));
  libc.close(socket.value);
  if (bound.ok) return true;
  return bound.name === "EADDRNOTAVAIL" ? false : undefined;
}

function bindsAnything(family: "ipv4" | "ipv6"): boolean {
  try {
    return readFileSync(`/proc/sys/net/${family}/ip_nonlocal_bind`, "latin1").trim() !== "0";
  } catch {
    return true;
  }
}
