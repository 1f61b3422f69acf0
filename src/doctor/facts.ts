import type { Snapshot } from "../control/snapshot.js";
import type {
  AccountFacts,
  AddressFacts,
  FirewallFacts,
  LinkFacts,
  MachineFacts,
  NameFacts,
  PlaceFacts,
  PortUser,
  ScriptFacts,
} from "../ports/survey.js";
import type { Blind } from "./finding.js";

/**
 * What was found on this machine. Somebody with hands found it out (`src/main/survey.ts`); here it is only judged. A member that is absent
 * was not looked at, and nothing is concluded from that.
 */
export interface Facts {
  readonly links?: readonly LinkFacts[] | undefined;
  readonly names?: readonly NameFacts[] | undefined;
  /** Value of a file below /proc/sys; `undefined`: there is none. */
  readonly sysctl?: ((path: string) => number | undefined) | undefined;
  readonly firewall?: FirewallFacts | undefined;
  /** Who has bound a UDP port that heartbeat needs. */
  readonly portUsers?: readonly PortUser[] | undefined;
  readonly scripts?: readonly ScriptFacts[] | undefined;
  readonly probes?: readonly AddressFacts[] | undefined;
  readonly places?: PlaceFacts | undefined;
  readonly accounts?: AccountFacts | undefined;
  readonly machine?: MachineFacts | undefined;
  readonly daemon: DaemonFacts;
  /** What could not be looked at. */
  readonly blind: readonly Blind[];
}

/** `later` is a second look some moments after the first: a counter that grew meanwhile is a trouble of now. */
export type DaemonFacts =
  | { readonly kind: "running"; readonly first: Snapshot; readonly later: Snapshot }
  | { readonly kind: "stopped" }
  | { readonly kind: "unknown"; readonly why: string };
