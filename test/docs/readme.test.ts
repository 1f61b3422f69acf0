/** The README promises that two commands are enough, and its links lead somewhere; in both languages. */
import assert from "node:assert/strict";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { blocks, document, section, spans } from "./readme-commands.js";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const languages = [
  { readme: "README.md", start: "Quick start", servers: "Two real servers, step by step", night: "At 3 a.m." },
  { readme: "README.zh-CN.md", start: "快速开始", servers: "两台真实的服务器，一步一步来", night: "凌晨三点" },
];

for (const { readme, start } of languages)
  describe(readme, () => {
    test("has exactly two commands under its quick start, each one line", () => {
      const commands = blocks(section(document(readme), start), "sh");
      assert.deepEqual(commands, ["scripts/demo.sh", "scripts/test.sh"]);
    });

    test("names commands that exist and can be executed", () => {
      for (const command of blocks(section(document(readme), start), "sh")) {
        assert.ok(statSync(join(checkout, command)).isFile(), command);
        accessSync(join(checkout, command), constants.X_OK);
      }
    });
  });

test("both languages tell people to type the same", () => {
  const typed = ({ readme, servers, night }: (typeof languages)[number]) => {
    const text = document(readme);
    const [steps, table] = [section(text, servers), section(text, night)];
    const words = ["heartbeat", "hb_", "nft ", "systemctl ", "hostnamectl ", "ucast ", "less ", "/"];
    return [blocks(steps, "sh"), words.map((word) => [spans(steps, word), spans(table, word)])];
  };
  const [english, chinese] = languages.map(typed);
  assert.deepEqual(chinese, english);
});

/** Every page that a reader may come to, with the places its links name. */
const pages = [
  ...[
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "docs/ARCHITECTURE.md",
    "docs/tools.md",
    "docs/configuration.md",
  ],
  ...["docs/dependencies.md", "docs/adr/README.md", "docs/seed-checklist.md"],
];
for (const page of pages)
  test(`no link of ${page} leads nowhere`, () => {
    const links = [...document(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = ""]) => target);
    const missing = links.filter((target) => !existsSync(join(checkout, dirname(page), target)));
    assert.deepEqual(missing, []);
  });

test("no page advises to open what should be shut", () => {
  const advice = /setenforce\s+0|stop\s+firewalld|chmod\s+(g\+rwx\s+\/|a\+wrx|777)/;
  const advising = pages.filter((page) => page !== "docs/seed-checklist.md" && advice.test(document(page)));
  assert.deepEqual(advising, []);
});
