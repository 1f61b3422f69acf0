import type { MediumConfig } from "./config.js";
import type { HostFacts } from "./host-facts.js";
import { ipv4, ipv6 } from "./ip-address.js";
import { truthOf } from "./reading.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";

/** A medium, and the words that named it. */
export interface MediumLine {
  readonly medium: MediumConfig;
  readonly directive: Word;
  readonly device: Word;
  /** Address of a ucast line. */
  readonly address?: Word;
}

/** What a media line needs beside its own words. */
export interface MediaContext {
  /** Port in force at this line. */
  readonly port: number;
  readonly facts: HostFacts;
  readonly report: Report;
}

/** Reads `ucast INTERFACE ADDRESS` and `ucast6`. */
export function readUcast(statement: Statement, context: MediaContext): readonly MediumLine[] {
  const { directive, values } = statement;
  const kind = directive.text === "ucast6" ? "ucast6" : "ucast";
  const [device, address, extra] = values;
  const { report, port } = context;
  if (device === undefined || address === undefined) {
    const example = kind === "ucast" ? "ucast ens33 172.30.105.102" : "ucast6 ens33 fe80::2";
    report.error(
      directive,
      fault("bad-ucast", `${kind} needs an interface and the peer's address.`, `Like: ${example}`),
    );
    return [];
  }
  if (extra !== undefined) report.warn(extra, extraWords(extra));
  const numeric = numericAddress(address, kind, context);
  if (numeric === undefined) return [];
  return [{ medium: { kind, device: device.text, address: numeric, port }, directive, device, address }];
}

const extraWords = (word: Word): Fault =>
  fault("extra-words", `[${word.text}] and what follows it is ignored.`, "Remove it, or put # before a comment.");

function numericAddress(word: Word, kind: "ucast" | "ucast6", { facts, report }: MediaContext): string | undefined {
  const version = kind === "ucast" ? "IPv4" : "IPv6";
  const isAddress = (text: string): boolean =>
    kind === "ucast" ? ipv4(text) !== undefined : ipv6(text.replace(/%[\w.-]+$/, "")) !== undefined;
  if (isAddress(word.text)) return word.text;
  const looksNumeric = /^[\d.]+$/.test(word.text) || word.text.includes(":");
  if (!looksNumeric && facts.resolved === undefined) return word.text;
  const found = looksNumeric ? undefined : facts.resolved?.get(word.text)?.find(isAddress);
  if (found !== undefined) return found;
  const text = `${kind} address [${word.text}] is no ${version} address${looksNumeric ? "" : " and cannot be resolved"}.`;
  report.error(word, fault("bad-address", text, `Write the peer's numeric ${version} address on this link.`));
  return undefined;
}

/** Reads `bcast INTERFACE …` and its alias `udp`. */
export function readBcast({ directive, values }: Statement, { port, report }: MediaContext): readonly MediumLine[] {
  if (directive.text === "udp")
    report.warn(directive, fault("udp-is-bcast", "WARNING: directive 'udp' replaced by 'bcast'", "Write bcast."));
  return values.map((device) => ({ medium: { kind: "bcast", device: device.text, port }, directive, device }));
}

/** Reads `mcast INTERFACE GROUP PORT TTL LOOP` and `mcast6`. */
export function readMcast({ directive, values }: Statement, { report }: MediaContext): readonly MediumLine[] {
  const kind = directive.text === "mcast6" ? "mcast6" : "mcast";
  const [device, group, port, ttl, loop, extra] = values;
  if (device === undefined || group === undefined || port === undefined || ttl === undefined || loop === undefined) {
    report.error(directive, mcastTooShort(kind, values));
    return [];
  }
  if (extra !== undefined) report.warn(extra, extraWords(extra));
  const faults = mcastFaults(kind, device.text, [group, port, ttl, loop]);
  for (const [word, problem] of faults) report.error(word, problem);
  if (faults.length > 0) return [];
  const numbers = { port: Number(port.text), ttl: Number(ttl.text), loop: truthOf(loop.text) === true };
  return [{ medium: { kind, device: device.text, group: group.text, ...numbers }, directive, device }];
}

const mcastForm = (kind: string): string =>
  `Like: ${kind} ens33 ${kind === "mcast" ? "225.0.0.1" : "ff02::1:1"} 694 1 0 (interface, group, port, ttl, loop).`;

function mcastTooShort(kind: string, values: readonly Word[]): Fault {
  const lacking = ["device", "group", "port", "ttl", "loop"][values.length] ?? "value";
  return fault("bad-mcast", `${kind} [${values[0]?.text ?? ""}] missing ${lacking}`, mcastForm(kind));
}

function mcastFaults(
  kind: "mcast" | "mcast6",
  device: string,
  words: readonly [Word, Word, Word, Word],
): [Word, Fault][] {
  const [group, port, ttl, loop] = words;
  const most = kind === "mcast" ? 4 : 255;
  const within = (word: Word, low: number, high: number): boolean =>
    /^\d{1,6}$/.test(word.text) && Number(word.text) >= low && Number(word.text) <= high;
  const wrong = (what: string, word: Word, hint: string): [Word, Fault] => [
    word,
    fault("bad-mcast", `${kind} [${device}] bad ${what} [${word.text}]`, `${hint} ${mcastForm(kind)}`),
  ];
  const found: [Word, Fault][] = [];
  if (!isMulticast(kind, group.text)) found.push(wrong("addr", group, "The group must be a multicast address."));
  if (!within(port, 1, 65_535)) found.push(wrong("port", port, "The port is a number from 1 to 65535."));
  if (!within(ttl, 0, most)) found.push(wrong("ttl", ttl, `The ttl is a number from 0 to ${most}.`));
  if (!within(loop, 0, 1)) found.push(wrong("loop", loop, "The loop is 0 or 1."));
  return found;
}

function isMulticast(kind: "mcast" | "mcast6", text: string): boolean {
  if (kind === "mcast6") return (ipv6(text)?.[0] ?? 0) >= 0xff00;
  const group = ipv4(text);
  return group !== undefined && group >= 0xe0000000 && group < 0xf0000000;
}

/** Reads `serial TTY …`; `baud` is the rate in force at this line. */
export function readSerial(
  { directive, values }: Statement,
  baud: number,
  { facts, report }: MediaContext,
): readonly MediumLine[] {
  return values.flatMap((device) => {
    const what = facts.ttys?.(device.text) ?? "tty";
    if (what !== "tty") report.error(device, notSerial(device.text, what));
    return what === "tty"
      ? [{ medium: { kind: "serial" as const, device: device.text, baud }, directive, device }]
      : [];
  });
}

function notSerial(device: string, what: "not-a-tty" | "absent"): Fault {
  const text = `${what === "absent" ? "Nonexistent serial port" : "Not a serial port:"} [${device}] in config file`;
  return fault("bad-serial", text, "Write the device of the serial port, like: serial /dev/ttyS0");
}
