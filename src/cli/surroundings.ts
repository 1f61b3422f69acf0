import type { ConfigFiles } from "../config/check.js";
import type { HostFacts } from "../config/host-facts.js";
import type { Facts } from "../doctor/facts.js";
import type { Subjects } from "../doctor/subjects.js";
import type { DiskRequest } from "./disk-request.js";
import type { Terminal } from "./terminal.js";

/** What the verbs need from the world; `main.ts` puts it together, tests put their own together. */
export interface Surroundings {
  readonly terminal: Terminal;
  /** Where the three files are unless `-c` says otherwise. */
  readonly confDir: string;
  /** The daemon's socket. */
  readonly controlSocket: string;
  /** Reads the three files; a missing one is a file without text. */
  loadFiles(directory: string): ConfigFiles;
  /** What the check of these files may know of this machine (interfaces, scripts, users, resolved names). */
  hostFacts(files: ConfigFiles): HostFacts | Promise<HostFacts>;
  /** Looks at this machine for the doctor: what the subjects of the configuration need, and what is in their way. */
  survey(subjects: Subjects, wanted: SurveyOptions): Promise<Facts>;
  /** `heartbeat disk …`. */
  disk(request: DiskRequest, terminal: Terminal): Promise<number>;
  /** Whether rules of the dead-man's switch are in the packet filter; false when that cannot be seen. For root. */
  hasDeadManRules?(): Promise<boolean>;
  /** A witness's status socket and key directory, unless options say otherwise. */
  readonly witness: { readonly keys: string; readonly socket: string };
  /** Serves leases until a signal ends it. @returns the exit code. */
  runWitness(options: WitnessOptions): Promise<number>;
  /** `heartbeat lab …`, loaded only when it is asked for. */
  lab(argv: readonly string[]): Promise<number>;
  /** `heartbeat simulate …`, loaded only when it is asked for. */
  simulate(argv: readonly string[]): Promise<number>;
  /** `heartbeat check --guarantees`: what each failure would lead to, played through in the simulator. */
  guarantees(options: { readonly directory: string; readonly json: boolean }): Promise<number>;
}

export interface SurveyOptions {
  /** What the daemon said of itself, for whatever depends on it. */
  readonly daemon: Facts["daemon"];
  /** Call the `status` of resource scripts. */
  readonly callScripts: boolean;
}

/** `heartbeat witness`. */
export interface WitnessOptions {
  /** `ADDRESS:PORT`, as it was typed. */
  readonly listen: string;
  /** Directory of the clusters' keys. */
  readonly keys: string;
  /** Seconds. */
  readonly longestLease: number;
  /** Where the status is shown. */
  readonly socket: string;
}
