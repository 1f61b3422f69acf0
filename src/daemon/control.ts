import { type ControlRequest, type ControlVerb, controlVersion, type Share } from "../control/protocol.js";

/** Reading a request: one line of JSON from somebody who may be anybody. */
export type DecodedRequest =
  | { readonly ok: true; readonly request: ControlRequest }
  | { readonly ok: false; readonly id: number; readonly code: "bad-request" | "unknown-verb"; readonly text: string };

/** No request is longer, in bytes. */
export const longestRequest = 4_096;

const shares: readonly string[] = ["all", "local", "foreign", "failback"] satisfies readonly Share[];

/** @returns the request in the line, or what is wrong with it. Never throws. */
export function decodeRequest(line: string): DecodedRequest {
  const value = parse(line);
  if (value === undefined)
    return { ok: false, id: 0, code: "bad-request", text: "a request is one line of JSON, an object" };
  const { version, id } = value;
  const number = typeof id === "number" && Number.isSafeInteger(id) ? id : 0;
  if (version !== controlVersion) {
    const text = `this daemon speaks version ${controlVersion} of the control protocol`;
    return { ok: false, id: number, code: "bad-request", text };
  }
  const read = readVerb(value);
  if (read !== undefined) return { ok: true, request: { version: controlVersion, id: number, ...read } };
  return {
    ok: false,
    id: number,
    code: "unknown-verb",
    text: "verbs: status, watch, standby, takeover, confirm, stop",
  };
}

function readVerb({ verb, what, node }: Readonly<Record<string, unknown>>): ControlVerb | undefined {
  if (verb === "confirm") return typeof node === "string" ? { verb, node } : undefined;
  if (verb === "status" || verb === "watch" || verb === "stop") return { verb };
  if (verb !== "standby" && verb !== "takeover") return undefined;
  return typeof what === "string" && shares.includes(what) ? { verb, what: what as Share } : undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Who is at the other end. */
export interface Asker {
  readonly uid: number;
  /** All groups, the supplementary ones included. */
  readonly groups: readonly number[];
}

/** @returns whether the asker may use the verb: everybody may look, root and the group haclient may change something. */
export function mayUse(verb: ControlVerb["verb"], asker: Asker, operators: number | undefined): boolean {
  if (verb === "status" || verb === "watch" || asker.uid === 0) return true;
  return operators !== undefined && asker.groups.includes(operators);
}
