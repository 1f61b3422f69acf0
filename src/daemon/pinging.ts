import type { Config } from "../config/config.js";
import type { Fact } from "../core/event.js";
import { linkName, type NodeName, nodeName } from "../core/names.js";
import type { Instant } from "../core/time.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";
import type { Pinger } from "../ports/medium.js";
import type { Codec } from "../wire/codec.js";
import type { Counters } from "./counters.js";

/** Asks the ping nodes and believes only an answer that brings back one of our latest signed questions (wire.md 6, weaknesses.md C2). */
export interface Pinging {
  ask(node: NodeName): void;
  /** Reads the answers that have come: before any silence is judged. */
  poll(): void;
}

interface Parts {
  readonly config: Config;
  readonly pingers: readonly Pinger[];
  readonly codec: Codec;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers to the latest questions count; an older one says nothing about now. */
const questionsOpen = 8;

interface Questions {
  readonly latest: number;
  /** When each of the latest was asked: that is when the ping node was alive, however late its answer is read. */
  readonly open: Map<number, Instant>;
}

export function createPinging(parts: Parts, counters: Counters, put: (fact: Fact, at: Instant) => void): Pinging {
  const asked = new Map<NodeName, Questions>();
  /** Those that have not answered the latest question. */
  const waiting = new Set<Pinger>();
  const kinds = new Map(parts.config.pings.map((ping) => [nodeName(ping.name), ping.kind]));
  for (const pinger of parts.pingers) {
    pinger.onAnswer((payload, at) => {
      const answer = parts.codec.decodePing(payload);
      if (!answer.ok) return counters.refuse(answer.refusal, linkName(pinger.node), parts);
      const askedAt = answer.node === pinger.node ? asked.get(pinger.node)?.open.get(answer.counter) : undefined;
      if (askedAt === undefined) return counters.refuse("stale-ping-answer", linkName(pinger.node), parts);
      if (answer.counter === asked.get(pinger.node)?.latest) waiting.delete(pinger);
      put({ type: "pingAnswered", node: pinger.node, askedAt }, at);
    });
  }
  return {
    poll() {
      for (const pinger of waiting) pinger.poll();
    },
    ask(node) {
      const pinger = parts.pingers.find((candidate) => candidate.node === node);
      if (pinger === undefined) return;
      const questions = asked.get(node) ?? { latest: 0, open: new Map() };
      const counter = questions.latest + 1;
      asked.set(node, { latest: counter, open: questions.open.set(counter, parts.clock.now()) });
      questions.open.delete(counter - questionsOpen);
      waiting.add(pinger);
      pinger.ask(parts.codec.encodePing({ kind: kinds.get(node) ?? "ping", node, wall: parts.clock.wall(), counter }));
    },
  };
}
