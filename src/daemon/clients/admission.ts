/**
 * Which programs may speak with the daemon: `apiauth` of ha.cf, or the original's defaults. A client that gives a name needs the rule of that
 * name, or else the rule `default`; one without a name (its name is its process number) counts as `anon`.
 */
export interface ClientRule {
  readonly client: string;
  readonly uids: ReadonlySet<number>;
  readonly gids: ReadonlySet<number>;
}

/** What a client says of itself, and what the kernel says of it. */
export interface Applicant {
  /** `from_id`. */
  readonly name: string;
  readonly claimed: { readonly pid: string; readonly uid: string; readonly gid: string };
  readonly known: { readonly pid: number; readonly uid: number; readonly gid: number };
}

/** A refusal in the original's words: they go to the client and into the log. */
export type Admission =
  | { readonly admitted: true }
  | {
      readonly admitted: false;
      readonly because:
        | "bad pid"
        | "incorrect/false credentials"
        | "no default client auth"
        | "client failed authorization"
        | "duplicate add request";
    };

/** @returns whether the client gave no name of its own. */
export const isCasual = ({ name, claimed }: Pick<Applicant, "name" | "claimed">): boolean => name === claimed.pid;

export function admit(applicant: Applicant, rules: readonly ClientRule[], namesTaken: ReadonlySet<string>): Admission {
  const { name, claimed, known } = applicant;
  if (namesTaken.has(name)) return { admitted: false, because: "duplicate add request" };
  if (claimed.pid !== String(known.pid)) return { admitted: false, because: "bad pid" };
  if (claimed.uid !== String(known.uid) || claimed.gid !== String(known.gid))
    return { admitted: false, because: "incorrect/false credentials" };
  const rule = ruleFor(isCasual(applicant) ? "anon" : name, rules);
  if (rule === undefined) return { admitted: false, because: "no default client auth" };
  if (rule.uids.has(known.uid) || rule.gids.has(known.gid)) return { admitted: true };
  return { admitted: false, because: "client failed authorization" };
}

const ruleFor = (name: string, rules: readonly ClientRule[]): ClientRule | undefined =>
  rules.find(({ client }) => client === name) ?? rules.find(({ client }) => client === "default");
