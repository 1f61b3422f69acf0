import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** The system's own files (/proc, /sys, /etc), beneath a directory that tests choose. What cannot be read is not there. */
export interface System {
  text(path: string): string | undefined;
  entries(path: string): readonly string[];
  link(path: string): string | undefined;
  path(path: string): string;
}

/** @param root empty for the real one. */
export function systemAt(root: string): System {
  const place = (path: string): string => (root === "" ? path : join(root, path));
  return {
    path: place,
    text: (path) => quietly(() => readFileSync(place(path), "utf8")),
    entries: (path) => quietly(() => readdirSync(place(path))) ?? [],
    link: (path) => quietly(() => readlinkSync(place(path))),
  };
}

export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** @returns a whole number in a file of /proc or /sys. */
export function numberAt(system: System, path: string): number | undefined {
  const text = system.text(path)?.trim() ?? "";
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}
