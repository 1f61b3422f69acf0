/**
 * Every row of the table of odd input, put before the unchanged original. It takes minutes, so it runs on demand only:
 *   ORIGINAL_VERDICTS=1 node --test dist/test/lab/original-verdicts.test.js
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openLab } from "../../src/lab/lab.js";
import type { Files } from "../../src/lab/machine.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { Topology } from "../../src/lab/topology.js";
import { filesOf, type RowFiles, type Verdict, verdicts } from "../config/original-verdicts.js";
import { labSkip } from "./support.js";

const topology: Topology = {
  nodes: [
    {
      name: "master1",
      interfaces: [
        { name: "ens33", addresses: ["172.30.106.101/24"] },
        { name: "ens38", addresses: ["172.30.105.12/24"] },
      ],
    },
  ],
  client: { name: "client", interfaces: [{ name: "ens38", addresses: ["172.30.105.50/24"] }] },
};
const names = ["ha.cf", "authkeys", "haresources"] as const;
/** Starts it, and takes away by their numbers all processes that it left. 139: a shell's word for SIGSEGV. */
const attempt = `/usr/libexec/heartbeat/heartbeat >/dev/null 2>&1 </dev/null; code=$?
for p in /proc/[0-9]*; do case "$(tr '\\0' ' ' 2>/dev/null <$p/cmdline)" in heartbeat:*) kill -9 \${p#/proc/};; esac; done
rm -f /run/heartbeat.pid; exit $code`;

const skip = process.env["ORIGINAL_VERDICTS"] === undefined ? "on demand only" : labSkip();

test("the original still says of every row what the table has", { skip, timeout: 900_000 }, async () => {
  const original = await fetchOriginal();
  const nothing = { haCf: "", authkeys: "", haresources: "" };
  const lab = await openLab({ topology, files: { master1: nothing }, daemon: originalDaemon(original) });
  try {
    const wrong: string[] = [];
    for (const row of verdicts) {
      const code = await exitCode(lab.node("master1"), filesOf(row));
      if (code !== row.exit) wrong.push(`${described(row)}: ${code}, the table has ${row.exit}`);
    }
    assert.deepEqual(wrong, []);
  } finally {
    await lab.close();
  }
});

async function exitCode(node: Node, texts: RowFiles): Promise<number | null> {
  const absent = names.filter((name) => texts[name] === undefined).map((name) => `/etc/ha.d/${name}`);
  const present: Files = Object.fromEntries(
    names.flatMap((name) => {
      const content = texts[name];
      return content === undefined ? [] : [[`/etc/ha.d/${name}`, { content, mode: modeOf(name, texts) }]];
    }),
  );
  await node.run(`rm -f ${absent.join(" ")} /nothing`);
  await node.write(present);
  return (await node.run(attempt, { timeout: 30_000 })).code;
}

const modeOf = (name: (typeof names)[number], { mode }: RowFiles): number => (name === "authkeys" ? mode : 0o644);
const described = ({ file, edits }: Verdict): string => `${file}: ${edits.join(", ").slice(0, 80)}`;
