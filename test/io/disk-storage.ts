/** Shared storage for tests of the disk lease: a file, or a loop device on one. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeName } from "../../src/core/names.js";
import { newArea } from "../../src/disklease/board.js";
import { AREA, SECTOR } from "../../src/disklease/layout.js";
import { openDirect } from "../../src/io/direct-file.js";

export interface Storage {
  readonly directory: string;
  /** What the nodes open. */
  readonly path: string;
  /** The file itself. */
  readonly file: string;
  close(): void;
}

let areas = 0;

/** Writes a new lease area, as `heartbeat disk init` does. */
export async function format(path: string, nodes: readonly string[], forced = false): Promise<void> {
  const disk = await openDirect(path);
  const area = (++areas).toString(16).padStart(32, "0");
  const header = { nodes: nodes.map(nodeName), forced, madeBy: "test", madeAt: Date.now() };
  for (const { offset, bytes } of newArea(area, header, [])) await disk.write(offset, bytes);
  await disk.close();
}

/** In memory where there is such a place: what is tried here is not how fast this machine's disk is while others write to it. */
const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export function sharedFile(parent = place): Storage {
  const directory = mkdtempSync(join(parent, "hb-disk-"));
  const file = join(directory, "lease");
  // A sector more: see `watchDisk`.
  writeFileSync(file, new Uint8Array(AREA + SECTOR));
  return { directory, path: file, file, close: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A block device of its own, with sectors of `sector` bytes. Root only. */
export function loopDevice(sector = 512): Storage {
  const storage = sharedFile();
  const path = execFileSync("losetup", ["--find", "--show", "--sector-size", String(sector), storage.file], {
    encoding: "utf8",
  }).trim();
  return {
    ...storage,
    path,
    close() {
      execFileSync("losetup", ["--detach", path]);
      storage.close();
    },
  };
}

/** Why no loop device can be had here; said aloud. */
export function loopSkip(): string | undefined {
  try {
    loopDevice().close();
    return undefined;
  } catch {
    console.error("*** LOOP DEVICE TESTS SKIPPED: losetup needs root and a kernel with loop devices");
    return "no loop devices here";
  }
}

export interface DiskWatch {
  /** The longest that a write and a reading took so far, that which is under way included, in milliseconds. */
  longest(): number;
  close(): Promise<void>;
}

const watchEvery = 20;

/** Uses the sector behind the area all the time: how slow is this machine's storage while others keep it busy? */
export function watchDisk(path: string): DiskWatch {
  let longest = 0;
  let began: number | undefined;
  let isOver = false;
  const lasting = (): number => (began === undefined ? 0 : performance.now() - began);
  const watching = (async () => {
    const disk = await openDirect(path);
    const sector = new Uint8Array(SECTOR);
    while (!isOver) {
      began = performance.now();
      await disk.write(AREA, sector);
      await disk.read(AREA, SECTOR);
      longest = Math.max(longest, lasting());
      began = undefined;
      await sleep(watchEvery);
    }
    await disk.close();
  })();
  return {
    longest: () => Math.max(longest, lasting()),
    close() {
      isOver = true;
      return watching;
    },
  };
}
