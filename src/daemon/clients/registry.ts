import type { Snapshot } from "../../control/snapshot.js";
import { runsIpfail } from "../../core/ipfail.js";
import { bytesOf, type Message, message, textOf } from "../../core/message.js";
import type { NodeState } from "../../core/node-state.js";
import type { Clock } from "../../ports/clock.js";
import type { ClientConnection, ClientListener } from "../../ports/local-clients.js";
import type { Log } from "../../ports/log.js";
import type { Loop } from "../loop.js";
import { type Admission, admit, type ClientRule, isCasual } from "./admission.js";
import { createAllowance } from "./allowance.js";
import { changesBetween, heartbeatsBetween } from "./changes.js";
import { answersTo, nodeCalled, refusal, response } from "./requests.js";
import { isFor, isSignedOn, readFrame, type Session, type SignedOn, tell } from "./session.js";

/**
 * The clients of this node, as heartbeat 3.0.6 served them over its API socket: they sign on, ask about the cluster, hear what changes, and
 * speak with their like on other nodes. What a client may cost is bounded: one message per turn of the loop, so many to the cluster per
 * second, and whoever does not read is cut off.
 */
export interface ClientRegistry {
  connect(connection: ClientConnection): ClientListener;
  /** Names of the clients that are signed on and gave one, and of the one that is built in. */
  readonly names: readonly string[];
}

export interface RegistryParts {
  readonly loop: Loop;
  readonly snapshot: () => Snapshot;
  readonly rules: readonly ClientRule[];
  readonly clock: Clock;
  readonly log: Log;
  /** `logfacility` as syslog counts it (facility × 8), for clients that log like the daemon. */
  readonly facility: number | undefined;
}

/** Clients show it (`cl_status hbstatus -v`) and compare it: the release whose behaviour this is. */
const hbversion = "3.0.6 (node: 958e11be8686759f1b99204c17812f2c2633b169)";

export function createClientRegistry(parts: RegistryParts): ClientRegistry {
  return new Registry(parts);
}

class Registry implements ClientRegistry {
  readonly #parts: RegistryParts;
  readonly #sessions = new Set<Session>();
  readonly #uuids = new Map<string, Uint8Array>();
  readonly #allowance;
  #generations = 0;
  #before: NodeState;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    const { loop, clock } = parts;
    this.#before = loop.state;
    this.#allowance = createAllowance(clock);
    this.#uuids.set(loop.state.settings.self, loop.state.identity.uuid);
    loop.onDelivery((said) => this.#deliver(said));
    loop.onTurn(() => this.#tellChanges());
  }

  get names(): readonly string[] {
    const builtIn = this.#parts.loop.state.settings.ipfail === "built-in" ? ["ipfail"] : [];
    const signedOn = [...this.#sessions].filter((one): one is SignedOn => isSignedOn(one) && !one.standing.casual);
    return [...builtIn, ...signedOn.map(({ standing }) => standing.name)];
  }

  connect(connection: ClientConnection): ClientListener {
    const session: Session = {
      connection,
      generation: this.#generations++,
      standing: { kind: "stranger" },
      encoding: "classic",
    };
    this.#sessions.add(session);
    return {
      onFrame: (payload) => this.#onFrame(session, payload),
      isWelcome: () => isSignedOn(session),
      onClose: () => {
        this.#leave(session, "EOF");
        this.#sessions.delete(session);
      },
    };
  }

  #onFrame(session: Session, payload: Uint8Array): number {
    const read = readFrame(session, payload);
    if (!read.ok) {
      this.#parts.loop.counters.note("bad-client-message");
      return 0;
    }
    const isRequest = textOf(read.message, "t") === "hbapi-req";
    return isRequest ? this.#onRequest(session, read.message) : this.#onMessage(session, read.message);
  }

  /** Before the sign-on nothing else is heard; the original is silent too. @returns how long the client has to be silent then. */
  #onRequest(session: Session, request: Message): number {
    const type = textOf(request, "reqtype") ?? "";
    if (type === "signon") this.#signOn(session, request);
    else if (isSignedOn(session) && type === "clientstatus") return this.#clientStatus(session, request);
    else if (isSignedOn(session)) this.#serve(session, type, request);
    return 0;
  }

