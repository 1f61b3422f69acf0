import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { ConfigFiles } from "../config/check.js";
import type { SourceFile } from "../config/source.js";

/** Reads the three files of `directory`; what cannot be read has no text. */
export const readConfigFiles = (directory: string): ConfigFiles => ({
  haCf: readSource(join(directory, "ha.cf")),
  authkeys: readSource(join(directory, "authkeys")),
  haresources: readSource(join(directory, "haresources")),
});

function readSource(path: string): SourceFile {
  try {
    const { mode, mtimeMs } = statSync(path);
    return { path, text: readFileSync(path, "utf8"), mode: mode & 0o7777, changedAt: mtimeMs };
  } catch {
    return { path, text: undefined };
  }
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** `saved`: the former files, under the names where they are now. */
export type Written =
  | { readonly ok: true; readonly saved: readonly string[] }
  | { readonly ok: false; readonly why: string };

/**
 * Writes all files or none: first under temporary names, synced, then by linking (which fails rather than overwrite).
 * With `force` a file that is in the way is kept as `<name>.saved`. After a failure everything is as it was.
 */
export function writeAll(files: readonly NewFile[], force: boolean): Written {
  const present = files.filter(({ path }) => existsSync(path)).map(({ path }) => path);
  if (present.length > 0 && !force) return { ok: false, why: `${present.join(", ")}: there already; --force replaces` };
  const undo: (() => void)[] = [];
  try {
    for (const file of files) undo.push(writeTemporary(file));
    for (const { path } of files) {
      undo.push(moveAside(path));
      undo.push(putInPlace(path));
    }
    for (const { path } of files) rmSync(temporary(path), { force: true });
    return { ok: true, saved: present.map(savedName) };
  } catch (error) {
    for (const step of undo.reverse()) step();
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

const temporary = (path: string): string => `${path}.new.${process.pid}`;
const savedName = (path: string): string => `${path}.saved`;

function writeTemporary({ path, text, mode }: NewFile): () => void {
  const name = temporary(path);
  const file = openSync(name, "wx", mode);
  try {
    writeSync(file, text);
    // openSync's mode is subject to the umask.
    chmodSync(name, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return () => rmSync(name, { force: true });
}

function moveAside(path: string): () => void {
  if (!existsSync(path)) return () => undefined;
  renameSync(path, savedName(path));
  return () => renameSync(savedName(path), path);
}

function putInPlace(path: string): () => void {
  linkSync(temporary(path), path);
  return () => rmSync(path, { force: true });
}

/** Makes the directory of the configuration if need be. */
export const makeDirectory = (path: string): void => void mkdirSync(path, { recursive: true, mode: 0o755 });
