import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { document } from "./readme-commands.js";

/** A test that a page names: `folder/file` below test/ and a part of its name in quotes. */
export interface Citation {
  readonly file: string;
  readonly name: string;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const texts = new Map<string, string>();

/** @returns what a text cites, in its order. */
export const citationsIn = (text: string): readonly Citation[] =>
  [...text.matchAll(/`([a-z]+\/[a-z-]+)` "([^"]+)"/g)].map(([, file = "", name = ""]) => ({ file, name }));

/** @returns those of which no test has the name. */
export const missingCitations = <One extends Citation>(citations: readonly One[]): readonly One[] =>
  citations.filter(({ file, name }) => !sourcesOf(file).some((path) => quotes(textOf(path), name)));

/** Where the names of a file's tests stand. */
const sourcesOf = (file: string): readonly string[] => [
  `test/${file}.test.ts`,
  ...(file === "config/broken" ? ["test/config/broken-configurations.ts"] : []),
];

function textOf(path: string): string {
  if (!texts.has(path)) texts.set(path, existsSync(join(root, path)) ? document(path) : "");
  return texts.get(path) ?? "";
}

/** Whether a string or template of the source has these words; what stands in a comment does not count. */
function quotes(source: string, words: string): boolean {
  const code = source.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
  return code.includes(words) || code.includes(words.replaceAll('"', '\\"'));
}
