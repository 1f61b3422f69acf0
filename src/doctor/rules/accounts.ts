import type { Facts } from "../facts.js";
import { error, type Finding, note, warning } from "../finding.js";
import type { Subjects } from "../subjects.js";

const makeGroup = "groupadd --system haclient";
const makeUser =
  "useradd --system --gid haclient --home-dir /var/lib/heartbeat/cores/hacluster --shell /usr/sbin/nologin hacluster";

/**
 * Users, groups and commands that something in the files needs.
 * @param refused names for which the check refuses the files: without them heartbeat does not start.
 */
export function accountFindings(subjects: Subjects, facts: Facts, refused: ReadonlySet<string>): readonly Finding[] {
  const { accounts } = facts;
  if (accounts === undefined) return [];
  return [...usersAndGroups(subjects, accounts, refused), ...commands(facts, accounts)];
}

type Accounts = NonNullable<Facts["accounts"]>;

function usersAndGroups(
  { clientUsers, apiUsers, apiGroups }: Subjects,
  accounts: Accounts,
  refused: ReadonlySet<string>,
): readonly Finding[] {
  const found: Finding[] = [];
  const users = [...new Set([...clientUsers, ...apiUsers])].filter((name) => !accounts.user(name));
  const groups = apiGroups.filter((name) => !accounts.group(name));
  if (!accounts.group("haclient") && (groups.includes("haclient") || users.includes("hacluster")))
    groups.push("haclient");
  for (const name of new Set(groups))
    found.push(
      (refused.has(name) ? error : warning)(
        "group-missing",
        `There is no group ${name}, which ${apiGroups.includes(name) ? "an apiauth line" : "the user hacluster"} needs.`,
        `Programs that ask heartbeat as members of the group are refused${refused.has(name) ? ", and heartbeat does not start with the line" : ""}. (In the original's log: Invalid group name [${name}].)`,
        name === "haclient" ? makeGroup : `groupadd --system ${name}`,
      ),
    );
  for (const name of users)
    found.push(
      (refused.has(name) ? error : warning)(
        "user-missing",
        `There is no user ${name}, which ${clientUsers.includes(name) ? "a respawn line" : "an apiauth line"} needs.`,
        `The program of that line is not started, or is refused${refused.has(name) ? ", and heartbeat does not start with the line" : ""}. No rights on / are needed for it (some notes say chmod g+rwx /: never).`,
        ...(name === "hacluster"
          ? [...(accounts.group("haclient") ? [] : [makeGroup]), makeUser]
          : [`useradd --system ${name}`]),
      ),
    );
  if (found.length === 0 && !accounts.group("haclient"))
    found.push(
      note(
        "no-heartbeat-group",
        "There is no group haclient; nothing in the files needs it.",
        "Only root may ask heartbeat. With the group its members may ask too (not steer).",
        makeGroup,
      ),
    );
  return found;
}

/** The packages of Debian in which a command lies that scripts miss often. */
const packages = new Map([
  ["ifconfig", "net-tools"],
  ["route", "net-tools"],
  ["netstat", "net-tools"],
  ["arping", "iputils-arping"],
]);

function commands({ scripts }: Facts, accounts: Accounts): readonly Finding[] {
  const missing = (scripts ?? []).flatMap(({ path, missingCommands }) =>
    missingCommands.map((command) =>
      warning(
        "command-missing",
        `${path} calls ${command}, which this host does not have.`,
        "The script fails at the takeover, not before. (Addresses of haresources need no such command: the daemon sets them itself.)",
        `apt-get install ${packages.get(command) ?? command}    (or: dnf install ${packages.get(command) ?? command})`,
      ),
    ),
  );
  if (missing.length > 0 || accounts.program("ifconfig")) return missing;
  return [
    note(
      "no-ifconfig",
      "ifconfig is not installed, and nothing here calls it.",
      "The daemon sets addresses itself; only scripts of the original's time would need it.",
    ),
  ];
}
