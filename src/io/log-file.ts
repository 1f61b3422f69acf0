import { type FileHandle, open } from "node:fs/promises";

/**
 * A file that grows by batches. Each batch opens, appends and closes: a file that logrotate moved away is simply made
 * anew, nobody needs a signal. Callers only queue; what does not fit (disk full, disk hung) is counted and said later.
 */
export interface LogFile {
  /** Queues one line (with its newline). Never waits, never throws. */
  push(line: string): void;
  /** Lines given up since the start. */
  readonly lost: number;
  /** The newest failure to write; `undefined` when all is well. */
  readonly lastError: string | undefined;
  /** Settles when the queue is empty or cannot be written. */
  drained(): Promise<void>;
}

export interface LogFileOptions {
  readonly path: string;
  /** Owner of a file that is made here; needs root. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** The line that confesses `count` lost ones. */
  readonly confession: (count: number) => string;
  /** Blocks of 64 KiB that may wait to be written. */
  readonly blocks?: number;
}

/** Room for lines that wait: 64 blocks of 64 KiB. */
const blockSize = 64 * 1024;
const defaultBlocks = 64;
/** A disk that refuses is asked again after this many milliseconds. */
const retryPause = 1000;

/** @returns the file; nothing is opened before the first line. */
export function logFile(options: LogFileOptions): LogFile {
  const queue = blockQueue(options.blocks ?? defaultBlocks);
  let lost = 0;
  let unconfessed = 0;
  let lastError: string | undefined;
  let writing: Promise<void> | undefined;
  let refusedUntil = 0;

  const lose = (count: number): void => {
    lost += count;
    unconfessed += count;
  };
  const writeBatch = async (): Promise<void> => {
    const confessed = unconfessed;
    const block = queue.take();
    try {
      await append(options, confessed > 0 ? options.confession(confessed) : "", block?.bytes.subarray(0, block.used));
      unconfessed -= confessed;
      lastError = undefined;
    } catch (error) {
      lose(block?.lines ?? 0);
      lastError = error instanceof Error ? error.message : String(error);
      refusedUntil = Date.now() + retryPause;
      setTimeout(start, retryPause + 1).unref();
    }
  };
  const drain = async (): Promise<void> => {
    while ((!queue.empty || unconfessed > 0) && Date.now() >= refusedUntil) await writeBatch();
    writing = undefined;
  };
  const start = (): void => {
    writing ??= new Promise<void>((done) => setImmediate(() => drain().then(done)));
  };
  return {
    push(line) {
      if (!queue.put(line)) lose(1);
      if (writing === undefined && Date.now() >= refusedUntil) start();
    },
    get lost() {
      return lost;
    },
    get lastError() {
      return lastError;
    },
    drained: () => writing ?? Promise.resolve(),
  };
}

interface Block {
  readonly bytes: Buffer;
  used: number;
  lines: number;
}

/** Lines as bytes, outside the garbage collector's sight: thousands of waiting strings would cost pauses, these do not. */
function blockQueue(most: number) {
  const blocks: Block[] = [];
  const blockFor = (length: number): Block | undefined => {
    const last = blocks.at(-1);
    if (last !== undefined && blockSize - last.used >= length) return last;
    if (blocks.length >= most || length > blockSize) return undefined;
    const fresh = { bytes: Buffer.allocUnsafeSlow(blockSize), used: 0, lines: 0 };
    blocks.push(fresh);
    return fresh;
  };
  return {
    get empty(): boolean {
      return blocks.length === 0;
    },
    /** @returns false when there is no room. */
    put(line: string): boolean {
      const block = blockFor(line.length * 3); // no character needs more bytes in UTF-8
      if (block === undefined) return false;
      block.used += block.bytes.write(line, block.used, "utf8");
      block.lines += 1;
      return true;
    },
    take: (): Block | undefined => blocks.shift(),
  };
}

async function append(options: LogFileOptions, confession: string, bytes: Uint8Array | undefined): Promise<void> {
  const handle = await open(options.path, "a", 0o644);
  try {
    await adopt(handle, options.owner);
    if (confession !== "") await handle.appendFile(confession);
    if (bytes !== undefined) await handle.appendFile(bytes);
  } finally {
    await handle.close();
  }
}

/** A file that was just made belongs to heartbeat's own user, as the original's did. */
async function adopt(handle: FileHandle, owner: LogFileOptions["owner"]): Promise<void> {
  if (owner === undefined) return;
  const facts = await handle.stat();
  if (facts.size === 0 && facts.uid === 0 && facts.isFile()) await handle.chown(owner.uid, owner.gid).catch(() => {});
}
