import type { Config } from "../../src/config/config.js";
import type { OperatorOutcome } from "../../src/core/effect.js";
import type { ResourceOutcome } from "../../src/core/event.js";
import { generation, type NodeName, type OperationId } from "../../src/core/names.js";
import { type Instant, instant } from "../../src/core/time.js";
import { type Loop, runLoop } from "../../src/daemon/loop.js";
import { digests } from "../../src/io/digests.js";
import type { Addresses, AddressOutcome, VirtualAddress } from "../../src/ports/addresses.js";
import type { Clock } from "../../src/ports/clock.js";
import type { Holdings } from "../../src/ports/guardian.js";
import type { Medium, Pinger } from "../../src/ports/medium.js";
import type { ScriptCall, Scripts } from "../../src/ports/scripts.js";
import { configOf } from "../../src/sim/pretend-cluster.js";
import { PretendMedium } from "../../src/sim/pretend-ports.js";
import { type Codec, createCodec } from "../../src/wire/codec.js";

/** One daemon loop at a desk: every port is in the hand of the test, nothing happens by itself. */
export class DeskClock implements Clock {
  time = 1_000;
  armed: Instant | undefined;
  #wake: () => void = () => {};

  now(): Instant {
    return instant(this.time);
  }

  wall(): number {
    return 1_700_000_000 + this.time / 1_000;
  }

  arm(at: Instant | undefined, wake: () => void): void {
    this.armed = at;
    this.#wake = wake;
  }

  /** Lets time pass; the timer fires when it is due. */
  run(duration: number): void {
    const end = this.time + duration;
    while (this.armed !== undefined && this.armed <= end) {
      this.time = Math.max(this.time, this.armed);
      this.#wake();
    }
    this.time = end;
  }
}

export class DeskAddresses implements Addresses {
  readonly present = new Set<string>();
  readonly announced: string[] = [];
  /** Why calls fail, by `add`, `remove` or `announce`. */
  readonly failing = new Map<string, string>();

  add({ address }: VirtualAddress): AddressOutcome {
    return this.#answer("add", () => this.present.add(address));
  }

  remove({ address }: VirtualAddress): AddressOutcome {
    return this.#answer("remove", () => this.present.delete(address));
  }

  has({ address }: VirtualAddress): boolean {
    return this.present.has(address);
  }

  announce({ address }: VirtualAddress): AddressOutcome {
    if (!this.present.has(address)) return { ok: false, why: `${address} is not on this host` };
    return this.#answer("announce", () => this.announced.push(address));
  }

  #answer(what: string, action: () => void): AddressOutcome {
    const why = this.failing.get(what);
    if (why !== undefined) return { ok: false, why };
    action();
    return { ok: true };
  }
}

export class DeskScripts implements Scripts {
  readonly calls: ScriptCall[] = [];
  readonly abandoned: OperationId[] = [];
  finished: (operation: OperationId, outcome: ResourceOutcome) => void = () => {};

  run(call: ScriptCall): void {
    this.calls.push(call);
  }

  abandon(operation: OperationId): void {
    this.abandoned.push(operation);
  }

  onFinished(listener: (operation: OperationId, outcome: ResourceOutcome) => void): void {
    this.finished = listener;
  }
}

export class DeskPinger implements Pinger {
  readonly description = "ping at the desk";
  readonly asked: Uint8Array[] = [];
  answer: (payload: Uint8Array, at: Instant) => void = () => {};
  readonly node: NodeName;

  constructor(node: NodeName) {
    this.node = node;
  }

  ask(payload: Uint8Array): void {
    this.asked.push(payload);
  }

  onAnswer(listener: (payload: Uint8Array, at: Instant) => void): void {
    this.answer = listener;
  }

  poll(): void {}
  close(): void {}
}

export interface Desk {
  readonly config: Config;
  readonly clock: DeskClock;
  readonly addresses: DeskAddresses;
  readonly scripts: DeskScripts;
  readonly pingers: readonly DeskPinger[];
  readonly media: readonly PretendMedium[];
  readonly sent: Uint8Array[];
  readonly lines: string[];
  readonly records: string[];
  readonly codec: Codec;
  readonly guardian: {
    readonly told: Holdings[];
    readonly allowed: (Instant | undefined)[];
    ticks: number;
    farewells: number;
  };
  readonly clients: string[];
  /** What the dead-man's switch was told. */
  readonly deadMan: { readonly told: ("refresh" | "close")[] };
  readonly ended: () => boolean;
  readonly answers: { readonly outcome: OperatorOutcome; readonly text: string }[];
}

const shape = {
  nodes: ["alpha", "bravo"],
  links: ["eth0", "eth1"],
  haCf: ["keepalive 1", "deadtime 5", "warntime 3", "initdead 10", "auto_failback off"],
  haresources: ["alpha 10.0.0.1/24/eth9 svc1", "bravo 10.0.0.2/24/eth9"],
  medium: "ucast",
} as const;

/** Everything a loop needs, for one node of the cluster. */
export function deskOf(node: string): Desk & { readonly start: (media?: readonly Medium[]) => Loop } {
  const config = configOf(shape, node);
  const clock = new DeskClock();
  const sent: Uint8Array[] = [];
  const media = ["eth0", "eth1"].map((link) => new PretendMedium(link, link, (bytes) => sent.push(bytes)));
  const codec = createCodec({ keys: config.keys, digests });
  const lines: string[] = [];
  const records: string[] = [];
  const guardian = { told: [] as Holdings[], allowed: [] as (Instant | undefined)[], ticks: 0, farewells: 0 };
  const clients: string[] = [];
  const deadMan = { told: [] as ("refresh" | "close")[] };
  let ended = false;
  const desk = {
    config,
    clock,
    media,
    sent,
    codec,
    lines,
    records,
    guardian,
    clients,
    deadMan,
    addresses: new DeskAddresses(),
    scripts: new DeskScripts(),
    pingers: config.settings.pingNodes.map((name) => new DeskPinger(name)),
    ended: () => ended,
    answers: [],
  };
  const start = (others: readonly Medium[] = media): Loop =>
    runLoop({
      ...desk,
      media: others,
      resourceDir: "/etc/ha.d/resource.d",
      identity: {
        uuid: new Uint8Array(16).fill(node.length),
        generation: generation(1),
        processId: 4711,
        strong: true,
      },
      seed: 1,
      nonce: node === "alpha" ? "aaaaaaaaaaaaaaaa" : "bbbbbbbbbbbbbbbb",
      guardian: {
        tick: () => guardian.ticks++,
        allow: (until) => guardian.allowed.push(until),
        hold: (holdings) => guardian.told.push(holdings),
        fenceSelf: () => {},
        farewell: () => guardian.farewells++,
      },
      deadMan: {
        view: { form: "filter", limit: 3_000, lacking: undefined },
        refresh: () => void deadMan.told.push("refresh"),
        close: () => void deadMan.told.push("close"),
      },
      fencer: { fence: () => {}, abandon: () => {}, onFinished: () => {} },
      clients: { start: () => clients.push("start"), stop: () => clients.push("stop") },
      log: { line: ({ text }) => lines.push(text), record: (what) => records.push(what) },
      onEnd: () => {
        ended = true;
      },
    });
  return { ...desk, start };
}
