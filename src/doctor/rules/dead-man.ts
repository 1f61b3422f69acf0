import type { Facts } from "../facts.js";
import { type Finding, note, warning } from "../finding.js";

/** Tables of the dead-man's switch, as `nft` calls them; nodes below a directory of their own have a number behind the name. */
export const isDeadManTable = (name: string): boolean => /^(inet|arp) heartbeat(_[0-9a-f]{8})?$/.test(name);

/** The dead-man's switch: not as good as it could be, or left behind by a daemon that was killed. */
export function deadManFindings({ daemon, firewall }: Facts): readonly Finding[] {
  if (daemon.kind === "stopped") return leftBehind(firewall?.nft);
  if (daemon.kind !== "running") return [];
  const { deadMan, timing } = daemon.later;
  if (deadMan === undefined || deadMan.lacking === null) return [];
  const { form, lacking } = deadMan;
  const isWished = lacking.startsWith("dead_man ");
  const isSlow = deadMan.limit === null || deadMan.limit > timing.deadtime;
  return [
    (isSlow && !isWished ? warning : note)(
      "dead-man-coarse",
      `The dead-man's switch has the form ${form}: ${lacking}.`,
      isSlow
        ? "When everything of heartbeat is killed or frozen here, this host answers for its addresses beside the node that takes them over."
        : "When everything of heartbeat is killed or frozen here, the addresses end before the peer takes them, but not at once.",
      ...(isWished ? [] : mend(lacking)),
    ),
  ];
}

function mend(lacking: string): readonly string[] {
  if (lacking.includes("loopback")) return ["ip link set lo up"];
  if (lacking.includes("deadtime"))
    return ["write a deadtime of at least 3 × keepalive and 40ms into ha.cf, then heartbeat -r"];
  return ["modprobe nf_tables    (and nft list tables: another program may own a table called heartbeat)"];
}

function leftBehind(nft: unknown): readonly Finding[] {
  const rows = rowsOf(nft);
  const tables = rows.flatMap(({ table }) => (table === undefined ? [] : [`${table.family} ${table.name}`]));
  const ours = tables.filter(isDeadManTable);
  if (ours.length === 0) return [];
  const addresses = rows.flatMap(({ set }) => {
    const isHeld = set !== undefined && isDeadManTable(`inet ${set.table}`) && /^held[46]$/.test(set.name ?? "");
    return isHeld ? (set.elem ?? []).map(String) : [];
  });
  return [
    warning(
      "dead-man-left",
      `heartbeat does not run here, and its rules are in the packet filter: this host is mute for ${[...new Set(addresses)].join(", ") || "its addresses"}.`,
      "All processes of heartbeat were killed; the rules keep this host from answering beside the node that has taken over. They are right as long as that is so.",
      "heartbeat    (start it: it takes the rules over)",
      `${ours.map((name) => `nft delete table ${name}`).join("; ")}    (if it is not to be started again)`,
    ),
  ];
}

interface NftRow {
  readonly table?: { readonly family?: string; readonly name?: string };
  readonly set?: { readonly table?: string; readonly name?: string; readonly elem?: readonly unknown[] };
}

function rowsOf(nft: unknown): readonly NftRow[] {
  const list = typeof nft === "object" && nft !== null ? (nft as { readonly nftables?: unknown }).nftables : undefined;
  return Array.isArray(list) ? list.filter((row): row is NftRow => typeof row === "object" && row !== null) : [];
}
