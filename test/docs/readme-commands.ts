/** What the README tells its readers to type, taken from its text. */
import { readFileSync } from "node:fs";

/** A file of the checkout as text. The tests run from `dist/test/<room>/`. */
export const document = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The text below a heading of the second level, up to the next one. */
export function section(text: string, heading: string): string {
  const begin = text.indexOf(`\n## ${heading}\n`);
  if (begin < 0) throw new Error(`there is no section "${heading}"`);
  const end = text.indexOf("\n## ", begin + 1);
  return text.slice(begin, end < 0 ? undefined : end);
}

/** The contents of the fenced blocks of a language, without the indentation of the list they stand in. */
export function blocks(text: string, language: string): readonly string[] {
  const fenced = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm");
  return [...text.matchAll(fenced)].map(([, indent = "", content = ""]) =>
    content.replaceAll(new RegExp(`^${indent}`, "gm"), "").trimEnd(),
  );
}

/** The code spans of a text that begin with a word, each once. */
export const spans = (text: string, word: string): readonly string[] => [
  ...new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code).filter((code) => code.startsWith(word))),
];
