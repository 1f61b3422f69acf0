import { broadcastOf } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { openNetlink } from "./netlink.js";
import { listAddresses, parseAddress } from "./netlink-format.js";

/** @returns the broadcast address of the first IPv4 address of interface `index`; `EADDRNOTAVAIL` when it has none. */
export function deviceBroadcast(index: number): libc.SystemResult<Uint8Array> {
  const netlink = openNetlink();
  if (!netlink.ok) return netlink;
  const answer = netlink.value.ask((sequence) => listAddresses("ipv4", sequence));
  netlink.value.close();
  if (!answer.ok) return answer;
  for (const address of answer.value.map(parseAddress)) {
    if (address?.index !== index) continue;
    const broadcast = address.broadcast ?? broadcastOf(address.address, address.prefix);
    if (broadcast !== undefined) return { ok: true, value: broadcast };
  }
  return libc.systemError("broadcast address", 99 /* EADDRNOTAVAIL */);
}
