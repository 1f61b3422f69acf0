/**
 * `node dist/src/lab/measure-main.js fast|tutorial|load [--rounds N] [--seconds N]`: prints Markdown tables for docs/measurements.md.
 *
 *     fast      keepalive 10 ms, deadtime 50 ms; addresses alone, then with nginx
 *     tutorial  keepalive 2 s, deadtime 30 s, warntime 10 s, initdead 60 s; takes about five minutes a round
 *     load      the fast pair beside a busy loop per core and two more, for --seconds (600)
 */
import { cpus } from "node:os";
import { aloneStart, endure, markdown, measure } from "./measure.js";
import type { SeedOptions } from "./seed.js";

const fast: SeedOptions = { keepalive: "10ms", deadtime: "50ms", warntime: "30ms", initdead: "2" };
const tutorial: SeedOptions = { keepalive: "2", deadtime: "30", warntime: "10", initdead: "60", services: ["nginx"] };
const ipfail = ["respawn hacluster /usr/local/heartbeat/libexec/heartbeat/ipfail"];

const [kind = "", ...rest] = process.argv.slice(2);
const option = (name: string, otherwise: number): number => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(rest[at + 1]);
};
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

switch (kind) {
  case "fast": {
    const rounds = option("rounds", 20);
    print(`\n### Addresses alone\n\n${markdown(await measure({ files: fast, rounds, patience: 30_000, say }))}`);
    const web = { ...fast, services: ["nginx"] };
    print(
      `\n### With nginx\n\n${markdown(await measure({ files: web, rounds: Math.ceil(rounds / 4), patience: 30_000, say }))}`,
    );
    print(
      `\nOne node alone: first answer ${(await aloneStart(fast, 30_000)).toFixed(0)} ms after the start (initdead 2 s).`,
    );
    break;
  }
  case "tutorial": {
    const files = { ...tutorial, extra: ipfail };
    const rounds = option("rounds", 1);
    print(`\n${markdown(await measure({ files, rounds, patience: 180_000, say }))}`);
    print(
      `\nOne node alone: first answer ${((await aloneStart(files, 180_000)) / 1000).toFixed(1)} s after the start (initdead 60 s).`,
    );
    break;
  }
  case "load": {
    const seconds = option("seconds", 600);
    const loops = cpus().length + 2;
    const { deaths, gaps } = await endure(fast, seconds, loops);
    const longest =
      gaps.length === 0 ? "none of 3 ms or more" : `${gaps.length}, the longest ${gaps[0]?.toFixed(1)} ms`;
    print(
      `\n${loops} busy loops on ${cpus().length} cores for ${seconds} s: ${deaths.length} false deaths; gaps seen by the client: ${longest}.`,
    );
    for (const line of deaths) print(line);
    process.exitCode = deaths.length === 0 ? 0 : 1;
    break;
  }
  default:
    say("usage: measure-main.js fast|tutorial|load [--rounds N] [--seconds N]");
    process.exitCode = 2;
}
