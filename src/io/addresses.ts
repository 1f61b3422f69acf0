/**
 * Virtual addresses of this host, by netlink: no child process, no waiting, some tens of microseconds. Every call asks the
 * kernel what there is before it changes anything, so that it may be repeated at will and so that the kernel, not our memory,
 * says what we hold.
 */
import type { Addresses, AddressOutcome, VirtualAddress } from "../ports/addresses.js";
import { containingNetwork, copiesOf, endangeredBy, missingFrom, planned } from "./address-plan.js";
import { type AddressRenewal, openAddressRenewal } from "./address-renewal.js";
import { announceOn } from "./announcement.js";
import { ipBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { type Link, type LinkFacts, openLinkFacts } from "./link-facts.js";
import { isLocalAddress } from "./local-address.js";
import { type Netlink, openNetlink } from "./netlink.js";
import * as format from "./netlink-format.js";
import { openPacketSocket, type PacketSocket } from "./packet-socket.js";
import { promotingSecondaries } from "./promote-secondaries.js";

/** The port, and what only the kernel form offers. */
export interface KernelAddresses extends Addresses {
  /**
   * As the port says, and with a lifetime the kernel drops the address by itself when `add` is not called again in time
   * (whole seconds). `add` with a lifetime renews an address that is there; without one it makes it stay for ever.
   */
  add(address: VirtualAddress, lifetime?: format.AddressLifetime): AddressOutcome;
  /** Gives those of the addresses that are here this lifetime from now on, soon and on another thread. */
  renew(addresses: readonly VirtualAddress[], lifetime: format.AddressLifetime): void;
  close(): void;
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

const done: AddressOutcome = { ok: true };
const refused = (why: string) => ({ ok: false, why }) as const;
const failed = (error: libc.SystemError) => refused(`${error.message} (${error.name})`);

/** Everything that is asked. Whatever holds the kernel's routing lock keeps `netlink` waiting, and nothing else here. */
interface Kernel {
  readonly netlink: Netlink;
  readonly links: LinkFacts;
  readonly packets: libc.SystemResult<PacketSocket>;
  readonly renewal: AddressRenewal;
  /** Each address that was put on or found here, as it is there. */
  readonly places: Map<string, format.InterfaceAddress>;
}

/**
 * @param usual lifetime of what is put on without another one; `undefined`: for ever.
 * @returns the addresses of this network namespace. Sockets that cannot be opened make every call answer why.
 */
export function openAddresses(usual?: format.AddressLifetime): KernelAddresses {
  const opened = openKernel();
  const withKernel = <T>(work: (kernel: Kernel) => T, otherwise: (error: libc.SystemError) => T): T =>
    opened.ok ? work(opened.value) : otherwise(opened);
  return {
    add: (address, lifetime = usual) => withKernel((kernel) => add(kernel, address, lifetime), failed),
    remove: (address) => withKernel((kernel) => remove(kernel, address), failed),
    has: (address) =>
      withKernel(
        (kernel) => has(kernel, address),
        () => false,
      ),
    renew: (addresses, lifetime) => opened.ok && renew(opened.value, addresses, lifetime),
    announce: (address) => withKernel((kernel) => announce(kernel, address), failed),
    close: () => opened.ok && closeKernel(opened.value),
  };
}

function openKernel(): libc.SystemResult<Kernel> {
  const netlink = openNetlink();
  if (!netlink.ok) return netlink;
  const links = openLinkFacts();
  if (!links.ok) return links;
  const packets = openPacketSocket();
  const renewal = openAddressRenewal();
  if (!renewal.ok) return renewal;
  return {
    ok: true,
    value: { netlink: netlink.value, links: links.value, packets, renewal: renewal.value, places: new Map() },
  };
}

function closeKernel({ netlink, links, packets, renewal }: Kernel): void {
  netlink.close();
  renewal.close();
  links.close();
  if (packets.ok) packets.value.close();
}

function add(kernel: Kernel, wanted: VirtualAddress, lifetime: format.AddressLifetime | undefined): AddressOutcome {
  const found = find(kernel, wanted);
  if (!found.ok) return found;
  const { bytes, present, copies } = found.value;
  const [copy] = copies;
  const place = copy ?? placeFor(kernel, wanted, bytes);
  if ("ok" in place) return place;
  if (copy !== undefined) kernel.places.set(wanted.address, copy);
  if (copy !== undefined && lifetime === undefined && !expires(copy)) return done;
  const link = linkCalled(kernel, place.index);
  if (!link.ok) return link;
  const broadcast = wanted.broadcast === undefined ? undefined : ipBytes("ipv4", wanted.broadcast);
  const whole =
    copy ?? planned({ ...wanted, ...place, address: bytes, device: link.value.name, broadcast, lifetime }, present);
  kernel.places.set(wanted.address, whole);
  const flags = whole.flags & format.IFA_F_GIVEN;
  const span = lifetime ?? (copy === undefined ? undefined : forEver);
  const answer = kernel.netlink.ask((sequence) => format.newAddress({ ...whole, flags, lifetime: span }, sequence));
  return answer.ok || answer.name === "EEXIST" ? done : failed(answer);
}

const forEver: format.AddressLifetime = { valid: format.FOREVER, preferred: format.FOREVER };
const expires = (copy: format.InterfaceAddress): boolean =>
  copy.lifetime !== undefined && copy.lifetime.valid !== format.FOREVER;

/** What somebody else took away is not put back by the way: that is said and announced (`daemon/keeping.ts`). */
function renew(kernel: Kernel, wanted: readonly VirtualAddress[], lifetime: format.AddressLifetime): void {
  const here = wanted.flatMap((one) => {
    if (!has(kernel, one)) return [];
    const place = kernel.places.get(one.address);
    return place === undefined ? [] : [{ ...place, flags: place.flags & format.IFA_F_GIVEN }];
  });
  kernel.renewal.begin(here, lifetime);
}

function remove(kernel: Kernel, wanted: VirtualAddress): AddressOutcome {
  kernel.renewal.settle(() => remove(kernel, wanted));
  const found = find(kernel, wanted);
  kernel.places.delete(wanted.address);
  if (!found.ok) return found.gone === true ? done : found;
  for (const copy of found.value.copies) {
    const outcome = removeOne(kernel, copy, found.value.present);
    if (!outcome.ok) return outcome;
  }
  return done;
}

function removeOne(
  kernel: Kernel,
  leaving: format.InterfaceAddress,
  present: readonly format.InterfaceAddress[],
): AddressOutcome {
  const endangered = endangeredBy(leaving, present);
  const withdraw = () => kernel.netlink.ask((sequence) => format.deleteAddress(leaving, sequence));
  const link = endangered.length > 0 ? linkCalled(kernel, leaving.index) : undefined;
  const answer = link?.ok ? promotingSecondaries(link.value.name, withdraw) : withdraw();
  if (!answer.ok && answer.name !== "EADDRNOTAVAIL" && answer.name !== "ENODEV") return failed(answer);
  return endangered.length === 0 ? done : restore(kernel, endangered);
}

/** Puts back what the kernel deleted together with a primary address: where the promotion could not be switched on. */
function restore(kernel: Kernel, endangered: readonly format.InterfaceAddress[]): AddressOutcome {
  const now = list(kernel, "ipv4");
  if (!now.ok) return now;
  const lost: string[] = [];
  for (const address of missingFrom(now.value, endangered)) {
    const answer = kernel.netlink.ask((sequence) => format.newAddress(address, sequence));
    if (!answer.ok && answer.name !== "EEXIST") lost.push(address.address.join("."));
  }
  return lost.length === 0 ? done : refused(`removed, but the kernel took ${lost.join(", ")} along`);
}

/** Asked every second of what is held: whoever was put on by us is asked for without netlink. */
function has(kernel: Kernel, wanted: VirtualAddress): boolean {
  const bytes = ipBytes(wanted.family, wanted.address);
  const here = bytes && isLocalAddress(bytes);
  if (here === false) return false;
  if (here === true && kernel.places.has(wanted.address)) return true;
  const found = find(kernel, wanted);
  const [copy] = found.ok ? found.value.copies : [];
  if (copy !== undefined) kernel.places.set(wanted.address, copy);
  return copy !== undefined;
}

/** Asks nothing of netlink where that can be avoided: this happens in the beat's path while nothing else does. */
function announce(kernel: Kernel, wanted: VirtualAddress): AddressOutcome {
  const { packets } = kernel;
  if (!packets.ok) return failed(packets);
  const bytes = ipBytes(wanted.family, wanted.address);
  const place = bytes && placeOf(kernel, wanted, bytes);
  if (bytes === undefined || place === undefined) return refused(`${wanted.address} is not on this host`);
  const link = linkCalled(kernel, place);
  return link.ok ? announceOn(packets.value, link.value, bytes) : link;
}

/** @returns the interface that has the address, by index or name; `undefined` when none has it. */
function placeOf(kernel: Kernel, wanted: VirtualAddress, bytes: Uint8Array): number | string | undefined {
  const remembered = wanted.device ?? kernel.places.get(wanted.address)?.index;
  const here = isLocalAddress(bytes);
  if (here === false) return undefined;
  if (here === true && remembered !== undefined) return remembered;
  const found = find(kernel, wanted);
  return found.ok ? found.value.copies[0]?.index : undefined;
}

interface Found {
  readonly bytes: Uint8Array;
  /** All addresses of the family on this host. */
  readonly present: readonly format.InterfaceAddress[];
  /** Those that are the wanted one, where it is wanted. */
  readonly copies: readonly format.InterfaceAddress[];
}

/** `gone`: the interface does not exist, so nothing of the address can be there. */
function find(kernel: Kernel, wanted: VirtualAddress): Attempt<Found> & { readonly gone?: boolean } {
  const bytes = ipBytes(wanted.family, wanted.address);
  if (bytes === undefined) return refused(`not an ${wanted.family} address: ${wanted.address}`);
  const index = wanted.device === undefined ? undefined : libc.ifNameToIndex(wanted.device);
  if (index !== undefined && !index.ok) return { ...failed(index), gone: true };
  const present = list(kernel, wanted.family);
  if (!present.ok) return present;
  return { ok: true, value: { bytes, present: present.value, copies: copiesOf(bytes, index?.value, present.value) } };
}

function list(kernel: Kernel, family: "ipv4" | "ipv6"): Attempt<readonly format.InterfaceAddress[]> {
  const answer = kernel.netlink.ask((sequence) => format.listAddresses(family, sequence));
  if (!answer.ok) return failed(answer);
  return { ok: true, value: answer.value.map(format.parseAddress).filter((one) => one !== undefined) };
}

function linkCalled(kernel: Kernel, nameOrIndex: string | number): Attempt<Link> {
  const link = kernel.links.of(nameOrIndex);
  return link.ok ? link : failed(link);
}

/**
 * Interface and prefix, as given or else as the connected route has them that contains the address. With a prefix and no interface, the one
 * that the kernel would send to the address by does as well, be it the default route's: so did the original's `findif`.
 */
function placeFor(
  kernel: Kernel,
  wanted: VirtualAddress,
  bytes: Uint8Array,
): { readonly index: number; readonly prefix: number } | { readonly ok: false; readonly why: string } {
  const given = wanted.device === undefined ? undefined : libc.ifNameToIndex(wanted.device);
  if (given !== undefined && !given.ok) return failed(given);
  if (given !== undefined && wanted.prefix !== undefined) return { index: given.value, prefix: wanted.prefix };
  const route = connectedRoute(kernel, bytes, { device: given?.value, anyRoute: wanted.prefix !== undefined });
  if (!route.ok) return route;
  return { index: route.value.index, prefix: wanted.prefix ?? route.value.prefix };
}

/** On a given interface its own addresses are asked first: with two interfaces in one subnet the route may name the other. */
function connectedRoute(
  kernel: Kernel,
  bytes: Uint8Array,
  { device, anyRoute }: { readonly device: number | undefined; readonly anyRoute: boolean },
): Attempt<{ readonly index: number; readonly prefix: number }> {
  if (device !== undefined) {
    const own = list(kernel, bytes.length === 4 ? "ipv4" : "ipv6");
    const containing = own.ok ? containingNetwork(bytes, device, own.value) : undefined;
    if (containing !== undefined) return { ok: true, value: containing };
  }
  const answer = kernel.netlink.ask((sequence) => format.routeTo(bytes, sequence));
  if (!answer.ok) return failed(answer);
  const route = answer.value.map(format.parseRoute).find((one) => one !== undefined);
  const leadsThere = route?.type === format.RTN_UNICAST && (anyRoute || (route.connected && route.prefix > 0));
  if (!leadsThere || route.index === undefined || (device !== undefined && route.index !== device))
    return refused("no interface is connected to its network; give interface and prefix");
  return { ok: true, value: { index: route.index, prefix: route.prefix } };
}
