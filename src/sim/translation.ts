import type { TraceEntry } from "./trace.js";

/** Lines of the trace in the words of an operator's time line; `undefined`: of no interest there. */
export function translate({ kind, text }: TraceEntry): string | undefined {
  if (kind === "note") return noted(text);
  return kind === "record" ? recorded(text) : logged(text);
}

const notes: readonly (readonly [RegExp, string])[] = [
  [/^(\S+) on$/, "answers for $1"],
  [/^(\S+) off$/, "does not answer for $1 any more"],
  [/^(.+) (start|stop) done$/, "$1: $2 succeeded"],
  [/^(.+) (start|stop) failed$/, "$1: $2 failed"],
  [/^(.+) (start|stop)$/, "$1: $2"],
  [/^(\S+) died$/, "$1 has ended by itself"],
  [/^power lost$/, "is without power"],
  [/^reset$/, "is reset by a fencing device"],
  [/^daemon killed$/, "its daemon is dead"],
  [/^daemon starts \(generation \d+\)$/, "its daemon starts"],
  [/^heartbeat has ended$/, "heartbeat has ended"],
  [/^guardian: (?:CRIT|WARN|ERROR): (.+)$/, "guardian: $1"],
  [/^answer to (.+)$/, "answers the operator: $1"],
];

function noted(text: string): string | undefined {
  for (const [pattern, words] of notes) if (pattern.test(text)) return text.replace(pattern, words);
  return undefined;
}

/** Decisions, with the word that the journal and `heartbeat status` have for the reason. */
function recorded(text: string): string | undefined {
  const group = /\bgroup=(\S+)/.exec(text)?.[1];
  const because = /\bbecause=(\S+)/.exec(text)?.[1];
  const verdict = /\bverdict=(.+)$/.exec(text)?.[1];
  if (text.startsWith("clearance ") && because !== undefined) return `may take ${group}: ${because}`;
  if (
    text.startsWith("verdict ") &&
    verdict !== undefined &&
    !/^(holder-alive|preferred-elsewhere|not-active)/.test(verdict)
  )
    return `may not take ${group}: ${verdict}`;
  return undefined;
}

function logged(text: string): string | undefined {
  if (/info: Link \S+ (dead|up)\.$/.test(text)) return text.replace(/^.*info: Link (\S+) (\w+)\.$/, "link $1 is $2");
  return /^(?:\S+: )?(?:WARN|CRIT|ERROR): /.test(text)
    ? text.replace(/^(?:\S+: )?(?:WARN|CRIT|ERROR): /, "")
    : undefined;
}
