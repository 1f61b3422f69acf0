import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { wantsColour } from "../../src/cli/terminal.js";
import type { ControlAnswer } from "../../src/control/protocol.js";
import type { Snapshot } from "../../src/control/snapshot.js";
import { emptyRoot, home, pretendDaemon } from "./pretend-daemon.js";
import { pair, survivor } from "./snapshots.js";

/** What a failed test leaves behind must not keep the run alive. */
const leftovers: (() => unknown)[] = [];
after(() => Promise.all(leftovers.map((end) => end())));

const main = join(home, "dist/test/cli/heartbeat-main.js");

/** A daemon whose state the test changes; it pushes changes to its watchers. */
async function livingDaemon() {
  let current: Snapshot = pair;
  const watchers: ((answer: ControlAnswer) => void)[] = [];
  const daemon = await pretendDaemon((request, reply) => {
    reply({ kind: "snapshot", snapshot: current });
    if (request.verb === "watch") watchers.push(reply);
  });
  leftovers.push(daemon.close);
  const become = (snapshot: Snapshot): void => {
    current = snapshot;
    for (const tell of watchers) tell({ kind: "snapshot", snapshot });
  };
  return { daemon, become };
}

function started(command: string, args: readonly string[], root: string) {
  const child = spawn(command, args, { env: { ...process.env, HEARTBEAT_ROOT: root, TERM: "xterm", NO_COLOR: "" } });
  leftovers.push(() => child.kill("SIGKILL"));
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const until = async (words: RegExp): Promise<void> => {
    const end = performance.now() + 8_000;
    while (!words.test(text)) {
      assert.ok(performance.now() < end, `no ${words} in: ${text}`);
      await sleep(20);
    }
  };
  return { child, ended, until, text: () => text };
}

test("monitor on a pipe prints a line per change at once, survives a restart of the daemon, and ends with ^C as success", async () => {
  const { daemon, become } = await livingDaemon();
  const monitor = started("node", [main, "monitor"], daemon.root);
  await monitor.until(/group IPaddr::172\.30\.105\.202\/24\/ens38 is held by master2/);
  const began = performance.now();
  become(survivor);
  await monitor.until(/\d\d:\d\d:\d\d node master2 is dead, status dead\n/);
  assert.ok(performance.now() - began < 900, "told by the watch, not by the next poll");
  await daemon.close();
  await monitor.until(/heartbeat is not running here/);
  monitor.child.kill("SIGINT");
  assert.equal(await monitor.ended, 0);
  assert.ok(!monitor.text().includes("\x1b"));
});

test("monitor --json prints one snapshot per line", async () => {
  const { daemon, become } = await livingDaemon();
  const monitor = started("node", [main, "status", "--watch", "--json"], daemon.root);
  await monitor.until(/\n/);
  become(survivor);
  await monitor.until(/\n.*"holds":"all".*\n/);
  monitor.child.kill("SIGINT");
  await monitor.ended;
  await daemon.close();
  const lines = monitor.text().trim().split("\n");
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as Snapshot).holds),
    ["local", "all"],
  );
});

test("on a real terminal monitor draws over its own picture on the alternate screen and gives the screen back", async () => {
  const { daemon, become } = await livingDaemon();
  const command = `stty cols 80 rows 24; exec node ${main} monitor`;
  const monitor = started("script", ["-qec", command, "/dev/null"], daemon.root);
  await monitor.until(/held by master2/);
  become(survivor);
  await monitor.until(/! master2 is dead/);
  monitor.child.stdin.write("\x03");
  await monitor.ended;
  await daemon.close();
  const text = monitor.text();
  assert.ok(text.startsWith("\x1b[?1049h\x1b[?25l"));
  assert.ok(text.includes("\x1b[?25h\x1b[?1049l"));
  assert.equal(text.split("\x1b[2J").length, 2, "the screen is cleared once, at the start: no flicker");
  assert.ok(text.includes("\x1b[32mactive\x1b[0m"));
  const frames = text.split("\x1b[?2026h\x1b[H").slice(1);
  for (const frame of frames) assert.ok(frame.split("\r\n").length <= 24);
});

test("a reader that goes away ends monitor", async () => {
  const { daemon, become } = await livingDaemon();
  const monitor = started("/bin/sh", ["-c", `node ${main} monitor | head -1`], daemon.root);
  await monitor.until(/\n/);
  become(survivor);
  const code = await Promise.race([monitor.ended, sleep(5_000, -2)]);
  await daemon.close();
  assert.equal(code, 0);
});

test("the interview writes the files of the answers, taking what the host shows as defaults", async () => {
  const root = emptyRoot();
  const command = `node ${main} init --dir ${root}/ha.d`;
  const env = "TEST_HOST=master1 TEST_INTERFACES='ens33=172.30.106.101/24 ens38=172.30.105.11/24'";
  const init = started("script", ["-qec", `${env} ${command}`, "/dev/null"], root);
  const answers: readonly [RegExp, string][] = [
    [/Interfaces for heartbeats .*\[ens33 ens38\]: $/, ""],
    [/Name of this node \[master1\]: $/, ""],
    [/Address of master1 on ens33 \[172\.30\.106\.101\]: $/, ""],
    [/Address of master1 on ens38 \[172\.30\.105\.11\]: $/, ""],
    [/Name of the other node .*: $/, "master2"],
    [/Address of master2 on ens33: $/, "172.30.106.102"],
    [/Address of master2 on ens38: $/, "nonsense"],
    [/nonsense is no IP address\.\s+Address of master2 on ens38: $/, "172.30.105.12"],
    [/Service address .*: $/, "172.30.105.201/24/ens38"],
    [/Preferred node \[master1\]: $/, ""],
    [/Services to start .*: $/, "nginx"],
    [/Host to ping.*: $/, ""],
  ];
  // What the terminal adds for the cursor is no part of the question.
  const bare = (): string => stripVTControlCharacters(init.text());
  for (const [question, answer] of answers) {
    const end = performance.now() + 8_000;
    while (!question.test(bare())) {
      assert.ok(performance.now() < end, `no ${question} in: ${bare()}`);
      await sleep(20);
    }
    init.child.stdin.write(`${answer}\r`);
  }
  assert.equal(await init.ended, 0, init.text());
  assert.match(init.text(), /no errors, no warnings/);
  rmSync(root, { recursive: true });
});

test("NO_COLOR, a dumb terminal and a pipe each switch colours off", () => {
  assert.deepEqual(
    [
      wantsColour(true, {}),
      wantsColour(true, { NO_COLOR: "1" }),
      wantsColour(true, { TERM: "dumb" }),
      wantsColour(false, {}),
    ],
    [true, false, false, false],
  );
});
