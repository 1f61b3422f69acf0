import type { ControlAnswer } from "../control/protocol.js";
import { controlVersion } from "../control/protocol.js";

/** One line from the daemon, understood as far as its frame; `foreign`: an answer to somebody else's number. */
export type ReadReply =
  | { readonly kind: "reply"; readonly answer: ControlAnswer }
  | { readonly kind: "foreign" }
  | { readonly kind: "bad"; readonly text: string };

/**
 * The daemon is ours and on this host, so the inside of a snapshot is believed; its frame and versions are checked, because
 * after an upgrade the daemon that runs may be older than the tool that asks.
 */
export function readReply(line: string, id: number): ReadReply {
  const value = parsed(line);
  if (value === undefined) return { kind: "bad", text: "heartbeat answered with something that is not JSON" };
  if (value["version"] !== controlVersion) return { kind: "bad", text: otherVersion(value["version"]) };
  // A daemon that could not read our request does not know its number either.
  if (value["id"] !== id && value["kind"] !== "error") return { kind: "foreign" };
  const snapshot = value["snapshot"];
  if (value["kind"] === "snapshot" && isObject(snapshot)) {
    if (snapshot["version"] !== 1) return { kind: "bad", text: otherVersion(snapshot["version"]) };
    return { kind: "reply", answer: value as unknown as ControlAnswer };
  }
  if ((value["kind"] === "wish" || value["kind"] === "error") && typeof value["text"] === "string")
    return { kind: "reply", answer: value as unknown as ControlAnswer };
  return { kind: "bad", text: "heartbeat answered with something this tool does not know" };
}

const otherVersion = (version: unknown): string =>
  `heartbeat speaks version ${String(version)} of the control protocol, this tool version ${controlVersion}: restart heartbeat after an upgrade`;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
