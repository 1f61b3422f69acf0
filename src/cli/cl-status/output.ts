/** What one call of cl_status prints and returns. */
export interface Output {
  readonly stdout: string;
  readonly stderr: readonly ErrorLine[];
  readonly exit: number;
}

/** The original writes some of its errors as log lines (`Nov 22 18:37:52 master1 cl_status: [46]: ERROR: …`) and some bare. */
export interface ErrorLine {
  readonly form: "log" | "bare";
  readonly text: string;
}

/** The original's exit codes (tools reference: 0 good, 1 bad state or failure, 11 parameters, 12 no answer, 13 other). */
export const clCodes = { good: 0, bad: 1, parameters: 11, noAnswer: 12, other: 13 } as const;

export const said = (text: string, exit: number = clCodes.good): Output => ({ stdout: text, stderr: [], exit });

export const complained = (exit: number, form: ErrorLine["form"], ...texts: readonly string[]): Output => ({
  stdout: "",
  stderr: texts.map((text) => ({ form, text })),
  exit,
});

/** `Nov 22 18:37:52 master1 cl_status: [46]: ERROR: text`, local time. */
export function logLine(text: string, now: Date, host: string, processId: number): string {
  return `${stamp(now)} ${host} cl_status: [${processId}]: ERROR: ${text}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The date of the original's log lines: `Feb 09 01:33:47`, local time, English whatever the locale says. */
export function stamp(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":");
  return `${months[now.getMonth()]} ${two(now.getDate())} ${clock}`;
}
