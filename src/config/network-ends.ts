import type { AddressConfig } from "./config.js";
import type { InterfaceFacts } from "./host-facts.js";
import { ipv4, sameAddress } from "./ip-address.js";
import { type Fault, fault } from "./report.js";

/**
 * The first and the last address of a network name the network itself and all of its hosts. As a service address the kernel takes either,
 * and answers for it like for any other, with one exception: the last address of a network that the host has an address in already belongs to
 * the broadcast for good, and nobody is ever answered (measured with Linux 6.18). That one is an error; the others served with 3.0.6, so they do here.
 */
/** @returns why this host would never answer for the address. @param moving the service addresses: they may come and go. */
export function broadcastFault(
  { address, family }: AddressConfig,
  interfaces: readonly InterfaceFacts[] | undefined,
  moving: readonly string[],
): Fault | undefined {
  if (family !== "ipv4") return undefined;
  for (const nic of interfaces ?? []) {
    const own = nic.addresses.find(
      (one) => !moving.some((other) => sameAddress(other, one.address)) && endOf(address, one) === "last",
    );
    if (own !== undefined)
      return fault(
        "impossible-address",
        `[${address}] cannot be a service address: it is the broadcast address of ${own.address}/${own.prefix} (${nic.name}), and no host answers for that.`,
        "Take an address that no host has.",
      );
  }
  return undefined;
}

/** @returns what is doubtful about the address in the network that was written with it. */
export function endWarning({ address, family, prefix }: AddressConfig): Fault | undefined {
  if (family !== "ipv4" || prefix === undefined) return undefined;
  const end = endOf(address, { address, prefix });
  if (end === undefined) return undefined;
  const [what, who] =
    end === "last"
      ? ["the broadcast address of its network", "hosts that are in this network, too, do not ask for it"]
      : ["the address of the network itself", "Linux before 5.14 and some other systems take it for a broadcast"];
  return fault(
    "doubtful-address",
    `[${address}/${prefix}] is ${what}: ${who}.`,
    "Take another address, or the prefix length of the whole network.",
  );
}

interface Network {
  readonly address: string;
  readonly prefix: number;
}

/** @returns which end of the network it is; networks of one or two addresses have no ends (RFC 3021). */
function endOf(text: string, { address, prefix }: Network): "first" | "last" | undefined {
  const [number, other] = [ipv4(text), ipv4(address)];
  if (number === undefined || other === undefined || prefix > 30) return undefined;
  const hosts = 2 ** (32 - prefix);
  if (Math.floor(number / hosts) !== Math.floor(other / hosts)) return undefined;
  if (number % hosts === 0) return "first";
  return number % hosts === hosts - 1 ? "last" : undefined;
}
