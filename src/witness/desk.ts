/**
 * Where all calls arrive: finds the cluster, checks the digest, applies the rules. A datagram with a wrong key, and one that is no call, is
 * counted and not answered, so nobody without a key can make a witness send anything.
 */
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import type { Instant } from "../core/time.js";
import { addresseeOf, type Call, decodeCall, encodeReply } from "./datagram.js";
import { emptyLedger, hear, type Ledger, type Terms } from "./rules.js";
import type { Seals } from "./seal.js";

export interface DeskCounters {
  /** Calls that were answered. */
  answered: number;
  /** Calls that were said before: repeated by the network, or by somebody who recorded them. */
  repeated: number;
  /** Calls of a cluster that this witness has no key file of. */
  unknownCluster: number;
  /** Calls whose digest is not by a key of their cluster. */
  wrongKey: number;
  /** Datagrams that are no calls. */
  malformed: number;
}

/** A lease has come to another node than the one that had it last, or was given back. */
export interface Passing {
  readonly cluster: string;
  readonly group: GroupId;
  readonly from: NodeName | undefined;
  readonly to: NodeName | undefined;
}

interface Cluster {
  /** `undefined`: its key file has gone. What was granted is remembered until it has run out. */
  seals: Seals | undefined;
  ledger: Ledger;
}

export class Desk {
  readonly counters: DeskCounters = { answered: 0, repeated: 0, unknownCluster: 0, wrongKey: 0, malformed: 0 };
  readonly terms: Terms;
  readonly #clusters = new Map<string, Cluster>();
  readonly #onPassing: (passing: Passing) => void;

  constructor(terms: Terms, onPassing: (passing: Passing) => void = () => {}) {
    this.terms = terms;
    this.#onPassing = onPassing;
  }

  /** These are the clusters from now on. Leases stay, also those of a cluster that is not among them until they have run out. */
  serve(clusters: ReadonlyMap<string, Seals>, at: Instant): void {
    for (const [name, cluster] of this.#clusters) {
      cluster.seals = clusters.get(name);
      if (cluster.seals === undefined && !this.#isRemembered(cluster, at)) this.#clusters.delete(name);
    }
    for (const [name, seals] of clusters)
      if (!this.#clusters.has(name)) this.#clusters.set(name, { seals, ledger: emptyLedger });
  }

  #isRemembered({ ledger }: Cluster, at: Instant): boolean {
    const { longestLease } = this.terms;
    const lasts = [...ledger.leases.values()].some(({ until }) => at < until);
    // As long as a call may still be fresh, it must be known which have been heard.
    return lasts || [...ledger.callers.values()].some(({ calledAt }) => at <= calledAt + longestLease);
  }

  /** @returns the reply to a datagram, if there is one. Never throws. */
  take(datagram: Uint8Array, at: Instant): Uint8Array | undefined {
    const addressee = addresseeOf(datagram);
    if (addressee === undefined) return this.#count("malformed");
    const cluster = this.#clusters.get(addressee.cluster);
    if (cluster?.seals === undefined) return this.#count("unknownCluster");
    const seal = cluster.seals.byIndex.get(addressee.key);
    if (!seal?.isWhole(datagram)) return this.#count("wrongKey");
    const call = decodeCall(datagram);
    if (call === undefined) return this.#count("malformed");
    const [ledger, reply] = hear(this.terms, cluster.ledger, call, at);
    const before = cluster.ledger;
    cluster.ledger = ledger;
    if (before.leases !== ledger.leases) this.#tell(call, before, ledger);
    if (reply === undefined) return this.#count("repeated");
    this.#count("answered");
    return seal.close(encodeReply(reply, seal.index));
  }

  #tell({ cluster, groups }: Call, before: Ledger, now: Ledger): void {
    for (const { id } of groups) {
      const [from, to] = [before.leases.get(id)?.by, now.leases.get(id)?.by];
      if (from !== to) this.#onPassing({ cluster, group: id, from, to });
    }
  }

  #count(what: keyof DeskCounters): undefined {
    this.counters[what] += 1;
  }

  /** What every cluster knows; for the status. */
  ledgers(): ReadonlyMap<string, Ledger> {
    return new Map([...this.#clusters].map(([name, { ledger }]) => [name, ledger]));
  }

  isServed(cluster: string): boolean {
    return this.#clusters.get(cluster)?.seals !== undefined;
  }
}
