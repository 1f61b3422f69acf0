import type { AddressConfig } from "./config.js";
import { ipv4, ipv4Prefix, ipv4Text, ipv6 } from "./ip-address.js";
import { bad, type Reading, read } from "./reading.js";

/** The argument of IPaddr, IPaddr2 and IPv6addr: `address[/mask[/interface[:label]][/broadcast]]`. */
export type AddressAgent = "IPaddr" | "IPaddr2" | "IPv6addr";

const form4 = "Like: IPaddr::172.30.105.201/24/ens38, with address, prefix length and interface.";
const form6 = "Like: IPv6addr::2001:db8::201/64/ens38, with address, prefix length and interface.";
/** IFNAMSIZ of the kernel, without the NUL: interface names and labels. */
const longestDeviceName = 15;

/** @returns the address with everything that was written behind it, or why no host could hold it. */
export const addressOf = (agent: AddressAgent, text: string): Reading<AddressConfig> =>
  agent === "IPv6addr" ? sixth(text) : fourth(agent, text);

function fourth(agent: "IPaddr" | "IPaddr2", text: string): Reading<AddressConfig> {
  const [address = "", mask = "", third = "", fourthPart = "", ...more] = text.split("/");
  const number = ipv4(address);
  if (number === undefined) return bad("bad-address", `[${address}] is not an IPv4 address.`, form4);
  if (more.length > 0) return bad("bad-address", `[${text}] has more parts than an address can have.`, form4);
  const prefix = mask === "" ? undefined : ipv4Prefix(mask);
  if (mask !== "" && prefix === undefined)
    return bad(
      "bad-mask",
      `[${mask}] is not a netmask.`,
      "Write a prefix length from 1 to 32, or 255.255.255.0 and its like.",
    );
  const why = unusable(number);
  if (why !== undefined) return bad("impossible-address", `[${address}] cannot be a service address: ${why}.`, form4);
  // The interface may be left out, so that the third part is the broadcast address.
  const [device, broadcast] = ipv4(third) === undefined ? [third, fourthPart] : ["", third];
  if (broadcast !== "" && ipv4(broadcast) === undefined)
    return bad("bad-address", `[${broadcast}] is not a broadcast address.`, form4);
  const place = deviceOf(device);
  if (!place.ok) return place;
  const wantsLabel = agent === "IPaddr" || place.value.label !== undefined;
  return read({
    family: "ipv4",
    address: ipv4Text(number),
    prefix,
    ...place.value,
    wantsLabel,
    broadcast: broadcast === "" ? undefined : broadcast,
  });
}

/** Why no host can answer for this address, if none can. */
function unusable(address: number): string | undefined {
  const first = Math.floor(address / 2 ** 24);
  if (first === 0) return "0.0.0.0/8 means this network";
  if (first === 127) return "127.0.0.0/8 is the loopback of every host";
  if (first < 224) return undefined;
  return first < 240 ? "it is a multicast address" : "addresses above 239 are reserved";
}

function deviceOf(text: string): Reading<Pick<AddressConfig, "device" | "label">> {
  if (text === "") return read({ device: undefined, label: undefined });
  const device = text.split(":")[0] ?? "";
  const usable = /^[^\s/:]+$/.test(device) && device !== "." && device !== ".." && text.length <= longestDeviceName;
  if (!usable)
    return bad(
      "bad-interface",
      `[${text}] cannot be the name of an interface.`,
      `Names have at most ${longestDeviceName} characters, label included; ip link shows them.`,
    );
  return read({ device, label: text.includes(":") ? text : undefined });
}

function sixth(text: string): Reading<AddressConfig> {
  const [address = "", mask = "", device = "", ...more] = text.split("/");
  const groups = ipv6(address);
  if (groups === undefined) return bad("bad-address", `[${address}] is not an IPv6 address.`, form6);
  if (more.length > 0) return bad("bad-address", `[${text}] has more parts than an IPv6 address can have.`, form6);
  const prefix = mask === "" ? undefined : Number(/^\d{1,3}$/.test(mask) ? mask : Number.NaN);
  if (prefix !== undefined && !(prefix >= 1 && prefix <= 128))
    return bad("bad-mask", `[${mask}] is not a prefix length.`, "Write a number from 1 to 128.");
  const [first = 0] = groups;
  const local = groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1;
  if (local || first >= 0xff00)
    return bad(
      "impossible-address",
      `[${address}] cannot be a service address: it is ${local ? "the loopback or no address at all" : "a multicast address"}.`,
      form6,
    );
  if ((first & 0xffc0) === 0xfe80 && device === "")
    return bad("bad-interface", `[${address}] is link-local and needs an interface.`, form6);
  const place = deviceOf(device);
  if (!place.ok) return place;
  return read({ family: "ipv6", address, prefix, ...place.value, wantsLabel: false, broadcast: undefined });
}
