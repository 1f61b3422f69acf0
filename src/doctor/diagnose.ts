import type { Problem } from "../config/problem.js";
import type { Facts } from "./facts.js";
import { type Finding, worstFirst } from "./finding.js";
import { accountFindings } from "./rules/accounts.js";
import { addressFindings } from "./rules/addresses.js";
import { deadManFindings } from "./rules/dead-man.js";
import { firewallFindings } from "./rules/firewall.js";
import { linkFindings } from "./rules/links.js";
import { machineFindings } from "./rules/machine.js";
import { nameFindings } from "./rules/names.js";
import { peerFindings } from "./rules/peers.js";
import { placeFindings } from "./rules/places.js";
import { portFindings } from "./rules/ports.js";
import { scriptFindings } from "./rules/scripts.js";
import type { Subjects } from "./subjects.js";

/**
 * The diagnosis: what the files are about, what was found on the machine and what the daemon says, judged by all rules. The problems of
 * the files come first among equals, because most other findings follow from them.
 *
 * @returns all findings, the worst first.
 */
export function diagnose(problems: readonly Problem[], subjects: Subjects, facts: Facts): readonly Finding[] {
  return worstFirst([
    ...problems.filter(({ code }) => code !== unknownAccount).map(asFinding),
    ...peerFindings(facts),
    ...addressFindings(subjects, facts),
    ...deadManFindings(facts),
    ...firewallFindings(subjects, facts),
    ...linkFindings(subjects, facts),
    ...portFindings(facts),
    ...scriptFindings(facts),
    ...accountFindings(subjects, facts, refusedNames(problems)),
    ...placeFindings(facts),
    ...nameFindings(subjects, facts),
    ...machineFindings(subjects, facts),
  ]);
}

/** A missing user or group has a finding with the command that makes it; the check would only say the same once more. */
const unknownAccount = "unknown-user";

const refusedNames = (problems: readonly Problem[]): ReadonlySet<string> =>
  new Set(
    problems.flatMap(({ code, severity, text }) =>
      code === unknownAccount && severity === "error" ? (/\[([^\]]+)\]/.exec(text)?.slice(1) ?? []) : [],
    ),
  );

function asFinding({ severity, file, line, code, text, hint }: Problem): Finding {
  const place = line === 0 ? file : `${file}:${line}`;
  const why =
    severity === "error"
      ? "heartbeat does not start with it, and a running one does not take the file over."
      : "heartbeat starts with it.";
  return { severity, code, what: `${place}: ${text}`, why, mend: hint === "" ? [] : [hint] };
}
