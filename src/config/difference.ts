import { nodeName } from "../core/names.js";
import { readAuthkeys } from "./authkeys.js";
import type { ConfigFiles } from "./check.js";
import type { ResourceConfig } from "./config.js";
import { readHaCf } from "./ha-cf.js";
import { readHaresources } from "./haresources.js";
import { reportOn } from "./report.js";
import { isSingle } from "./singles.js";
import type { SourceFile } from "./source.js";
import { type Statement, statementsOf } from "./statements.js";

/**
 * What two sets of files mean differently. Comments, blanks, the order of lines, units (`500ms`, `0.5`) and short forms of resources make no
 * difference. No key is ever part of a text.
 */
export interface Difference {
  readonly file: "ha.cf" | "authkeys" | "haresources";
  /** The directive, the key or the group. */
  readonly what: string;
  /** As it stands there; `undefined`: it is not there. */
  readonly here: string | undefined;
  readonly there: string | undefined;
  /** What follows when a node runs with the one and its peer with the other. */
  readonly consequence: string;
}

/** @returns the differences, in the order of the files. Files with mistakes are compared as far as they can be read. */
export function differencesBetween(here: ConfigFiles, there: ConfigFiles): readonly Difference[] {
  return [
    ...singleDirectives(here.haCf, there.haCf),
    ...otherDirectives(here.haCf, there.haCf),
    ...keys(here.authkeys, there.authkeys),
    ...groups(here.haresources, there.haresources),
  ];
}

const silent = reportOn("", []);
const textOf = ({ text }: SourceFile): string => text ?? "";

const defaultConsequence = "Each node goes by its own file.";
const consequences = new Map([
  ["keepalive", "The slower node seems late to the faster one; deadtime must suit both."],
  ["deadtime", "Each of ours judges by its own, an original waits for the longer one: takeovers differ by direction."],
  ["udpport", "The nodes do not hear each other."],
  ["auto_failback", "Whether a group goes home depends on which node asks."],
  ["node", "A node that is named on one side only is a stranger to the other."],
  ["ucast", "Usual between the two nodes: each names the other's address."],
  ["bcast", "A link that only one side has carries nothing."],
  ["mcast", "The nodes do not hear each other over it."],
  ["ping", "With ipfail the nodes compare different things."],
]);

function difference(
  file: Difference["file"],
  what: string,
  here: string | undefined,
  there: string | undefined,
): Difference {
  return { file, what, here, there, consequence: consequences.get(what) ?? defaultConsequence };
}

/** Of the single directives the last value counts, as what it means. */
function singleDirectives(here: SourceFile, there: SourceFile): readonly Difference[] {
  const [one, other] = [here, there].map((file) => readHaCf(textOf(file), {}, silent).singles);
  const names = [...new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])].filter(isSingle);
  return names.flatMap((name) => {
    const [mine, theirs] = [one?.[name], other?.[name]];
    if (JSON.stringify(mine?.value) === JSON.stringify(theirs?.value)) return [];
    return [difference("ha.cf", name, mine?.word.text, theirs?.word.text)];
  });
}

/** Of all others each line counts; of `node` and `ping` each word. */
function otherDirectives(here: SourceFile, there: SourceFile): readonly Difference[] {
  const [one, other] = [linesOf(here), linesOf(there)];
  const only = (mine: Lines, theirs: Lines): readonly (readonly [name: string, text: string])[] =>
    [...mine].filter(([key]) => !theirs.has(key)).map(([, line]) => line);
  return [
    ...only(one, other).map(([name, text]) => difference("ha.cf", name, text, undefined)),
    ...only(other, one).map(([name, text]) => difference("ha.cf", name, undefined, text)),
  ];
}

type Lines = ReadonlyMap<string, readonly [name: string, text: string]>;

function linesOf(file: SourceFile): Lines {
  const lines = statementsOf(textOf(file), silent).filter(({ directive }) => !isSingle(directive.text));
  return new Map(lines.flatMap(partsOf).map(([name, text]) => [`${name} ${text}`, [name, text]]));
}