  #serve(session: SignedOn, type: string, request: Message): void {
    switch (type) {
      case "signoff":
        this.#leave(session, "signoff");
        return session.connection.close();
      case "setfilter":
        return this.#setFilter(session, request);
      case "setsignal":
        return this.#setSignal(session, request);
      case "set_sendqlen":
        return;
      default:
        for (const answer of this.#answersTo(request) ?? [refusal(type)]) this.#tell([session], answer);
    }
  }

  #answersTo(request: Message): readonly Message[] | undefined {
    return answersTo(request, { snapshot: this.#parts.snapshot(), uuids: this.#uuids });
  }

  #signOn(session: Session, request: Message): void {
    if (session.standing.kind !== "stranger") return this.#tell([session], refusal("signon"));
    const text = (field: string): string => textOf(request, field) ?? "";
    const applicant = {
      name: text("from_id"),
      claimed: { pid: text("pid"), uid: text("uid"), gid: text("gid") },
      known: session.connection.credentials,
    };
    const admission = admit(applicant, this.#parts.rules, new Set(this.names));
    if (!admission.admitted) return this.#refuse(session, applicant.name, admission.because, isCasual(applicant));
    const casual = isCasual(applicant);
    // Each coming and going of a named client is told to the other nodes.
    if (!casual && this.#allowance.isOverdrawn) return this.#turnAway(session);
    session.standing = { kind: "signed-on", name: applicant.name, casual, wantsAll: false, signal: 0 };
    // As in the original a client reads of its own coming before it reads that it may stay.
    if (!casual) this.#announce(session, applicant.name, "join", "signon");
    this.#tell([session], response("signon", { result: "OK", ...this.#greeting() }));
  }

  #turnAway(session: Session): void {
    this.#parts.loop.counters.note("client-turned-away");
    session.standing = { kind: "gone" };
    session.connection.close();
  }

  #greeting(): Readonly<Record<string, string>> {
    const { timing, self } = this.#parts.loop.state.settings;
    const { facility } = this.#parts;
    return {
      deadtime: Math.round(timing.deadtime).toString(16),
      keepalive: Math.round(timing.keepalive).toString(16),
      node: self,
      hbversion,
      pacemaker: "false",
      ...(facility === undefined ? {} : { logfacility: String(facility) }),
    };
  }

