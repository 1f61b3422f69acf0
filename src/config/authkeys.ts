import type { Key, Keys } from "./config.js";
import { weakness } from "./key-strength.js";
import { type Fault, fault, type Report } from "./report.js";
import { linesOf, longestLine, type Place, type SourceFile, type Word, wholeFile, wordsOf } from "./source.js";
import { tooLong } from "./statements.js";
import { utf8 } from "./utf8.js";

/**
 * authkeys: `auth N`, then numbered methods with their keys (configuration.md 3). No message of this file ever repeats a word
 * of the file that could be a key, because messages end up in logs and tickets.
 */

const blanks = " \t\r\f\v\ufeff";
const methods = ["crc", "md5", "sha1"] as const;
type Method = (typeof methods)[number];

interface KeyLine {
  readonly key: Key;
  readonly place: Word;
}

/** @returns the keys, or `undefined` when the file cannot be used; what is wrong goes to the report. */
export function readAuthkeys(file: SourceFile & { readonly text: string }, report: Report): Keys | undefined {
  checkMode(file, report);
  const reader = new Reader(report);
  linesOf(file.text).forEach((line, index) => {
    if (line.length > longestLine) report.error({ line: index + 1, column: 1 }, tooLong);
    else reader.take(wordsOf(line, index + 1, blanks));
  });
  return reader.finish();
}

function checkMode({ path, mode }: SourceFile, report: Report): void {
  if (mode === undefined) return;
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  if ((mode & 0o044) !== 0) {
    const text = `Bad permissions on keyfile [${path}], 600 recommended.`;
    report.error(
      wholeFile,
      fault("authkeys-readable", text, `It has ${octal}, so others can read the key: chmod 600 ${path}`),
    );
  } else if ((mode & 0o022) !== 0) {
    const text = `The keyfile can be written by others (mode ${octal}).`;
    report.warn(wholeFile, fault("authkeys-writable", text, `chmod 600 ${path}`));
  }
}

class Reader {
  private readonly report: Report;
  private readonly keys = new Map<number, KeyLine>();
  private auth: { readonly index: number; readonly word: Word } | undefined;
  private authSeen = false;
  /** Key lines that were meant but could not be read, by their index: that they are missing has been said. */
  private readonly unread = new Set<number>();

  constructor(report: Report) {
    this.report = report;
  }

  take(words: readonly Word[]): void {
    const [first] = words;
    if (first === undefined || first.text.startsWith("#")) return;
    if (first.text.startsWith("a")) this.takeAuth(first, words[1]);
    else if (/^-?\d+$/.test(first.text)) this.takeKey(first, words.slice(1));
    else this.report.error(first, lineInvalid);
  }

  private takeAuth(first: Word, number: Word | undefined): void {
    const before = this.auth;
    this.authSeen = true;
    if (first.text !== "auth" || number === undefined || !/^-?\d+$/.test(number.text)) {
      this.report.error(first, authInvalid(this.report.file));
      return;
    }
    if (before !== undefined) this.report.error(first, authTwice(before.word.line));
    else if (this.keys.size > 0) this.report.error(first, authAfterKeys);
    if (isIndex(number.text)) this.auth ??= { index: Number(number.text), word: number };
    else this.report.error(number, badIndex(number.text, this.report.file));
  }

  private takeKey(index: Word, rest: readonly Word[]): void {
    const [method, secret, extra] = rest;
    if (!isIndex(index.text)) this.report.error(index, badIndex(index.text, this.report.file));
    const wrong = methodFault(method, secret);
    if (wrong !== undefined) {
      this.unread.add(Number(index.text));
      this.report.error(method ?? index, wrong);
    }
    if (wrong !== undefined || !isIndex(index.text) || !isMethod(method?.text)) return;
    const before = this.keys.get(Number(index.text));
    if (before !== undefined) this.report.warn(index, indexTwice(index.text, before.place.line));
    if (extra !== undefined) this.report.warn(extra, keyWithBlank);
    const doubt = weakness(method.text, secret?.text ?? "");
    if (doubt !== undefined) this.report.warn(secret ?? method, doubt);
    const key = { index: Number(index.text), method: method.text, secret: utf8(secret?.text ?? "") };
    this.keys.set(key.index, { key, place: index });
  }

