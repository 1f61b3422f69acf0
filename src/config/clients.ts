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

/** Reads `respawn USER COMMAND …` and `failfast`. A program called ipfail is ours, wherever old files say that it lies. */
export function readRespawn(
  { directive, values }: Statement,
  facts: HostFacts,
  report: Report,
): readonly RespawnLine[] {
  const [user, command, ...args] = values;
  if (user === undefined) {
    report.error(directive, fault("bad-respawn", `${directive.text} needs a user and a command.`, syntax));
    return [];
  }
  const builtIn = command !== undefined && /^\/(.*\/)?ipfail$/.test(command.text) ? ("ipfail" as const) : undefined;
  const problems = [userFault(user, builtIn, facts), builtIn === undefined ? commandFault(command, facts) : undefined];
  const [ofUser, ofCommand] = problems;
  // Ours runs inside the daemon and needs no user of its own; a missing one must not keep the cluster from starting.
  if (ofUser !== undefined) (builtIn === undefined ? report.error : report.warn)(user, ofUser);
  if (ofCommand !== undefined) report.error(command ?? user, ofCommand);
  if (command === undefined || ofCommand !== undefined || (ofUser !== undefined && builtIn === undefined)) return [];
  return [
    { respawn: { user: user.text, command: command.text, args: args.map((word) => word.text), builtIn }, directive },
  ];
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

/** Checks `apiauth CLIENT [uid=a,b] [gid=c,d]`. The comma is a separator of ha.cf, so a list may arrive in pieces. */
export function checkApiauth(statement: Statement, seen: Set<string>, facts: HostFacts, report: Report): void {
  const { directive, values } = statement;
  const line = values.map((word) => word.text).join(" ");
  const [client, ...lists] = values;
  const form = "Syntax: apiauth client [uid=uidlist] [gid=gidlist]";
  if (client === undefined || !lists.some((word) => /^[ug]id=/.test(word.text))) {
    report.error(client ?? directive, fault("bad-apiauth", `Invalid apiauth directive [${line}]`, form));
    return;
  }
  if (seen.has(client.text))
    report.error(
      client,
      fault(
        "repeated-apiauth",
        `Duplicate apiauth directive for API client ${client.text}: [${line}]`,
        "Put all users and groups into one line.",
      ),
    );
  seen.add(client.text);
  checkLists(lists, facts, report);
}

function checkLists(lists: readonly Word[], facts: HostFacts, report: Report): void {
  let kind: "uid" | "gid" = "uid";
  for (const word of lists) {
    if (word.text.startsWith("gid=")) kind = "gid";
    if (word.text.startsWith("uid=")) kind = "uid";
    const name = word.text.replace(/^[ug]id=/, "");
    if (name.includes("="))
      report.error(
        word,
        fault("bad-apiauth", "Missing uid or gid in apiauth", "Syntax: apiauth client [uid=uidlist] [gid=gidlist]"),
      );
    else if (!/^\d*$/.test(name)) checkName(name, kind, word, facts, report);
  }
}

function checkName(name: string, kind: "uid" | "gid", word: Word, facts: HostFacts, report: Report): void {
  const known = kind === "uid" ? facts.users?.(name) : facts.userGroups?.(name);
  const noun = kind === "uid" ? "user id" : "group";
  if (known === false)
    report.error(
      word,
      fault("unknown-user", `Invalid ${noun} name [${name}]`, `Make it, or leave it out of the ${kind} list.`),
    );
}
