import type { NodeSnapshot, Snapshot } from "../control/snapshot.js";
import { type Line, type Piece, piece, type Tone } from "./line.js";
import { table } from "./table.js";
import { plain, spoken } from "./words.js";

const toneOf: Readonly<Record<NodeSnapshot["liveness"], Tone>> = {
  up: "good",
  late: "doubtful",
  unseen: "doubtful",
  left: "dim",
  dead: "bad",
};

const ago = (silence: number | null): string => (silence === null ? "-" : `${spoken(silence)} ago`);

/** One row per node; its links stand in the row, because one link per node is the rule. */
export function nodeTable(snapshot: Snapshot, width: number): Line[] {
  const columns = [
    { title: "NODE", least: 12 },
    { title: "STATE" },
    { title: "STATUS" },
    { title: "LAST HEARD" },
    { title: "LINKS", least: 14 },
    { title: "PROGRAM", least: 7 },
  ];
  return table(columns, snapshot.nodes.map(nodeRow), width);
}

function nodeRow(node: NodeSnapshot): Piece[] {
  const tone = toneOf[node.liveness];
  return [
    piece(plain(node.name) + (node.self ? " (here)" : "")),
    piece(node.liveness, tone),
    piece(plain(node.status)),
    piece(ago(node.silence), node.liveness === "late" ? tone : "plain"),
    linksCell(node),
    piece(node.type === "ping" ? "(ping node)" : plain(node.program), "dim"),
  ];
}

/**
 * Our own links are what we send on; without broadcasts we never hear ourselves there, so "up" or "down" would mislead.
 */
function linksCell(node: NodeSnapshot): Piece {
  const words = node.links.map((link) => {
    if (node.self && !link.up) return plain(link.name);
    const state = link.up ? "up" : "DOWN";
    // The only link of a ping node has the node's own name.
    return (link.name as string) === node.name ? state : `${plain(link.name)} ${state}`;
  });
  const down = !node.self && node.links.some(({ up }) => !up);
  return piece(words.length === 0 ? "-" : words.join(", "), down ? "doubtful" : "plain");
}

/** Every link of every peer with its own age, for `--links`. */
export function linkTable(snapshot: Snapshot, width: number): Line[] {
  const columns = [{ title: "LINK", least: 12 }, { title: "STATE" }, { title: "LAST HEARD" }];
  const rows = snapshot.nodes
    .filter((node) => !node.self)
    .flatMap((node) =>
      node.links.map((link) => [
        piece(`${plain(node.name)}:${plain(link.name)}`),
        piece(link.up ? "up" : "DOWN", link.up ? "good" : "bad"),
        piece(ago(link.silence)),
      ]),
    );
  return table(columns, rows, width);
}
