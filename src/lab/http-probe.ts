/**
 * Asks every address for its page, many times a second, each time over a new connection, and reports gaps like the ping probe: a request
 * counts as answered only when the page arrived whole with status 200. Who answered is the page's first line. A process of its own
 * in the client machine.
 */
import { get } from "node:http";
import { createInterface } from "node:readline";
import { Ledger } from "./ledger.js";
import { now } from "./moment.js";

interface HttpSettings {
  readonly urls: readonly string[];
  readonly period: number;
  readonly patience: number;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as HttpSettings;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const findings = {
  gap: (gap: object) => say({ type: "gap", ...gap }),
  change: (change: object) => say({ type: "change", ...change }),
};
const ledgers = settings.urls.map((url) => new Ledger(url, settings.patience, findings));

function ask(ledger: Ledger): void {
  const number = ledger.ask(now());
  const request = get(ledger.address, { agent: false, timeout: settings.patience }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    response.on("end", () => {
      const [firstLine = ""] = text.split("\n");
      if (response.statusCode === 200) ledger.answer(number, firstLine.slice(0, 80), now());
    });
  });
  // A refused or reset connection is an unanswered request; that is what the ledger is for.
  request.on("error", () => undefined).on("timeout", () => request.destroy());
}

function sayTally(): void {
  const at = now();
  for (const ledger of ledgers) ledger.settle(at);
  say({
    type: "tally",
    at,
    realtime: false,
    worst: 0,
    sleeps: 0,
    slept: 0,
    addresses: ledgers.map((ledger) => ledger.tally()),
  });
}

const timer = setInterval(() => {
  for (const ledger of ledgers) {
    ask(ledger);
    ledger.settle(now());
  }
}, settings.period);

const stop = (): void => {
  clearInterval(timer);
  sayTally();
  // Requests that still hang would keep the process for as long as their patience lasts.
  setTimeout(() => process.exit(0), 20);
};
const commands = createInterface({ input: process.stdin });
commands.on("line", (line) => {
  if (line === "tally") sayTally();
  if (line === "stop") stop();
});
commands.on("close", stop);
say({ type: "ready", at: now(), realtime: false });