  finish(): Keys | undefined {
    const { auth, report } = this;
    if (!this.authSeen) {
      const hint = "The first line says which key this node sends with: auth 1. heartbeat keygen writes a good file.";
      report.error(wholeFile, fault("auth-missing", `Missing auth directive in keyfile [${report.file}]`, hint));
    }
    if (auth === undefined) return undefined;
    if (!this.keys.has(auth.index) && !this.unread.has(auth.index))
      report.error(auth.word, keyNotFound(auth.index, report.file));
    return { sendIndex: auth.index, byIndex: new Map([...this.keys].map(([index, { key }]) => [index, key])) };
  }
}

const isIndex = (text: string): boolean => /^\d{1,9}$/.test(text) && Number(text) <= 15;
const isMethod = (text: string | undefined): text is Method => methods.some((method) => method === text);

/** Why a method, with or without a key behind it, cannot be used. */
function methodFault(method: Word | undefined, secret: Word | undefined): Fault | undefined {
  if (method === undefined)
    return fault("authkeys-line", "The line has a number, but no method.", "Like: 1 sha1 <key>");
  if (!isMethod(method.text)) return unknownMethod(method.text);
  if (method.text === "crc")
    return secret === undefined || secret.text.startsWith("#")
      ? undefined
      : fault("crc-with-key", "Auth method [crc] doesn't use a key", "Remove the key; or better, replace crc by sha1.");
  if (secret?.text.includes("\ufffd")) return notText;
  if (secret !== undefined) return undefined;
  return fault(
    "key-missing",
    `Auth method [${method.text}] requires a key`,
    "Write a key behind it; heartbeat keygen makes a good one.",
  );
}

/** The word may be the key itself, when the method was forgotten; only names of methods are repeated. */
function unknownMethod(text: string): Fault {
  const lower = text.toLowerCase();
  if (isMethod(lower))
    return fault("bad-method", `Invalid authtype [${text}]`, `Method names are lower-case: write ${lower}.`);
  if (/^(hmac[-_])?(sha|md|crc|aes|blake)[-_]?\d{0,4}$/.test(lower)) {
    const hint =
      "Write sha1: nodes of this program use HMAC-SHA256 with that key as soon as all of them can (strong_auth).";
    return fault("bad-method", `Invalid authtype [${text}]`, hint);
  }
  return fault(
    "bad-method",
    "Invalid authtype: the word behind the number is none of crc, md5, sha1.",
    "Like: 1 sha1 <key>",
  );
}

// Read as UTF-8, such a key would have lost its bytes and match no other node's.
const notText = fault(
  "key-not-text",
  "The key has bytes that are not UTF-8 text.",
  "Make a key of ASCII characters: heartbeat keygen.",
);
const lineInvalid = fault(
  "authkeys-line",
  "Auth line is invalid: it begins neither with auth nor with a number.",
  "Like: 1 sha1 <key>; comments begin with #.",
);
const authInvalid = (file: string) =>
  fault(
    "auth-invalid",
    `Invalid auth line in ${file}`,
    "Like: auth 1 (the number of the key line that this node sends with).",
  );
const authTwice = (line: number) =>
  fault(
    "auth-repeated",
    `There is an auth line in line ${line} already.`,
    "Leave the one with the key to send with; all keys are accepted from others.",
  );
const authAfterKeys = fault(
  "auth-after-keys",
  "The auth line stands below a key line; the original would not find its key.",
  "Make the auth line the first one.",
);
const badIndex = (index: string, file: string) =>
  fault("bad-index", `Invalid authnum [${index.slice(0, 12)}] in ${file}`, "Keys are numbered from 0 to 15.");
const indexTwice = (index: string, line: number) =>
  fault(
    "index-repeated",
    `Key ${index} stands in line ${line} already; the last one counts.`,
    "Give each key a number of its own.",
  );
const keyWithBlank = fault(
  "key-with-blank",
  "A key ends at the first blank; this word and what follows is not part of it.",
  "Write the key as one word.",
);
const keyNotFound = (index: number, file: string) =>
  fault(
    "key-not-found",
    `Auth Key [${index}] not found in keyfile [${file}]`,
    `Add a line: ${index} sha1 <key>; or name another number behind auth.`,
  );

/** @returns what to say when there is no file at all. */
export function authkeysAbsent({ path }: SourceFile, entries: readonly string[] | undefined): [Place, Fault] {
  const misnamed = entries?.includes("authkey") === true;
  const hint = misnamed
    ? `There is a file authkey: mv ${path.replace(/s$/, "")} ${path}`
    : "heartbeat keygen writes one with mode 600; copy it to the other node.";
  return [wholeFile, fault("authkeys-absent", `Cannot open keyfile [${path}].  Stop.`, hint)];
}
