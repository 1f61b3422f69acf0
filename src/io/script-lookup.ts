import { statSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { ResourceAction } from "../core/effect.js";

/**
 * Which program a resource of haresources means. `nginx` and `svc::a::b` are init scripts: /etc/ha.d/resource.d is asked
 * before /etc/init.d, and only a regular file with an x bit counts. `ocf:provider:agent::name=value` is an OCF agent.
 */
export type ScriptName =
  | { readonly kind: "lsb"; readonly script: string; readonly words: readonly string[] }
  | {
      readonly kind: "ocf";
      readonly provider: string;
      readonly agent: string;
      readonly parameters: ReadonlyMap<string, string>;
    };

export interface ScriptPlaces {
  readonly resourceDir: string;
  readonly initDir: string;
  readonly ocfRoot: string;
}

/** A program that can be called. */
export interface FoundScript {
  readonly kind: "lsb" | "ocf";
  readonly path: string;
  readonly words: readonly string[];
  /** What an OCF agent is told through its environment; empty for others. */
  readonly environment: Readonly<Record<string, string>>;
}

export type Lookup =
  | { readonly found: FoundScript }
  /** `near`: a file of that name that is not an executable regular file. */
  | { readonly found: undefined; readonly why: "not-found" | "not-executable"; readonly near: string | undefined };

/** @returns what the text of a resource names; arguments are split at `::` and again at white space. */
export function scriptName(text: string): ScriptName {
  const address = addressScript(text);
  if (address !== undefined) return address;
  const [name = "", ...rest] = text.split("::");
  const words = rest.flatMap((part) => part.split(/\s+/)).filter((word) => word !== "");
  const ocf = /^ocf:([^:/]+):([^:/]+)$/.exec(name);
  if (ocf === null) return { kind: "lsb", script: name, words };
  const pairs = words.map((word): readonly [string, string] => {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, ""] : [word.slice(0, equals), word.slice(equals + 1)];
  });
  return { kind: "ocf", provider: ocf[1] ?? "", agent: ocf[2] ?? "", parameters: new Map(pairs) };
}

/** An address may stand alone, and an IPv6 address has `::` in itself. @returns the script of an address, if the text names one. */
function addressScript(text: string): ScriptName | undefined {
  if (/^[\d.]+(\/|$)/.test(text)) return { kind: "lsb", script: "IPaddr", words: [text] };
  const sixth = text.startsWith("IPv6addr::") ? text.slice("IPv6addr::".length) : text;
  return isIPv6(sixth.split("/")[0] ?? "") ? { kind: "lsb", script: "IPv6addr", words: [sixth] } : undefined;
}

/** @returns the program of a resource, as the file system has it at this moment. */
export function findScript(text: string, places: ScriptPlaces): Lookup {
  const name = scriptName(text);
  if (name.kind === "ocf") {
    const path = join(places.ocfRoot, "resource.d", name.provider, name.agent);
    return chosen([path], (found) => ({
      kind: "ocf",
      path: found,
      words: [],
      environment: agentSettings(name, places),
    }));
  }
  if (name.script === "" || name.script.split("/").includes("..")) return notFound;
  const candidates = [join(places.resourceDir, name.script), join(places.initDir, name.script)];
  return chosen(candidates, (path) => ({ kind: "lsb", path, words: name.words, environment: {} }));
}

const notFound: Lookup = { found: undefined, why: "not-found", near: undefined };

function chosen(candidates: readonly string[], found: (path: string) => FoundScript): Lookup {
  const path = candidates.find((candidate) => fitness(candidate) === "executable");
  if (path !== undefined) return { found: found(path) };
  const near = candidates.find((candidate) => fitness(candidate) !== "absent");
  return near === undefined ? notFound : { found: undefined, why: "not-executable", near };
}

function fitness(path: string): "executable" | "unfit" | "absent" {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return "absent";
  return facts.isFile() && (facts.mode & 0o111) !== 0 ? "executable" : "unfit";
}

/** The environment of the OCF resource agent API, version 1.0. */
function agentSettings(name: ScriptName & { kind: "ocf" }, places: ScriptPlaces): Record<string, string> {
  const settings: Record<string, string> = {
    OCF_ROOT: places.ocfRoot,
    OCF_RA_VERSION_MAJOR: "1",
    OCF_RA_VERSION_MINOR: "0",
    OCF_RESOURCE_TYPE: name.agent,
    OCF_RESOURCE_PROVIDER: name.provider,
    OCF_RESOURCE_INSTANCE: `${name.agent}_${[...name.parameters.values()][0] ?? "default"}`,
    OCF_CHECK_LEVEL: "0",
  };
  for (const [key, value] of name.parameters) settings[`OCF_RESKEY_${key}`] = value;
  return settings;
}

/** @returns the argument list of a call: words of the resource, then the verb (`monitor` is what OCF calls `status`). */
export const callWords = (script: FoundScript, action: ResourceAction): readonly string[] =>
  script.kind === "ocf" ? [action === "status" ? "monitor" : action] : [...script.words, action];

/** @returns `Running /etc/init.d/nginx  start`: the original leaves two blanks where there is no argument. */
export const runningLine = (script: FoundScript, action: ResourceAction): string =>
  `Running ${script.path} ${script.words.join(" ")} ${action}`;
