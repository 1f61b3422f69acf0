/** Longer than this, in milliseconds, no ordinary process of an idle machine waits; the original's scripts are such, and its deadtime is 3 s. */
const longestStall = 1_000;
const stalled = "; meanwhile the machine stood still for";

/** @returns why a scene failed, with the longest stall of the machine (milliseconds) meanwhile if that spoils the verdict. */
export const withStall = (reason: string, stall: number): string =>
  stall < longestStall ? reason : `${reason}${stalled} ${(stall / 1000).toFixed(1)} s`;

/** @returns whether that happened; also of an outcome that was read from the page. */
export const isSpoiled = (outcome: string): boolean => outcome.includes(stalled);

const lost = "; meanwhile an original lost messages of its own scripts";

const lostLine = /ERROR: (msg2string: Message with zero fields|Invalid message in send_cluster_msg)/g;

/** @returns how often the original's FIFO reader has thrown a message of its own scripts and tools away, by its log: what they ask for never happens. */
export const countLost = (log: string): number => log.match(lostLine)?.length ?? 0;

/** @returns why a scene failed, with so many messages lost by originals meanwhile. */
export const withLost = (reason: string, count: number): string => (count > 0 ? `${reason}${lost}` : reason);

/** What is waited for in vain when an original's own tool has said something, and the original has not heard it. */
export const unread = "the original to read what its own tool says";

/** @returns how many words of `hb_takeover` the original's own hook has heard, by its log; those of its own node's tool are among them. */
export const countTakeovers = (log: string): number =>
  log.match(/Running \/etc\/ha\.d\/+rc\.d\/hb_takeover/g)?.length ?? 0;

/** @returns whether that happened, or one was lost without a line; also of an outcome that was read from the page. */
export const isOriginalsOwn = (outcome: string): boolean => outcome.includes(lost) || outcome.includes(unread);
