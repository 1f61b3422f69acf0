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

export function createPinging(parts: Parts, counters: Counters, put: (fact: Fact, at: Instant) => void): Pinging {
  const asked = new Map<NodeName, number>();
  const kinds = new Map(parts.config.pings.map((ping) => [nodeName(ping.name), ping.kind]));
  for (const pinger of parts.pingers) {
    pinger.onAnswer((payload, at) => {
      const answer = parts.codec.decodePing(payload);
      if (!answer.ok) return counters.refuse(answer.refusal, linkName(pinger.node), parts);
      const latest = asked.get(pinger.node) ?? 0;
      const current =
        answer.node === pinger.node && answer.counter <= latest && answer.counter > latest - questionsOpen;
      if (!current) return counters.refuse("stale-ping-answer", linkName(pinger.node), parts);
      put({ type: "pingAnswered", node: pinger.node }, at);
    });
  }
  return {
    ask(node) {
      const pinger = parts.pingers.find((candidate) => candidate.node === node);
      if (pinger === undefined) return;
      pinger.poll();
      const counter = (asked.get(node) ?? 0) + 1;
      asked.set(node, counter);
      pinger.ask(parts.codec.encodePing({ kind: kinds.get(node) ?? "ping", node, wall: parts.clock.wall(), counter }));
    },
  };
}
