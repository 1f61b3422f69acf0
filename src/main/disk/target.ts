import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Board } from "../../disklease/board.js";
import { AREA } from "../../disklease/layout.js";
import { openDirect } from "../../io/direct-file.js";
import { lookAt, Refusal } from "./area.js";

/** What `heartbeat disk init` finds at the place it is to write to. */
export type Target =
  | { readonly kind: "missing" }
  | { readonly kind: "empty" }
  | { readonly kind: "ours"; readonly board: Board }
  /** `what`: for people, as exact as blkid is. */
  | { readonly kind: "foreign"; readonly what: string };

/** @throws Refusal for what can never be a lease area: a directory, something too small, a device that is in use. */
export async function inspect(path: string): Promise<Target> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) {
    if (path.startsWith("/dev/")) throw new Refusal(`there is no ${path}`);
    return { kind: "missing" };
  }
  if (!found.isFile() && !found.isBlockDevice()) throw new Refusal(`${path} is neither a file nor a block device`);
  if (found.isBlockDevice()) await refuseIfUsed(path);
  if (found.isFile() && found.size === 0) return { kind: "missing" };
  const file = await openDirect(path);
  try {
    const { image, board } = await lookAt(file);
    if (image.length < AREA) throw new Refusal(`${path} is too small: a lease area needs ${AREA / 1024} KiB`);
    if (board !== undefined) return { kind: "ours", board };
    if (image.every((byte) => byte === 0)) return { kind: "empty" };
  } finally {
    await file.close();
  }
  return { kind: "foreign", what: await whatIs(path) };
}

/** The kernel gives a device exclusively to nobody while it, or a partition of it, is mounted, is swap, or is part of something. */
async function refuseIfUsed(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_EXCL);
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
    throw new Refusal(
      `${path} is in use (mounted, swap, or part of a volume); it is not touched, with --force neither`,
    );
  }
}

/** @returns what blkid says is there: `an ext4 file system labelled "data"`, `a partition table (gpt)`. */
function whatIs(path: string): Promise<string> {
  return new Promise((done) => {
    execFile("blkid", ["--probe", "--output", "export", path], { timeout: 5_000 }, (_, output) => {
      const value = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, "m").exec(String(output))?.[1];
      const [type, table, label] = [value("TYPE"), value("PTTYPE"), value("LABEL")];
      const named = label === undefined ? "" : ` labelled "${label}"`;
      if (type !== undefined) return done(`${type}${named}`);
      done(table !== undefined ? `a partition table (${table})` : "data that nobody here knows");
    });
  });
}
