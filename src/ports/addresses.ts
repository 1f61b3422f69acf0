/** One virtual address on one interface. */
export interface VirtualAddress {
  readonly family: "ipv4" | "ipv6";
  /** Text form, `172.30.105.201` or `2001:db8::1`. */
  readonly address: string;
  /** Prefix length; `undefined`: that of the connected route that the address belongs to. */
  readonly prefix: number | undefined;
  /** Interface; `undefined`: the one whose connected route contains the address. */
  readonly device: string | undefined;
  /** Label as `ens38:0`; `undefined`: the next free one for IPaddr, none for IPaddr2 and IPv6addr. */
  readonly label: string | undefined;
  readonly wantsLabel: boolean;
  readonly broadcast: string | undefined;
}

export type AddressOutcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

/**
 * Virtual addresses of this host. All calls finish before they return, take microseconds, and answer with a value:
 * they run in the beat's path.
 */
export interface Addresses {
  /** Puts the address on its interface as a secondary address; success when it is already there. IPv6 without duplicate address detection. */
  add(address: VirtualAddress): AddressOutcome;
  /** Takes it away; success when it is not there. */
  remove(address: VirtualAddress): AddressOutcome;
  /** Whether this host has the address now. */
  has(address: VirtualAddress): boolean;
  /** One round of announcement: gratuitous ARP in request and reply form, or an unsolicited neighbour advertisement. Refused when the address is not here. */
  announce(address: VirtualAddress): AddressOutcome;
}
