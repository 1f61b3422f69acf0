/**
 * UDP sockets as heartbeat wants them (wire.md 1): bound to one interface before anything can arrive, shared with others by
 * SO_REUSEADDR and SO_REUSEPORT, sending from a port of their own. Node's dgram cannot do this, so they are made here and the
 * receiving one is handed to dgram afterwards. Every function closes what it opened when a later step fails.
 */
import { ipBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { internetAddress } from "./socket-address.js";

/** One heartbeat medium over UDP, field for field a line of ha.cf. Addresses are numeric. */
export type UdpMediumSettings =
  | { readonly kind: "ucast" | "ucast6"; readonly device: string; readonly address: string; readonly port: number }
  | { readonly kind: "bcast"; readonly device: string; readonly port: number }
  | {
      readonly kind: "mcast" | "mcast6";
      readonly device: string;
      readonly group: string;
      readonly port: number;
      readonly ttl: number;
      readonly loop: boolean;
    };

export const familyOf = (settings: UdpMediumSettings): "ipv4" | "ipv6" =>
  settings.kind === "ucast6" || settings.kind === "mcast6" ? "ipv6" : "ipv4";

/** `IPTOS_LOWDELAY`, which the original sets on what it sends by ucast and only there. */
const LOW_DELAY = 0x10;
const IP_MULTICAST_ALL = 49;
const IPV6_MULTICAST_ALL = 29;

type Step = () => libc.SystemResult;

/** @returns a socket after all `steps` have succeeded on it, or the first error. */
function openWith(family: "ipv4" | "ipv6", steps: (fd: number) => readonly Step[]): libc.SystemResult {
  const domain = family === "ipv4" ? libc.AF_INET : libc.AF_INET6;
  const opened = libc.socket(domain, libc.SOCK_DGRAM | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return opened;
  for (const step of steps(opened.value)) {
    const result = step();
    if (result.ok) continue;
    libc.close(opened.value);
    return result;
  }
  return opened;
}

const socketOption = (fd: number, option: number, value: number | string): Step => {
  return () => libc.setsockopt(fd, libc.SOL_SOCKET, option, value);
};

/** @returns a socket that receives whatever arrives on `device` for `port`, whichever of our addresses it was sent to. */
export function openReceivingSocket(device: string, port: number, family: "ipv4" | "ipv6"): libc.SystemResult {
  const anyAddress = new Uint8Array(family === "ipv4" ? 4 : 16);
  return openWith(family, (fd) => [
    socketOption(fd, libc.SO_REUSEADDR, 1),
    socketOption(fd, libc.SO_REUSEPORT, 1),
    socketOption(fd, libc.SO_BINDTODEVICE, device),
    // Groups that other programs joined on this machine are not ours to hear.
    family === "ipv4"
      ? () => libc.setsockopt(fd, libc.IPPROTO_IP, IP_MULTICAST_ALL, 0)
      : () => libc.setsockopt(fd, libc.IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0),
    ...(family === "ipv6" ? [() => libc.setsockopt(fd, libc.IPPROTO_IPV6, libc.IPV6_V6ONLY, 1)] : []),
    () => libc.bind(fd, internetAddress(anyAddress, port)),
  ]);
}

/** @returns a socket that sends by the interface `settings.device` (number `index`) from a port that the kernel chooses. */
export function openSendingSocket(settings: UdpMediumSettings, index: number): libc.SystemResult {
  return openWith(familyOf(settings), (fd) => [
    ...kindSteps(fd, settings, index),
    socketOption(fd, libc.SO_BINDTODEVICE, settings.device),
    socketOption(fd, libc.SO_REUSEPORT, 1),
  ]);
}

function kindSteps(fd: number, settings: UdpMediumSettings, index: number): readonly Step[] {
  const option = (level: number, name: number, value: number | Uint8Array): Step => {
    return () => libc.setsockopt(fd, level, name, value);
  };
  switch (settings.kind) {
    case "ucast":
      return [option(libc.IPPROTO_IP, libc.IP_TOS, LOW_DELAY)];
    case "ucast6":
      return [option(libc.IPPROTO_IPV6, libc.IPV6_TCLASS, LOW_DELAY)];
    case "bcast":
      return [socketOption(fd, libc.SO_BROADCAST, 1)];
    case "mcast":
      return [
        option(libc.IPPROTO_IP, libc.IP_MULTICAST_IF, groupRequest(new Uint8Array(4), index)),
        option(libc.IPPROTO_IP, libc.IP_MULTICAST_TTL, settings.ttl),
        option(libc.IPPROTO_IP, libc.IP_MULTICAST_LOOP, settings.loop ? 1 : 0),
      ];
    case "mcast6":
      return [
        option(libc.IPPROTO_IPV6, libc.IPV6_MULTICAST_IF, index),
        option(libc.IPPROTO_IPV6, libc.IPV6_MULTICAST_HOPS, settings.ttl),
        option(libc.IPPROTO_IPV6, libc.IPV6_MULTICAST_LOOP, settings.loop ? 1 : 0),
      ];
  }
}

/** Makes the receiving socket a member of the medium's group, if it has one; being a member already is success. */
export function joinGroup(fd: number, settings: UdpMediumSettings, index: number): libc.SystemResult {
  if (settings.kind !== "mcast" && settings.kind !== "mcast6") return { ok: true, value: 0 };
  const group = ipBytes(familyOf(settings), settings.group);
  if (group === undefined) return libc.systemError(`group ${settings.group}`, 22 /* EINVAL */);
  const joined =
    settings.kind === "mcast"
      ? libc.setsockopt(fd, libc.IPPROTO_IP, libc.IP_ADD_MEMBERSHIP, groupRequest(group, index))
      : libc.setsockopt(fd, libc.IPPROTO_IPV6, libc.IPV6_ADD_MEMBERSHIP, groupRequest(group, index));
  return !joined.ok && joined.name === "EADDRINUSE" ? { ok: true, value: 0 } : joined;
}

/** `ip_mreqn` (group, no local address, interface) or `ipv6_mreq` (group, interface), by the length of the group. */
function groupRequest(group: Uint8Array, index: number): Uint8Array {
  const ipv4 = group.length === 4;
  const bytes = new Uint8Array(ipv4 ? 12 : 20);
  bytes.set(group);
  bytes.set(new Uint8Array(new Uint32Array([index]).buffer), ipv4 ? 8 : 16);
  return bytes;
}