  #refuse(
    session: Session,
    name: string,
    because: (Admission & { admitted: false })["because"],
    casual: boolean,
  ): void {
    const { loop, log } = this.#parts;
    loop.counters.note("client-refused");
    // Anybody may knock: one line per power of ten, or strangers fill the disk.
    if (/^10*$/.test(String(loop.counters.all.get("client-refused")))) {
      const shown = name.slice(0, 63);
      const { pid } = session.connection.credentials;
      const line = (level: "WARN" | "ERROR", text: string): void => log.line({ level, program: "heartbeat", text });
      line("WARN", `Client [${shown}] pid ${pid} failed authorization [${because}]`);
      line("ERROR", `api_process_registration_msg: cannot add client(${shown})`);
    }
    this.#tell([session], response("signon", { info: because, result: "badreq", ...this.#greeting() }));
    if (!casual) this.#tell([session], this.#news(session, name, "leave", because));
    session.standing = { kind: "gone" };
    session.connection.close();
  }

  #setFilter(session: SignedOn, request: Message): void {
    const mask = Number.parseInt(textOf(request, "fmask") ?? "", 16);
    if (!(mask > 0)) return this.#tell([session], refusal("setfilter", "EINVAL"));
    // The lowest bit stands for everything that is new; any other one for what is not.
    session.standing = { ...session.standing, wantsAll: mask > 1 };
    this.#tell([session], response("setfilter", { result: "OK" }));
  }

  #setSignal(session: SignedOn, request: Message): void {
    const text = textOf(request, "signal") ?? "";
    const signal = /^\d{1,2}$/.test(text) ? Number(text) : -1;
    if (signal < 0 || signal > 64) return this.#tell([session], refusal("setsignal"));
    session.standing = { ...session.standing, signal };
    this.#tell([session], response("setsignal", { result: "OK" }));
  }

  /**
   * Whether a client is online somewhere. Another node is asked; its answer is addressed to the client that wants to know.
   * @returns how long the client has to be silent then.
   */
  #clientStatus(session: SignedOn, request: Message): number {
    const { loop, snapshot } = this.#parts;
    const [name, client] = [textOf(request, "node"), textOf(request, "cn")];
    const node = nodeCalled(snapshot(), name);
    if (node !== undefined && client !== undefined && !node.self && node.type === "normal" && node.status !== "dead") {
      const query = { t: "query-cstatus", dest: node.name, cn: client, from_id: session.standing.name };
      loop.clientSent(message(query), "registry");
      return this.#allowance.spend();
    }
    const cs = node?.self === true && client !== undefined ? this.#statusOf(client) : "offline";
    const answer = response("clientstatus", { subt: "respond-cstatus", cs, result: "OK" });
    const isBad = node === undefined || client === undefined;
    this.#tell([session], isBad ? refusal("clientstatus", "EINVAL") : answer);
    return 0;
  }

  #statusOf = (client: string): "online" | "offline" =>
    this.names.includes(client) || (client === "ipfail" && runsIpfail(this.#parts.loop.state)) ? "online" : "offline";

  /** A client speaks to the cluster. @returns how long it has to be silent then. */
  #onMessage(session: Session, said: Message): number {
    if (!isSignedOn(session)) return 0;
    const { name, casual } = session.standing;
    if (casual) {
      session.connection.close();
      return 0;
    }
    const named = { from_id: name, to_id: textOf(said, "to_id") ?? name, client_gen: String(session.generation) };
    const own = said.filter((field) => !Object.hasOwn(named, field.name));
    this.#parts.loop.clientSent([...own, ...message(named)], "client");
    return this.#allowance.spend();
  }

  /** The client is gone, for itself and for its like on other nodes. */
  #leave(session: Session, info: string): void {
    const { standing } = session;
    if (standing.kind !== "signed-on") return;
    const { name, casual } = standing;
    session.standing = { kind: "gone" };
    if (!casual) this.#announce(session, name, "leave", info);
  }

  #announce(session: Session, name: string, st: "join" | "leave", info: string): void {
    this.#allowance.spend();
    this.#parts.loop.clientSent(this.#news(session, name, st, info), "registry");
  }

  #news({ generation }: Session, name: string, st: "join" | "leave", info: string): Message {
    const src = this.#parts.loop.state.settings.self;
    const client = { from_id: name, to_id: name, src, info, client_gen: String(generation) };
    return message({ t: "hbapi-clstat", st, ...client });
  }

  /** A message of the cluster arrived for this node. */
  #deliver(said: Message): void {
    this.#learnUuid(said);
    if (textOf(said, "t") === "query-cstatus") return this.#answerQuery(said);
    if (this.#sessions.size === 0) return;
    this.#tell(
      [...this.#sessions].filter((one): one is SignedOn => isSignedOn(one) && isFor(one, said)),
      said,
    );
  }

  #learnUuid(said: Message): void {
    const [source, uuid] = [textOf(said, "src")?.toLowerCase(), bytesOf(said, "srcuuid")];
    const { peers } = this.#parts.loop.state;
    if (source === undefined || uuid?.length !== 16) return;
    for (const name of peers.keys()) if (name === source) this.#uuids.set(source, uuid);
  }

  /** A client over there wants to know whether one of ours is online. */
  #answerQuery(query: Message): void {
    const [asker, client, dest] = [textOf(query, "from_id"), textOf(query, "cn"), textOf(query, "src")];
    if (asker === undefined || client === undefined || dest === undefined) return;
    const answer = { t: "respond-cstatus", dest, result: "OK", cn: client, to_id: asker, cs: this.#statusOf(client) };
    this.#parts.loop.clientSent(message(answer), "registry");
  }

  #tellChanges(): void {
    const before = this.#before;
    const { state } = this.#parts.loop;
    this.#before = state;
    if (this.#sessions.size === 0 || before === state) return;
    const clients = [...this.#sessions].filter(isSignedOn);
    const wall = this.#parts.clock.wall();
    for (const news of changesBetween(before, state, wall)) this.#tell(clients, news);
    const eager = clients.filter(({ standing }) => standing.wantsAll);
    if (eager.length > 0) for (const beat of heartbeatsBetween(before, state, wall)) this.#tell(eager, beat);
  }

  #tell(sessions: Iterable<Session>, said: Message): void {
    for (const { standing, connection } of tell(sessions, said)) {
      if (standing.kind !== "signed-on") continue;
      const text = `Client ${standing.name.slice(0, 63)} (pid ${connection.credentials.pid}) does not read its messages: cut off.`;
      this.#parts.log.line({ level: "WARN", program: "heartbeat", text });
    }
  }
}
