/** Pages of which a program writes a part. */
import { readFileSync, writeFileSync } from "node:fs";

/** Replaces what stands between the two marks of a section: `<!-- name -->` and `<!-- /name -->`. */
export function writeSection(page: string, section: string, text: string): void {
  const { before, after } = parted(page, section);
  writeFileSync(page, `${before}\n${text}\n${after}`);
}

/** @returns what stands there now. */
export function readSection(page: string, section: string): string {
  return parted(page, section).inside.trim();
}

function parted(page: string, section: string) {
  const [begin, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (!text.includes(begin) || to < from) throw new Error(`${page} has no section ${section}`);
  return { before: text.slice(0, from), inside: text.slice(from, to), after: text.slice(to) };
}
