/**
 * Entry of the master control process in the background form. Whoever typed `heartbeat` reads at descriptor 3 how the
 * start went; after the one line that says so, nobody is at the other end any more.
 */
import { Socket } from "node:net";
import { writeObject } from "../io/json-lines.js";
import { pathOptionsFrom, resolvePaths } from "../io/paths.js";
import { guard } from "./guard.js";
import { loadConfig } from "./load.js";
import type { StartNews } from "./start.js";

const parent = new Socket({ fd: 3, readable: false, writable: true });
parent.on("error", () => {});
const tell = (news: StartNews): void => void writeObject(parent, news, 64 * 1024);

const paths = resolvePaths(pathOptionsFrom(process.env));
const { config, files } = await loadConfig(paths);
const started =
  config !== undefined &&
  guard({
    config,
    files,
    paths,
    foreground: false,
    unlocked: process.argv.includes("-l"),
    report: {
      onReady() {
        tell({ kind: "ready" });
        parent.end();
      },
      onStartFailed: (text) => tell({ kind: "failed", text }),
    },
  });
if (!started) {
  tell({
    kind: config === undefined ? "failed" : "already-running",
    text: "the configuration changed during the start",
  });
  parent.end(() => process.exit(config === undefined ? 6 : 0));
}
