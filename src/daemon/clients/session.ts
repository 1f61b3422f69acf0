import { type Message, textOf } from "../../core/message.js";
import { isMark } from "../../core/outbox.js";
import type { ClientConnection } from "../../ports/local-clients.js";
import { decodeClassic, encodeClassic } from "../../wire/classic.js";
import { decodeNetstring, encodeNetstring, NETSTRING_HEAD } from "../../wire/netstring.js";
import { CLIENT_LIMITS, type Parsed } from "../../wire/refusal.js";

/** stranger --signon--> signed on --signoff, end of the connection--> gone */
export type Standing =
  | { readonly kind: "stranger" | "gone" }
  | {
      readonly kind: "signed-on";
      readonly name: string;
      /** Gave no name: asks and listens, but says nothing to the cluster. */
      readonly casual: boolean;
      /** Wants every heartbeat, not only what changed. */
      readonly wantsAll: boolean;
      /** Sent with each message when not 0. */
      readonly signal: number;
    };

/** One connected client. */
export interface Session {
  readonly connection: ClientConnection;
  /** Number of the sign-on since the start of the daemon (`client_gen`). */
  readonly generation: number;
  standing: Standing;
  /** The client's own encoding, by its latest message; its answers come in the same. */
  encoding: "classic" | "netstring";
}

export type SignedOn = Session & { standing: Standing & { readonly kind: "signed-on" } };

export const isSignedOn = (session: Session): session is SignedOn => session.standing.kind === "signed-on";

/** Reads a message as a client sends it, and notes its encoding. Never throws. */
export function readFrame(session: Session, payload: Uint8Array): Parsed {
  const netstring = payload[0] === NETSTRING_HEAD.charCodeAt(0);
  session.encoding = netstring ? "netstring" : "classic";
  if (!netstring) return decodeClassic(payload, CLIENT_LIMITS);
  const end = payload.at(-1) === 0 ? payload.length - 1 : payload.length;
  return decodeNetstring(payload.subarray(0, end), CLIENT_LIMITS);
}

/** Sends a message to clients, encoded once; what our nodes say only to each other is taken out (weaknesses.md C6). */
export function tell(sessions: Iterable<Session>, said: Message): readonly Session[] {
  const shown = said.filter(({ name }) => name !== "auth" && !isMark(name));
  const encoded: Partial<Record<Session["encoding"], Uint8Array>> = {};
  const deaf: Session[] = [];
  for (const session of sessions) {
    encoded[session.encoding] ??= session.encoding === "classic" ? encodeClassic(shown, "\0") : withNul(shown);
    if (!session.connection.send(encoded[session.encoding] ?? new Uint8Array(0))) deaf.push(session);
    else if (isSignedOn(session)) session.connection.signal(session.standing.signal);
  }
  return deaf;
}

function withNul(said: Message): Uint8Array {
  const text = encodeNetstring(said);
  const payload = new Uint8Array(text.length + 1);
  payload.set(text);
  return payload;
}

/** @returns whether the message is for this client: it has its name on it, or nobody's. */
export function isFor({ standing }: SignedOn, said: Message): boolean {
  const to = textOf(said, "to_id");
  return to === undefined || to === standing.name;
}
