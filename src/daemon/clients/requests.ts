import type { NodeSnapshot, Snapshot } from "../../control/snapshot.js";
import { type Message, message, textOf } from "../../core/message.js";

/**
 * What clients may ask about the cluster, and the answers word for word as 3.0.6 gives them (tools.md 6), read from a snapshot. A list is
 * answered by one message per entry, all but the last with `result=ok/more`.
 */
export interface Knowledge {
  readonly snapshot: Snapshot;
  /** Uuids of the nodes that were heard, and our own. */
  readonly uuids: ReadonlyMap<string, Uint8Array>;
}

type Fields = Readonly<Record<string, string | Uint8Array>>;

/** @returns the answers to a request about the cluster; `undefined` when it is no such request. */
export function answersTo(request: Message, knowledge: Knowledge): readonly Message[] | undefined {
  const type = textOf(request, "reqtype") ?? "";
  const rows = rowsFor(type, request, knowledge);
  if (rows === undefined) return undefined;
  if (rows === "bad") return [refusal(type, "EINVAL")];
  if (typeof rows === "string") return [refusal(type, rows)];
  const last = rows.length - 1;
  return rows.map((row, at) => response(type, { ...row, result: at < last ? "ok/more" : "OK" }));
}

export const response = (reqtype: string, fields: Fields): Message => message({ t: "hbapi-resp", reqtype, ...fields });

export const refusal = (reqtype: string, info?: string): Message =>
  response(reqtype, info === undefined ? { result: "badreq" } : { result: "badreq", info });

const noName = "no query node name found";

function rowsFor(type: string, request: Message, knowledge: Knowledge): readonly Fields[] | string | undefined {
  const { snapshot, uuids } = knowledge;
  const node = (): NodeSnapshot | undefined => nodeCalled(snapshot, textOf(request, "node"));
  const about = (row: (found: NodeSnapshot) => readonly Fields[] | "bad"): readonly Fields[] | "bad" => {
    const found = node();
    return found === undefined ? "bad" : row(found);
  };
  switch (type) {
    case "nodelist":
      return snapshot.nodes.map(({ name, type: nodetype, status }) => ({ node: name, nodetype, st: status }));
    case "nodestatus":
      return about(({ status }) => [{ st: status }]);
    case "nodetype":
      return about(({ type: nodetype }) => [{ nodetype }]);
    case "nodeweight":
      return about(() => [{ weight: "100" }]);
    case "nodesite":
      return about(() => [{ site: "" }]);
    case "iflist":
      return about((found) => linksOf(snapshot, found).map(({ name, up }) => ({ ifname: name, st: wordFor(up) })));
    case "ifstatus":
      return about((found) => {
        const link = linksOf(snapshot, found).find(({ name }) => name === textOf(request, "ifname"));
        return link === undefined ? "bad" : [{ st: wordFor(link.up) }];
      });
    case "getparm":
      return parameter(snapshot, textOf(request, "pname"));
    case "getrsc":
      return [{ rsc_hold: snapshot.holds }];
    case "getuuid":
      return uuidOf(uuids, textOf(request, "queryname"));
    case "getnodename":
      return nameOf(uuids, request);
    default:
      return undefined;
  }
}

/** Every node has a link for each medium of ours, heard or not: a list is never empty, or its reader would wait for an answer. */
function linksOf({ nodes }: Snapshot, node: NodeSnapshot): readonly { readonly name: string; readonly up: boolean }[] {
  const own = node.type === "ping" ? [] : (nodes.find(({ self }) => self)?.links ?? []);
  const unheard = own.filter(({ name }) => !node.links.some((link) => link.name === name));
  return [...node.links, ...unheard.map(({ name }) => ({ name, up: false }))];
}

const wordFor = (up: boolean): string => (up ? "up" : "dead");

/** Names compare without regard to case. */
export const nodeCalled = ({ nodes }: Snapshot, name: string | undefined): NodeSnapshot | undefined =>
  nodes.find((node) => node.name === name?.toLowerCase());

function parameter({ parameters }: Snapshot, name: string | undefined): readonly Fields[] | "bad" {
  if (name === undefined) return "bad";
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return [value === undefined ? {} : { pvalue: value }];
}

function uuidOf(uuids: Knowledge["uuids"], name: string | undefined): readonly Fields[] | string {
  if (name === undefined) return noName;
  const uuid = uuids.get(name.toLowerCase());
  return [uuid === undefined ? {} : { queryuuid: uuid }];
}

function nameOf(uuids: Knowledge["uuids"], request: Message): readonly Fields[] | string {
  const wanted = request.find(({ name }) => name === "queryuuid")?.value;
  if (wanted === undefined || typeof wanted === "string") return noName;
  const found = [...uuids].find(
    ([, uuid]) => uuid.length === wanted.length && uuid.every((byte, i) => byte === wanted[i]),
  );
  return [found === undefined ? {} : { queryname: found[0] }];
}