const eachWord = new Set(["node", "ping", "ping6", "bcast", "serial"]);

function partsOf({ directive, values }: Statement): readonly (readonly [string, string])[] {
  const name = directive.text === "udp" ? "bcast" : directive.text;
  const words = values.map(({ text }) => (name === "node" ? nodeName(text) : text));
  return eachWord.has(name) ? words.map((word) => [name, word]) : [[name, words.join(" ")]];
}

/** Says which key differs and by what method, never what it is. */
function keys(here: SourceFile, there: SourceFile): readonly Difference[] {
  const [one, other] = [here, there].map((file) =>
    file.text === undefined ? undefined : readAuthkeys({ path: file.path, text: file.text }, silent),
  );
  if (one === undefined || other === undefined) {
    const words = (keyring: unknown, file: SourceFile) =>
      keyring === undefined ? (file.text === undefined ? undefined : "(cannot be used)") : "(good)";
    const [mine, theirs] = [words(one, here), words(other, there)];
    return mine === theirs ? [] : [difference("authkeys", "file", mine, theirs)];
  }
  const found: Difference[] = [];
  if (one.sendIndex !== other.sendIndex)
    found.push({
      ...difference("authkeys", "auth", String(one.sendIndex), String(other.sendIndex)),
      consequence:
        "Each signs with another key; both are heard as long as both keys are in both files (not by an original).",
    });
  for (const index of new Set([...one.byIndex.keys(), ...other.byIndex.keys()])) {
    const [mine, theirs] = [one.byIndex.get(index), other.byIndex.get(index)];
    if (mine !== undefined && theirs !== undefined && mine.method === theirs.method && same(mine.secret, theirs.secret))
      continue;
    const differs =
      mine !== undefined && theirs?.method === mine.method ? `${mine.method}, another key` : theirs?.method;
    found.push({
      ...difference("authkeys", `key ${index}`, mine?.method, differs),
      consequence: "What is signed with it on one node is refused on the other.",
    });
  }
  return found;
}

const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);

/** A group is known by its first resource, as the nodes know it. */
function groups(here: SourceFile, there: SourceFile): readonly Difference[] {
  const [one, other] = [groupsOf(here), groupsOf(there)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [mine, theirs] = [one.get(name), other.get(name)];
    if (mine?.meaning === theirs?.meaning) return [];
    const consequence =
      mine === undefined || theirs === undefined
        ? "A group that only one node knows is not taken over when that node fails."
        : mine.owner !== theirs.owner
          ? "Each node thinks that the group is at home somewhere else."
          : "What belongs to the group depends on the node that starts it.";
    return [{ ...difference("haresources", name, mine?.text, theirs?.text), consequence }];
  });
}

interface GroupMeaning {
  readonly owner: string;
  readonly text: string;
  readonly meaning: string;
}

function groupsOf(file: SourceFile): ReadonlyMap<string, GroupMeaning> {
  const meant = readHaresources(textOf(file), silent).flatMap(({ owner, resources }) => {
    const [first] = resources;
    if (first === undefined) return [];
    const name = nodeName(owner.text);
    const text = [name, ...resources.map(({ word }) => word.text)].join(" ");
    const meaning = JSON.stringify([name, ...resources.map(({ resource }) => meaningOf(resource))]);
    return [[keyOf(first.resource, first.word.text), { owner: name, text, meaning }] as const];
  });
  return new Map(meant);
}

/** `172.30.105.201/24/ens38` and `IPaddr::172.30.105.201/24/ens38` are the same resource. */
const meaningOf = (resource: ResourceConfig): unknown =>
  resource.kind === "address" ? [resource.agent, resource.address] : [resource.script, resource.args];

const keyOf = (resource: ResourceConfig, text: string): string =>
  resource.kind === "address" ? resource.address.address : text;
