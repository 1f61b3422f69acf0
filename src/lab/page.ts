/** Pages of which a program writes a part. */
import { readFileSync, writeFileSync } from "node:fs";

/** Replaces what stands between the two marks of a section: `<!-- name -->` and `<!-- /name -->`. */
export function writeSection(page: string, section: string, text: string): void {
  const [begin, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const before = readFileSync(page, "utf8");
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no section ${section}`);
  writeFileSync(page, `${before.slice(0, from + begin.length)}\n${text}\n${before.slice(to)}`);
}
