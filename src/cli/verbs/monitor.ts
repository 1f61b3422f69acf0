import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot } from "../../control/snapshot.js";
import { changes } from "../../status/changes.js";
import { cut, emptyLine, type Line, line, painted } from "../../status/line.js";
import { render } from "../../status/render.js";
import { stamp } from "../cl-status/output.js";
import { ask } from "../control-client.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";
import type { Terminal } from "../terminal.js";
import { type Answered, oneSnapshot, type StatusOptions, understood } from "./status.js";

/**
 * `heartbeat monitor`: the live picture until ^C. It outlives the daemon: through a restart it says that nothing is running and
 * goes on when there is something to show. On a pipe it prints a line per change, with `--json` a snapshot per line.
 */
export async function monitor(around: Surroundings, options: StatusOptions): Promise<number> {
  const { terminal } = around;
  const view = options.json ? jsonLines(terminal) : terminal.isScreen ? screen(terminal, options) : sentences(terminal);
  const stop = terminal.interrupted;
  try {
    await observe(around.controlSocket, (seen) => view.show(seen), stop);
  } finally {
    view.end();
  }
  return exitCodes.completed;
}

/** Without news the picture is refreshed this often, so that ages grow and a hung daemon is noticed. */
const refreshEvery = 1_000;
/** Changes that follow each other faster than this are shown together. */
const shortestPause = 100;

type Show = (seen: Answered) => void;

async function observe(socket: string, show: Show, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const conversation = ask(socket, { verb: "watch" });
    const hangUp = (): void => conversation.close();
    stop.addEventListener("abort", hangUp, { once: true });
    for (;;) {
      const heard = await conversation.next(refreshEvery);
      if (stop.aborted) break;
      const seen =
        heard.kind === "silent" ? await oneSnapshot(socket, 3 * refreshEvery) : understood(heard, refreshEvery);
      if (stop.aborted) break;
      show(seen);
      if (heard.kind === "lost" || seen.kind === "trouble") break;
      await pause(shortestPause, stop);
    }
    stop.removeEventListener("abort", hangUp);
    conversation.close();
    await pause(refreshEvery, stop);
  }
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal: stop }).catch(() => undefined);

interface LiveView {
  show(seen: Answered): void;
  end(): void;
}

// ECMA-48 and xterm: alternate screen, cursor off; then a frame is written over the former one, line by line, in one piece
// (mode 2026 lets newer terminals show it at once), so that nothing ever flickers.
const enter = "\x1b[?1049h\x1b[?25l\x1b[2J";
const leave = "\x1b[?25h\x1b[?1049l";
const frameOf = (lines: readonly string[]): string =>
  `\x1b[?2026h\x1b[H${lines.map((text) => `${text}\x1b[K`).join("\r\n")}\x1b[J\x1b[?2026l`;

function screen(terminal: Terminal, options: StatusOptions): LiveView {
  let latest: Snapshot | undefined;
  let shown: Answered | undefined;
  const draw = (): void => {
    if (shown === undefined) return;
    const { columns, rows } = terminal.size();
    const lines = frameLines(shown, latest, { width: columns, links: options.links });
    const body =
      lines.length < rows
        ? lines
        : [...lines.slice(0, rows - 2), line(`(${lines.length - rows + 2} more lines)`, "dim")];
    terminal.out(frameOf([...body, helpLine(columns)].map((one) => painted(one, terminal.colour))));
  };
  terminal.out(enter);
  terminal.onResize(draw);
  return {
    show(seen) {
      shown = seen;
      if (seen.kind === "snapshot") latest = seen.snapshot;
      draw();
    },
    end: () => {
      shown = undefined;
      terminal.out(leave);
    },
  };
}

const helpLine = (width: number): Line => cut(line(`${stamp(new Date())}  ^C ends`, "dim"), width);

/** In trouble the last picture stays, marked as old: it is what the operator needs most then. */
function frameLines(seen: Answered, latest: Snapshot | undefined, view: { width: number; links: boolean }): Line[] {
  if (seen.kind === "snapshot") return render(seen.snapshot, view);
  const words = cut(line(`! ${seen.text}`, "bad"), view.width);
  if (latest === undefined) return [words];
  return [
    words,
    cut(line("  What follows was true before that:", "bad"), view.width),
    emptyLine,
    ...render(latest, view),
  ];
}

function sentences(terminal: Terminal): LiveView {
  let before: Snapshot | undefined;
  let trouble = "";
  const say = (text: string): void => terminal.out(`${stamp(new Date())} ${text}\n`);
  return {
    show(seen) {
      if (seen.kind === "trouble") {
        if (seen.text !== trouble) say(seen.text);
        trouble = seen.text;
        before = undefined;
        return;
      }
      trouble = "";
      for (const change of changes(before, seen.snapshot)) say(change);
      before = seen.snapshot;
    },
    end: () => undefined,
  };
}

function jsonLines(terminal: Terminal): LiveView {
  let former = "";
  return {
    show(seen) {
      const text = seen.kind === "snapshot" ? JSON.stringify(seen.snapshot) : JSON.stringify({ error: seen.text });
      if (text !== former) terminal.out(`${text}\n`);
      former = text;
    },
    end: () => undefined,
  };
}
