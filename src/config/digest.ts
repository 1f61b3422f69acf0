import type { GroupSettings } from "../core/settings.js";
import { utf8 } from "./utf8.js";

/**
 * Digest of what the nodes must agree on. Nodes compare it to notice that their haresources differ (weaknesses.md B12); it keeps
 * honest operators honest and needs no secret, so the FNV-1a hash in 64 bits is enough. Groups are sorted: their order in the file decides nothing.
 *
 * @returns 16 hexadecimal digits.
 */
export function groupsDigest(groups: readonly Pick<GroupSettings, "owner" | "resources">[]): string {
  // Unit separators keep `a b` + `c` apart from `a` + `b c`.
  const lines = groups
    .map((group) => [group.owner, ...group.resources.map((resource) => resource.text)].join("\u001f"))
    .sort();
  return fnv1a64(utf8(lines.join("\u001e")))
    .toString(16)
    .padStart(16, "0");
}

function fnv1a64(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
