/**
 * What to ask of the kernel so that an address comes or goes without harm to its neighbours. Pure: the lists come from the
 * kernel, the answers go there; nothing here talks to it.
 *
 * The harm worth knowing: Linux keeps, per interface and subnet, one *primary* IPv4 address and any number of *secondary*
 * ones. Deleting the primary takes all its secondaries along, unless the interface has `promote_secondaries`. So where a
 * virtual address came first in its subnet (an interface without an address of its own), letting go of one group would
 * silently take away the addresses of another.
 */
import { broadcastOf, inSameNetwork, sameBytes } from "./ip-bytes.js";
import {
  type AddressLifetime,
  IFA_F_GIVEN,
  IFA_F_NODAD,
  IFA_F_SECONDARY,
  type InterfaceAddress,
} from "./netlink-format.js";

/** The kernel's limit for interface names and labels, without the final NUL. */
const LONGEST_LABEL = 15;

/** @returns those of `present` that are `address`, on interface `index`; with `undefined` on any interface but loopback (1). */
export function copiesOf(
  address: Uint8Array,
  index: number | undefined,
  present: readonly InterfaceAddress[],
): readonly InterfaceAddress[] {
  // A virtual address on loopback is how load balancers (LVS, direct routing) let a real server accept it: not ours to touch.
  const here = (one: InterfaceAddress): boolean => (index === undefined ? one.index !== 1 : one.index === index);
  return present.filter((one) => here(one) && sameBytes(one.address, address));
}

/** What is known when an address is to be added. */
export interface Placement {
  readonly address: Uint8Array;
  readonly prefix: number;
  readonly index: number;
  readonly device: string;
  readonly label: string | undefined;
  readonly wantsLabel: boolean;
  readonly broadcast: Uint8Array | undefined;
  readonly lifetime: AddressLifetime | undefined;
}

/** @returns the address as the kernel shall have it: broadcast computed, label chosen, IPv6 without duplicate detection. */
export function planned(place: Placement, present: readonly InterfaceAddress[]): InterfaceAddress {
  const ipv4 = place.address.length === 4;
  return {
    index: place.index,
    address: place.address,
    prefix: place.prefix,
    label: ipv4 ? labelFor(place, present) : undefined,
    broadcast: place.broadcast ?? broadcastOf(place.address, place.prefix),
    scope: 0,
    flags: ipv4 ? 0 : IFA_F_NODAD,
    lifetime: place.lifetime,
  };
}

/** The label asked for, or the next free `device:N`. One that is too long for the kernel is left out: the address matters more. */
function labelFor({ label, wantsLabel, device }: Placement, present: readonly InterfaceAddress[]): string | undefined {
  if (label === undefined && !wantsLabel) return undefined;
  const chosen = label ?? nextFreeLabel(device, present);
  return chosen.length <= LONGEST_LABEL ? chosen : undefined;
}

/** @returns `device:0`, or the first of `device:1`, `device:2`, … that no address has. */
export function nextFreeLabel(device: string, present: readonly InterfaceAddress[]): string {
  const taken = new Set(present.map((one) => one.label));
  let n = 0;
  while (taken.has(`${device}:${n}`)) n++;
  return `${device}:${n}`;
}

/** @returns the addresses that the kernel would delete together with `leaving`: its secondaries, when it is a primary. */
export function endangeredBy(
  leaving: InterfaceAddress,
  present: readonly InterfaceAddress[],
): readonly InterfaceAddress[] {
  if (leaving.address.length !== 4 || (leaving.flags & IFA_F_SECONDARY) !== 0) return [];
  return present.filter(
    (one) =>
      one.index === leaving.index &&
      one.prefix === leaving.prefix &&
      (one.flags & IFA_F_SECONDARY) !== 0 &&
      inSameNetwork(one.address, leaving.address, leaving.prefix),
  );
}

/** @returns those of `before` that are not in `now`, ready to be added again. */
export function missingFrom(
  now: readonly InterfaceAddress[],
  before: readonly InterfaceAddress[],
): readonly InterfaceAddress[] {
  const gone = before.filter((one) => !now.some((other) => isSame(one, other)));
  return gone.map((one) => ({ ...one, flags: one.flags & IFA_F_GIVEN }));
}

const isSame = (a: InterfaceAddress, b: InterfaceAddress): boolean =>
  a.index === b.index && a.prefix === b.prefix && sameBytes(a.address, b.address);

/** @returns the smallest network of interface `index` that contains `address`, judged by the addresses it already has. */
export function containingNetwork(
  address: Uint8Array,
  index: number,
  present: readonly InterfaceAddress[],
): { readonly index: number; readonly prefix: number } | undefined {
  const prefixes = present
    .filter((one) => one.index === index && inSameNetwork(one.address, address, one.prefix))
    .map((one) => one.prefix);
  return prefixes.length === 0 ? undefined : { index, prefix: Math.max(...prefixes) };
}
