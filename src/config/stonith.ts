import { type NodeName, nodeName } from "../core/names.js";
import type { StonithConfig } from "./config.js";
import { isAgent } from "./fencing.js";
import type { HostFacts } from "./host-facts.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";

/** `stonith TYPE FILE` and `stonith_host HOST TYPE PARAMETER …`: devices that can cut a node's power. */
export interface StonithLine {
  readonly stonith: StonithConfig;
  readonly directive: Word;
  /** The node that can reach the device, of a `stonith_host` line. */
  readonly host?: Word;
}

/** Reads `stonith TYPE FILE`. */
export function readStonith(
  { directive, values }: Statement,
  facts: HostFacts,
  report: Report,
): readonly StonithLine[] {
  const [type, file] = values;
  if (type === undefined || file === undefined) {
    const hint = "Like: stonith baytech /etc/ha.d/conf/stonith.baytech";
    report.error(directive, fault("bad-stonith", "stonith needs a type and a file with its parameters.", hint));
    return [];
  }
  const wrong = typeFault(type, facts);
  if (wrong !== undefined) report.error(type, wrong);
  const isThere = facts.commands?.(file.text) !== "absent";
  if (!isThere) report.error(file, missingFile(file.text));
  return wrong === undefined && isThere
    ? [{ stonith: { kind: "file", type: type.text, file: file.text }, directive }]
    : [];
}

/** Reads `stonith_host HOST TYPE PARAMETER …`. */
export function readStonithHost(
  { directive, values, text }: Statement,
  facts: HostFacts,
  report: Report,
): readonly StonithLine[] {
  const [host, type, ...rest] = values;
  if (host === undefined || type === undefined) {
    const hint = "Like: stonith_host * external/ipmi master2 172.30.105.22 admin <password> lan";
    report.error(directive, fault("bad-stonith", "stonith_host needs a host (or *), a type and its parameters.", hint));
    return [];
  }
  const wrong = typeFault(type, facts);
  if (wrong !== undefined) report.error(type, wrong);
  const params = joinedByCommas(rest, text);
  const strange = isAgent(type.text) ? params.filter((word) => word.text.indexOf("=") < 1) : [];
  for (const word of strange) report.error(word, nameless(type.text, word.text));
  const words = params.map((word) => word.text);
  return wrong === undefined && strange.length === 0
    ? [{ stonith: { kind: "host", host: host.text, type: type.text, params: words }, directive, host }]
    : [];
}

/** A comma separates the words of ha.cf, and the names in a list: a device gets what was written, as one parameter. */
function joinedByCommas(words: readonly Word[], line: string): readonly Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const isPart = last !== undefined && line.slice(last.column - 1 + last.text.length, word.column - 1) === ",";
    if (isPart) joined[joined.length - 1] = { ...last, text: `${last.text},${word.text}` };
    else joined.push(word);
  }
  return joined;
}

const nameless = (type: string, text: string): Fault =>
  fault(
    "bad-stonith",
    `A parameter of ${type} is written key=value, and not [${text}].`,
    `Like: stonith_host * ${type} ip=172.30.107.11 username=heartbeat password=<secret> pcmk_host_list=master1,master2`,
  );

const missingFile = (file: string): Fault =>
  fault(
    "bad-stonith",
    `There is no file ${file}.`,
    "It holds the device's parameters; only root should be able to read it.",
  );

function typeFault({ text }: Word, { stonithTypes }: HostFacts): Fault | undefined {
  if (stonithTypes?.(text) !== false) return undefined;
  const hint = isAgent(text)
    ? "There is no program of this name; Debian's fence agents are in the package fence-agents."
    : "stonith -L lists the types; they come with the package cluster-glue.";
  return fault("unknown-stonith-type", `Invalid Stonith type [${text}]`, hint);
}

/** @returns the devices that this node can reach; a line for a host that is no node gets a warning. */
export function stonithOf(
  lines: readonly StonithLine[],
  { self, nodes }: { readonly self: NodeName; readonly nodes: readonly NodeName[] },
  report: Report,
): readonly StonithConfig[] {
  return lines.flatMap((line) => {
    const { stonith, host } = line;
    if (host !== undefined && host.text !== "*" && !nodes.includes(nodeName(host.text)))
      report.warn(host, strangeHost(host.text));
    if (!isInReach(line, self)) return [];
    return [host === undefined || host.text === "*" ? stonith : { ...stonith, host: self }];
  });
}

/** @returns whether this node can use the device. */
export function isInReach({ host }: StonithLine, self: NodeName): boolean {
  return host === undefined || host.text === "*" || nodeName(host.text) === self;
}

/** @returns the nodes of `fence_priority`, by name. */
export function priorityOf(words: readonly Word[], nodes: readonly NodeName[], report: Report): readonly NodeName[] {
  return words.flatMap((word) => {
    const name = nodeName(word.text);
    if (nodes.includes(name)) return [name];
    report.error(word, strangePriority(word.text));
    return [];
  });
}

const strangePriority = (name: string): Fault =>
  fault(
    "priority-unknown",
    `fence_priority names ${name}, which is no node of the cluster.`,
    "Name nodes as their node lines do, the one that is to live on first.",
  );

const strangeHost = (host: string): Fault =>
  fault(
    "stonith-host-unknown",
    `stonith_host names ${host}, which is no node of the cluster; the line has no effect.`,
    "The first word is the node that the device is attached to, or * when every node can reach it.",
  );
