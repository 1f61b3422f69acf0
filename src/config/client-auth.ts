import type { ClientAuth } from "./config.js";
import type { HostFacts } from "./host-facts.js";
import { fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";

/** `apiauth CLIENT [uid=a,b] [gid=c,d]`: who may sign on to the daemon under which client name. */

/** Who may sign on where no line says so (configuration.md 2). `anon`: clients without a name, and names that stand nowhere. */
const defaults: readonly (readonly [client: string, auth: ClientAuth])[] = [
  ["ipfail", { users: ["hacluster"], groups: [] }],
  ["ccm", { users: ["hacluster"], groups: [] }],
  ["ping", { users: [], groups: ["haclient"] }],
  ["lha-snmpagent", { users: ["root"], groups: [] }],
  ["anon", { users: ["root"], groups: ["haclient"] }],
];

/** @returns the defaults, each replaced by the line of its client where there is one. */
export const clientAuthOf = (given: ReadonlyMap<string, ClientAuth>): ReadonlyMap<string, ClientAuth> =>
  new Map([...defaults, ...given]);

const form = "Syntax: apiauth client [uid=uidlist] [gid=gidlist]";

/** Reads one line into `clients`; a wrong one goes to the report. */
export function readApiauth(
  { directive, values }: Statement,
  clients: Map<string, ClientAuth>,
  facts: HostFacts,
  report: Report,
): void {
  const line = values.map((word) => word.text).join(" ");
  const [client, ...lists] = values;
  if (client === undefined || !lists.some((word) => /^[ug]id=/.test(word.text))) {
    report.error(client ?? directive, fault("bad-apiauth", `Invalid apiauth directive [${line}]`, form));
    return;
  }
  if (clients.has(client.text)) {
    const text = `Duplicate apiauth directive for API client ${client.text}: [${line}]`;
    report.error(client, fault("repeated-apiauth", text, "Put all users and groups into one line."));
  }
  const names = namesOf(lists, report);
  for (const [word, kind, name] of names) checkName(name, kind, word, facts, report);
  const listed = (wanted: "uid" | "gid") => names.flatMap(([, kind, name]) => (kind === wanted ? [name] : []));
  clients.set(client.text, { users: listed("uid"), groups: listed("gid") });
}

/** The comma is a separator of ha.cf, so a list may arrive in pieces: what follows `gid=a` belongs to it. */
function namesOf(lists: readonly Word[], report: Report): readonly (readonly [Word, "uid" | "gid", string])[] {
  let kind: "uid" | "gid" = "uid";
  return lists.flatMap((word) => {
    if (word.text.startsWith("gid=")) kind = "gid";
    if (word.text.startsWith("uid=")) kind = "uid";
    const name = word.text.replace(/^[ug]id=/, "");
    if (name.includes("=")) report.error(word, fault("bad-apiauth", "Missing uid or gid in apiauth", form));
    return name === "" || name.includes("=") ? [] : [[word, kind, name] as const];
  });
}

function checkName(name: string, kind: "uid" | "gid", word: Word, facts: HostFacts, report: Report): void {
  if (/^\d+$/.test(name)) return;
  const known = kind === "uid" ? facts.users?.(name) : facts.userGroups?.(name);
  if (known !== false) return;
  const text = `Invalid ${kind === "uid" ? "user id" : "group"} name [${name}]`;
  report.error(word, fault("unknown-user", text, `Make it, or leave it out of the ${kind} list.`));
}
