/**
 * What the check may know of the machine that the files are for. An impure caller finds it out; everything is optional, and
 * what is unknown is not checked, so that the files of one node can be checked on any other machine.
 */
export interface HostFacts {
  /** `uname -n`. Unknown: the first configured node is taken for this one, and its place in the cluster is not judged. */
  readonly unameNode?: string | undefined;
  /** All interfaces with the addresses they have now. */
  readonly interfaces?: readonly InterfaceFacts[] | undefined;
  /** Where a resource script would be found, by its name in haresources. */
  readonly scripts?: ((name: string) => ScriptPlace) | undefined;
  /** Whether there is such a user. */
  readonly users?: ((name: string) => boolean) | undefined;
  /** Whether there is such a group. */
  readonly userGroups?: ((name: string) => boolean) | undefined;
  /** What stands at a path, for the commands of `respawn` and the parameter files of `stonith`. */
  readonly commands?: ((path: string) => "executable" | "not-executable" | "absent") | undefined;
  /** What stands at a path, for serial lines. */
  readonly ttys?: ((path: string) => "tty" | "not-a-tty" | "absent") | undefined;
  /** Whether a plug-in of this type is installed, for `stonith` and `stonith_host`. */
  readonly stonithTypes?: ((type: string) => boolean) | undefined;
  /** Whether there is such a directory, for log files. */
  readonly directories?: ((path: string) => boolean) | undefined;
  /** Numeric addresses of the names that `namesToResolve` returned; an empty list: looked up and not found. */
  readonly resolved?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Port of `ha-cluster/udp` in the services database. */
  readonly clusterPort?: number | undefined;
  /** Service that has this UDP port reserved in the services database, if any. */
  readonly serviceOfPort?: ((port: number) => string | undefined) | undefined;
  /** Names of the files beside ha.cf. */
  readonly directoryEntries?: readonly string[] | undefined;
}

export interface InterfaceFacts {
  readonly name: string;
  /** Text forms with their prefix length. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
  /** Whether it can broadcast (loopback and tunnels cannot). */
  readonly broadcast: boolean;
}

/** Search order of resources.md 2: resource.d, then init.d; `ocf` for agents written `ocf:provider:agent`. */
export type ScriptPlace = "resource.d" | "init.d" | "ocf" | "not-executable" | "absent";
