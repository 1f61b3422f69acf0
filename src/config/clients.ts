import type { Respawn } from "./config.js";
import type { HostFacts } from "./host-facts.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";

/** A respawned client, and where its line is. */
export interface RespawnLine {
  readonly respawn: Respawn;
  readonly directive: Word;
}

const syntax = "Like: respawn hacluster /usr/lib/heartbeat/ipfail";

/** What a `respawn` line is judged by. */
export interface RespawnContext {
  /** A program called ipfail is ours, wherever old files say that it lies. */
  readonly builtinIpfail: boolean;
  readonly facts: HostFacts;
  readonly report: Report;
}

/** Reads `respawn USER COMMAND …` and `failfast`. */
export function readRespawn({ directive, values }: Statement, context: RespawnContext): readonly RespawnLine[] {
  const { facts, report } = context;
  const [user, command, ...args] = values;
  if (user === undefined) {
    report.error(directive, fault("bad-respawn", `${directive.text} needs a user and a command.`, syntax));
    return [];
  }
  const named = command !== undefined && /^\/(.*\/)?ipfail$/.test(command.text);
  const builtIn = named && context.builtinIpfail ? ("ipfail" as const) : undefined;
  const onDeath = directive.text === "failfast" ? "reboot" : "restart";
  const problems = [userFault(user, builtIn, facts), builtIn === undefined ? commandFault(command, facts) : undefined];
  const [ofUser, ofCommand] = problems;
  // Ours runs inside the daemon and needs no user of its own; a missing one must not keep the cluster from starting.
  if (ofUser !== undefined) (builtIn === undefined ? report.error : report.warn)(user, ofUser);
  if (ofCommand !== undefined) report.error(command ?? user, ofCommand);
  if (command === undefined || ofCommand !== undefined || (ofUser !== undefined && builtIn === undefined)) return [];
  const words = args.map((word) => word.text);
  return [{ respawn: { user: user.text, command: command.text, args: words, onDeath, builtIn }, directive }];
}

function userFault(user: Word, builtIn: "ipfail" | undefined, facts: HostFacts): Fault | undefined {
  if (facts.users?.(user.text) !== false) return undefined;
  const hint =
    builtIn === undefined
      ? "Make the user, or name another one."
      : "The built-in ipfail runs without it; make the user for other clients.";
  return fault("unknown-user", `Invalid uid [${user.text}] specified for client child`, hint);
}

function commandFault(command: Word | undefined, facts: HostFacts): Fault | undefined {
  const path = command?.text ?? "";
  if (!path.startsWith("/"))
    return fault("respawn-not-full-path", `Client child command [${path}] is not full pathname`, syntax);
  const what = facts.commands?.(path);
  if (what === undefined || what === "executable") return undefined;
  return fault("respawn-not-executable", `Client child command [${path}] is not executable`, commandHint(path, what));
}

function commandHint(path: string, what: "absent" | "not-executable"): string {
  if (path.endsWith("/dopd"))
    return "dopd is not part of this program; DRBD 9 does its work with quorum. Remove the line.";
  return what === "absent"
    ? "There is no such file: mend the path, or remove the line."
    : "Name a program; a script of yours needs the x bit (chmod a+x).";
}
