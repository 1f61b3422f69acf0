/**
 * A recorded packet is as well signed as it was the first time. So every packet of a session carries a number, and a receiver keeps
 * which numbers it has had: the highest, and one bit for each of the last `REPLAY_WINDOW`. Within the window packets may come in any
 * order, each once; a number below the window is too old to be told from a replay and is not admitted. (RFC 6479 stores the bits the
 * same way: in a ring, so that moving on clears a few words and shifts nothing.)
 */
export interface ReplayWindow {
  /** The highest number admitted; -1 before the first. */
  readonly highest: number;
  /** Bit `n % 32` of word `floor(n / 32) % WORDS` is set when the number `n` of the window was admitted. */
  readonly words: readonly number[];
}

/** How many numbers below the highest one may still come, that one included. */
export const REPLAY_WINDOW = 1024;

const BITS = 32;
/** One more than the window fills, because the window seldom begins at the border of a word. */
const WORDS = REPLAY_WINDOW / BITS + 1;

/** @returns a window that has seen nothing. */
export const fresh = (): ReplayWindow => ({ highest: -1, words: new Array<number>(WORDS).fill(0) });

/** @returns the window with `counter` in it; `undefined` when it must not be admitted: seen before, too old, or no integer from 0 to 2^53 - 1. */
export function admit(window: ReplayWindow, counter: number): ReplayWindow | undefined {
  if (!Number.isSafeInteger(counter) || counter < 0 || counter <= window.highest - REPLAY_WINDOW) return undefined;
  const words = advanced(window, counter);
  const at = slot(wordOf(counter));
  // Numbers go to 2^53 but shifts work on 32 bits, so the word is found by division; the shift only ever sees 0 to 31.
  const bit = 1 << (counter % BITS);
  const word = words[at] ?? 0;
  if ((word & bit) !== 0) return undefined;
  words[at] = word | bit;
  return { highest: Math.max(window.highest, counter), words };
}

/** @returns a copy of the words in which those that `counter` enters for the first time are empty. */
function advanced({ highest, words }: ReplayWindow, counter: number): number[] {
  const copy = words.slice();
  const last = wordOf(Math.max(highest, 0));
  const steps = Math.min(wordOf(counter) - last, WORDS);
  for (let step = 1; step <= steps; step++) copy[slot(last + step)] = 0;
  return copy;
}

const wordOf = (counter: number): number => Math.floor(counter / BITS);
const slot = (word: number): number => word % WORDS;
