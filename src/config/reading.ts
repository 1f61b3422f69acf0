import { type Duration, milliseconds } from "../core/time.js";
import { type Fault, fault } from "./report.js";

/** What became of one word of ha.cf: a value, or what is wrong with it. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };
/** Reads the value of a directive; the directive's name is only for the message. */
export type Reader<Value> = (text: string, directive: string) => Reading<Value>;

export const read = <Value>(value: Value): Reading<Value> => ({ ok: true, value });
export const bad = (code: string, text: string, hint = ""): Reading<never> => ({
  ok: false,
  fault: fault(code, text, hint),
});

const millisecondsPerUnit = new Map([
  ["", 1000],
  ["s", 1000],
  ["ms", 1],
  ["us", 0.001],
  ["usec", 0.001],
]);
// The longest time a timer of ours can be armed for is 2^31 - 1 ms; no operator waits 24 days for a heartbeat either.
const longestTime = 2 ** 31 - 1;

/** @returns the time in whole milliseconds, `undefined` when it is none (configuration.md 1); `s` as a unit is ours. */
export function timeOf(text: string): Duration | undefined {
  const parts = /^(\d+\.?\d*|\.\d+)([a-z]*)$/.exec(text);
  const scale = millisecondsPerUnit.get(parts?.[2] ?? "");
  if (parts === null || scale === undefined) return undefined;
  const rounded = Math.round(Number(parts[1]) * scale);
  return rounded <= longestTime ? milliseconds(rounded) : undefined;
}

/** @returns a reader of times above 0. `words` is the original's own sentence, where it has one. */
export const time =
  (words?: (text: string) => string): Reader<Duration> =>
  (text, directive) => {
    const value = timeOf(text);
    if (value !== undefined && value > 0) return read(value);
    const sentence = words?.(text) ?? `${directive} [${text}] is not a time above 0.`;
    return bad(
      "bad-time",
      sentence,
      "A time is a number with an optional unit: 2, 2s, 0.5, 500ms. No unit means seconds.",
    );
  };

const truths = new Map(
  ["true", "on", "yes", "y", "1"]
    .map((word) => [word, true])
    .concat(["false", "off", "no", "n", "0"].map((word) => [word, false])) as [string, boolean][],
);

/** @returns true or false, `undefined` when the word is neither. */
export const truthOf = (text: string): boolean | undefined => truths.get(text.toLowerCase());

/** @returns a reader of booleans. */
export const boolean =
  (words?: (text: string) => string): Reader<boolean> =>
  (text, directive) => {
    const value = truthOf(text);
    if (value !== undefined) return read(value);
    return bad(
      "bad-boolean",
      words?.(text) ?? `${directive} [${text}] is neither on nor off.`,
      "Write on or off (also yes, no, true, false, 1, 0).",
    );
  };

/** @returns a reader of whole numbers from `low` to `high`. */
export const integer =
  (low: number, high: number, words?: (text: string) => string): Reader<number> =>
  (text, directive) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return read(value);
    const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
    return bad(
      "bad-number",
      words?.(text) ?? `${directive} [${text}] is not a whole number ${range}.`,
      `Write a whole number ${range}.`,
    );
  };

/** @returns a reader of one of a few words, spelled exactly like this. */
export const oneOf =
  <Choice extends string>(choices: readonly Choice[], words?: (text: string) => string): Reader<Choice> =>
  (text, directive) => {
    const value = choices.find((choice) => choice === text);
    if (value !== undefined) return read(value);
    const sentence = words?.(text) ?? `${directive} [${text}] is not known.`;
    return bad("bad-choice", sentence, `Write one of: ${choices.join(", ")}.`);
  };

/** Reads an absolute path. A relative one would lie wherever the daemon happens to stand. */
export const path: Reader<string> = (text, directive) =>
  text.startsWith("/")
    ? read(text)
    : bad("bad-path", `${directive} [${text}] is not an absolute path.`, `Write the whole path: /var/log/${text}`);

/** Takes any word. */
export const anyWord: Reader<string> = (text) => read(text);
