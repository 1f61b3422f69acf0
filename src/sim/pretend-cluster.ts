import { checkConfig } from "../config/check.js";
import type { Config } from "../config/config.js";

/**
 * What a pretend cluster is made of. It is written down as the three files and read by the real checker, so that a world is
 * always one that an operator could have configured.
 */
export interface ClusterShape {
  readonly nodes: readonly string[];
  readonly links: readonly string[];
  /** Further lines of ha.cf: times, auto_failback, … */
  readonly haCf: readonly string[];
  /** Lines of haresources. */
  readonly haresources: readonly string[];
  readonly medium: "ucast" | "bcast";
  /** Whether there is a ping node; one where nothing is said. */
  readonly hasPings?: boolean;
}

/** The ping node of every pretend cluster. */
export const pingNode = "172.30.104.254";

/** @returns the address of a node on a link, as `ucast` lines have it. */
export function linkAddress(shape: ClusterShape, node: string, link: string): string {
  return `172.30.${105 + shape.links.indexOf(link)}.${101 + shape.nodes.indexOf(node)}`;
}

/** @returns what the node's daemon is configured with. @throws Error with all problems when the files are wrong. */
export function configOf(shape: ClusterShape, node: string): Config {
  const { config, problems } = checkConfig({
    files: {
      haCf: { path: "ha.cf", text: haCfOf(shape, node) },
      authkeys: { path: "authkeys", text: "auth 1\n1 sha1 a-secret-of-the-simulator\n", mode: 0o600 },
      haresources: { path: "haresources", text: `${shape.haresources.join("\n")}\n` },
    },
    host: { unameNode: node },
  });
  if (config !== undefined) return config;
  const errors = problems.filter((problem) => problem.severity === "error");
  throw new Error(errors.map((problem) => `${problem.file}:${problem.line}: ${problem.text}`).join("\n"));
}

function haCfOf(shape: ClusterShape, node: string): string {
  const media = shape.links.flatMap((link) => mediaOn(shape, node, link));
  const pings = shape.hasPings === false ? [] : [`ping ${pingNode}`];
  return [...shape.haCf, ...media, ...pings, `node ${shape.nodes.join(" ")}`, ""].join("\n");
}

function mediaOn(shape: ClusterShape, node: string, link: string): readonly string[] {
  if (shape.medium === "bcast") return [`bcast ${link}`];
  const others = shape.nodes.filter((name) => name !== node);
  return others.map((name) => `ucast ${link} ${linkAddress(shape, name, link)}`);
}
