/** Byte order of this machine. C structures (netlink, ICMP ids of the original) are in it; network fields never are. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
