/** IPv4 and IPv6 addresses in text form: strict, so that a typing error is found by the check and not by the kernel. */

/** @returns the four bytes as one number, or `undefined` when the text is not a dotted IPv4 address. */
export function ipv4(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
}

/** @returns dotted text of a 32-bit number. */
export const ipv4Text = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** @returns the eight groups, or `undefined` when the text is not an IPv6 address (a zone as `%eth0` is not part of it). */
export function ipv6(text: string): readonly number[] | undefined {
  const halves = withoutDottedTail(text)?.split("::") ?? [];
  if (halves.length < 1 || halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (head === undefined) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...(tail ?? [])];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((g) => Number.parseInt(g, 16))
    : undefined;
}

/** `::ffff:10.0.0.1` is written with two ordinary groups, so that the rest need not know of the dotted form. */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":");
  const tail = ipv4(text.slice(cut + 1));
  if (cut < 0 || tail === undefined) return undefined;
  return `${text.slice(0, cut + 1)}${Math.floor(tail / 65536).toString(16)}:${(tail % 65536).toString(16)}`;
}

/** @returns whether two texts name the same address: `2001:db8::1` and `2001:DB8:0::1` do. */
export function sameAddress(one: string, other: string): boolean {
  return one === other || canonical(one) === canonical(other);
}

/** @returns one text per address, whatever way it was written; a text that is no address stays as it is. */
export function canonical(text: string): string {
  const groups = ipv6(text);
  return groups === undefined ? text : groups.map((group) => group.toString(16)).join(":");
}

/** @returns whether the text is a numeric address of either family. */
export const isNumeric = (text: string): boolean => ipv4(text) !== undefined || ipv6(text) !== undefined;

/** @returns the prefix length of `24` or `255.255.255.0`, or `undefined` when it is neither or impossible (0 included). */
export function ipv4Prefix(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text) >= 1 && Number(text) <= 32 ? Number(text) : undefined;
  const mask = ipv4(text);
  if (mask === undefined || mask === 0) return undefined;
  const hosts = 2 ** 32 - mask;
  const bits = Math.log2(hosts);
  return Number.isInteger(bits) ? 32 - bits : undefined;
}

/** @returns whether the address lies in the network of `address/prefix`; false across families. */
export function inNetwork(candidate: string, network: { readonly address: string; readonly prefix: number }): boolean {
  const [one, other] = [bitsOf(candidate), bitsOf(network.address)];
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  return one.slice(0, network.prefix) === other.slice(0, network.prefix);
}

function bitsOf(text: string): string | undefined {
  const four = ipv4(text);
  if (four !== undefined) return four.toString(2).padStart(32, "0");
  return ipv6(text)
    ?.map((group) => group.toString(2).padStart(16, "0"))
    .join("");
}
