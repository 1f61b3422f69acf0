/** What a witness tells whoever opens its status socket: one JSON document. */
export interface WitnessStatus {
  readonly version: 1;
  readonly listen: string;
  /** Milliseconds since it began. */
  readonly running: number;
  /** Milliseconds. */
  readonly longestLease: number;
  /** It has begun so lately that it grants nothing new for so many milliseconds; 0: it does. */
  readonly quietFor: number;
  readonly clusters: readonly WitnessCluster[];
  /** Datagrams by what became of them. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface WitnessCluster {
  readonly name: string;
  /** False: its key file has gone; what was granted runs out. */
  readonly isServed: boolean;
  readonly leases: readonly WitnessLease[];
  readonly nodes: readonly {
    readonly name: string /** Milliseconds since it called last. */;
    readonly calledAgo: number;
  }[];
}

export interface WitnessLease {
  /** As `hbg` has it: eight hexadecimal digits that stand for the group's name. */
  readonly group: string;
  readonly by: string;
  /** Milliseconds for which it has been this node's. */
  readonly heldFor: number;
  /** Milliseconds until it runs out, if it is not prolonged. */
  readonly freeIn: number;
}
