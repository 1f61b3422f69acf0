/**
 * From a folder to a lab. The folder holds the three files, for all nodes or per node in a subfolder of its name, which wins:
 *
 *     mycluster/haresources   mycluster/authkeys
 *     mycluster/master1/ha.cf   mycluster/master2/ha.cf
 *     mycluster/topology.json (optional)
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guessTopology, nodeNames } from "./guess.js";
import type { Files } from "./machine.js";
import type { NodeFiles } from "./node.js";
import { nginxFiles } from "./seed.js";
import { problemsOf, type Topology } from "./topology.js";

export interface LabPlan {
  readonly topology: Topology;
  readonly files: Readonly<Record<string, NodeFiles>>;
}

const NAMES = { haCf: "ha.cf", authkeys: "authkeys", haresources: "haresources" } as const;

/** Reads the folder; throws with everything that is missing. `nodes` limits or replaces the names on ha.cf's node lines. */
export function readPlan(folder: string, nodes?: readonly string[]): LabPlan {
  const wanted = nodes ?? nodesIn(folder);
  const missing: string[] = [];
  const files = Object.fromEntries(wanted.map((name) => [name, readNode(folder, name, missing)]));
  if (wanted.length === 0) missing.push(`${folder}: no ha.cf with node lines was found`);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  const own = join(folder, "topology.json");
  const topology = existsSync(own)
    ? (JSON.parse(readFileSync(own, "utf8")) as Topology)
    : guessTopology(new Map(Object.entries(files)));
  const problems = problemsOf(topology);
  if (problems.length > 0) throw new Error(`${own}:\n${problems.join("\n")}`);
  return { topology, files };
}

function nodesIn(folder: string): readonly string[] {
  const candidates = ["", ...readdirSync(folder)].map((name) => join(folder, name, "ha.cf"));
  const found = candidates.find((path) => existsSync(path));
  return found === undefined ? [] : nodeNames(readFileSync(found, "utf8"));
}

function readNode(folder: string, name: string, missing: string[]): NodeFiles {
  const read = (file: string): string => {
    const path = [join(folder, name, file), join(folder, file)].find((one) => existsSync(one));
    if (path === undefined) missing.push(`${join(folder, file)} is missing, and so is ${join(folder, name, file)}`);
    return path === undefined ? "" : readFileSync(path, "utf8");
  };
  const haresources = read(NAMES.haresources);
  return { haCf: read(NAMES.haCf), authkeys: read(NAMES.authkeys), haresources, extra: servicesFor(name, haresources) };
}

/** A group that names nginx gets one to run, with the node's name as its page. Other scripts have to be the host's own. */
const servicesFor = (name: string, haresources: string): Files =>
  /\bnginx\b/.test(haresources) ? nginxFiles(name) : {};
