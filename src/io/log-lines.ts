/**
 * How a line of the log looks. People's log watchers match these forms, so they are the original's, byte for byte: one for
 * programs, another for shell scripts, a third for syslog. A log is read by people and by programs that trust its line
 * ends; so whatever came from outside loses its control characters here.
 */

/** Something said, before it is put into a form. */
export interface LogEntry {
  /** `debug`, `info`, `notice`, `WARN`, `ERROR`, `CRIT`; `INFO` is what the original's address scripts write. */
  readonly level: string;
  /** `heartbeat`, `ResourceManager`, … or a complete name such as `IPaddr(IPaddr_10.0.0.1)`. */
  readonly program: string;
  readonly text: string;
}

/** Who speaks, where and when. */
export interface LogOrigin {
  readonly host: string;
  readonly pid: number;
  /** `syslogmsgfmt`: false asks for the form without host name. */
  readonly syslogFormat: boolean;
}

/** The ways that one entry can be written. */
export interface LogForms {
  logfile(entry: LogEntry, at: Date): string;
  debugfile(entry: LogEntry, at: Date): string;
  /** A datagram for /dev/log, its final NUL included. */
  syslog(entry: LogEntry, at: Date, facility: number): string;
}

/** Longer texts are cut: no single message may fill a disk. */
export const longestText = 4096;

/** Compiled programs of the original; everything else was a shell script with a form of its own. */
const compiledPrograms: ReadonlySet<string> = new Set(["heartbeat", "ipfail", "ccm", "cl_status", "api_test"]);

/** @returns the forms for one speaker. Forms end with a newline (syslog with NUL). */
export function logForms(origin: LogOrigin): LogForms {
  const stamps = stampCache();
  const compiled = (entry: LogEntry, at: Date): string =>
    origin.syslogFormat
      ? `${stamps(at).syslog} ${origin.host} ${entry.program}: [${origin.pid}]: ${said(entry)}\n`
      : `${entry.program}[${origin.pid}]: ${stamps(at).script} ${said(entry)}\n`;
  const script = (entry: LogEntry): string => `${scriptName(entry.program)}[${origin.pid}]:`;
  return {
    logfile: (entry, at) =>
      compiledPrograms.has(entry.program)
        ? compiled(entry, at)
        : `${stamps(at).script}  ${script(entry)}    ${said(entry)}\n`,
    debugfile: (entry, at) =>
      compiledPrograms.has(entry.program)
        ? compiled(entry, at)
        : `${script(entry)}\t${stamps(at).script} ${said(entry)}\n`,
    syslog: (entry, at, facility) => {
      const who = compiledPrograms.has(entry.program) ? `${entry.program}: [${origin.pid}]:` : script(entry);
      return `<${facility * 8 + severityOf(entry.level)}>${stamps(at).syslog} ${who} ${said(entry)}\0`;
    },
  };
}

/** @returns `info: text`; two blanks after `INFO:`, scripts of addresses say `DEBUG:`, none of it for ip-request-resp: so did the original. */
export function said(entry: LogEntry): string {
  const text = harmless(entry.text);
  if (entry.program === "ip-request-resp") return text;
  if (entry.level === "debug" && entry.program.includes("(")) return `DEBUG: ${text}`;
  return entry.level === "INFO" ? `INFO:  ${text}` : `${entry.level}: ${text}`;
}

const scriptName = (program: string): string => (program.includes("(") ? program : `${program}(default)`);

const severities: Readonly<Record<string, number>> = { CRIT: 2, ERROR: 3, WARN: 4, notice: 5, debug: 7 };
/** @returns the severity of syslog for a level's word. */
export const severityOf = (level: string): number => severities[level] ?? 6;

const facilities = "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp".split(" ");
/** @returns the number of a syslog facility, or `undefined` when no such name exists. */
export function facilityNumber(name: string): number | undefined {
  const local = /^local([0-7])$/.exec(name);
  if (local) return 16 + Number(local[1]);
  const index = facilities.indexOf(name === "security" ? "auth" : name);
  return index < 0 ? undefined : index;
}

/** @returns the text on one line: control characters (C0, DEL, C1) as `\xNN`, cut at `longestText`. */
export function harmless(text: string): string {
  const cut = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are looked for
  return cut.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  const known: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };
  return known[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

interface Stamps {
  readonly syslog: string;
  readonly script: string;
}

/** Local time costs more than the rest of the line together; it changes once a second. */
function stampCache(): (at: Date) => Stamps {
  let second = Number.NaN;
  let stamps: Stamps = { syslog: "", script: "" };
  return (at) => {
    const now = Math.floor(at.getTime() / 1000);
    if (now !== second) {
      second = now;
      stamps = stampsOf(at);
    }
    return stamps;
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number): string => String(n).padStart(2, "0");

function stampsOf(at: Date): Stamps {
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return {
    syslog: `${months[at.getMonth()]} ${two(at.getDate())} ${clock}`,
    script: `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())}_${clock}`,
  };
}
