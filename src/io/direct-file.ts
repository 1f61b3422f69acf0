/**
 * A file or a block device that is read and written past the page cache (O_DIRECT), each write on the medium before it is said to be done
 * (O_DSYNC). What another machine wrote is seen, and what we wrote is seen by it. Accesses run on a thread of Node's pool: one that hangs keeps
 * the process from ending (the kernel waits for it), but nothing else.
 */
import { constants } from "node:fs";
import { type FileHandle, open as openHandle } from "node:fs/promises";
import koffi from "koffi";

/** The kernel wants buffers, offsets and lengths that are multiples of the sector; this is one for every disk. */
const alignment = 4096;

export interface DirectFile {
  /** Reads so many bytes; fewer at the end of the file. The bytes are valid until the next reading. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Writes all the bytes. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens for reading and writing, or for reading only. @throws Error with a sentence for people. */
export async function openDirect(path: string, { readOnly = false } = {}): Promise<DirectFile> {
  const flags = (readOnly ? constants.O_RDONLY : constants.O_RDWR | constants.O_DSYNC) | constants.O_DIRECT;
  const handle = await openHandle(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EINVAL") throw new Error(inWords(error));
    throw new Error("its file system does not offer O_DIRECT, so other machines' writes would not be seen");
  });
  return directFile(handle);
}

function directFile(handle: FileHandle): DirectFile {
  let room = alignedBytes(64 * 1024);
  const space = (length: number): Uint8Array => {
    if (room.length < length) room = alignedBytes(length);
    return room.subarray(0, length);
  };
  return {
    async read(offset, length) {
      const into = space(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(into, done, length - done, offset + done).catch(rethrow);
        // An unaligned rest is the end of the file.
        if (bytesRead === 0 || bytesRead % 512 !== 0) return into.subarray(0, done + bytesRead);
        done += bytesRead;
      }
      return into;
    },
    async write(offset, bytes) {
      const from = space(bytes.length);
      from.set(bytes);
      const { bytesWritten } = await handle.write(from, 0, bytes.length, offset).catch(rethrow);
      if (bytesWritten !== bytes.length) throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
    },
    close: () => handle.close(),
  };
}

const rethrow = (error: NodeJS.ErrnoException): never => {
  throw new Error(inWords(error));
};

/** Node's own sentence without the call behind it: `EIO: i/o error`. */
const inWords = (error: NodeJS.ErrnoException): string => error.message.replace(/, (open|read|write)\b.*$/, "");

/** @returns so many zero bytes at an address that is a multiple of the alignment. Their memory is not moved: it lies outside V8's heap. */
export function alignedBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length + alignment);
  const start = (alignment - (Number(koffi.address(bytes)) % alignment)) % alignment;
  return bytes.subarray(start, start + length);
}
