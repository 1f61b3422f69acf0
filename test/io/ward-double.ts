/**
 * Stands for the beating daemon in the guardian's tests: it ticks, holds what it is told to hold, and dies as asked.
 * Arguments: directory for its traces, then `key=value` words (`allowedFor`: its right ends so many milliseconds after it is ready).
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { instant } from "../../src/core/time.js";
import { openGuardianLink } from "../../src/io/guardian-link.js";
import { monotonicNow } from "../../src/io/monotonic.js";

const [directory = ".", ...words] = process.argv.slice(2);
const options = new Map(words.map((word) => word.split("=") as [string, string]));
const trace = (what: string): void => appendFileSync(join(directory, "trace"), `${what}\n`);

const link = openGuardianLink();
const end = (code: number): void => void link.close(500).then(() => process.exit(code));
link.onStop(() => {
  trace("stop");
  link.farewell();
  end(0);
});

link.onDebug((change) => trace(`debug ${change}`));
link.onGuardianLost(() => {
  trace("guardian lost");
  process.exit(0);
});
trace(`born ${process.pid}`);
if (options.has("fail")) {
  link.startFailed("eth9: no such interface");
  end(Number(options.get("fail")));
} else {
  link.hold({
    addresses: [
      {
        family: "ipv4",
        address: "10.9.8.7",
        prefix: 24,
        device: "lo",
        label: undefined,
        wantsLabel: false,
        broadcast: undefined,
      },
    ],
    scripts: (options.get("scripts") ?? "").split(",").filter((one) => one !== ""),
    deathNotice: Buffer.from("the daemon of alpha died").toString("hex"),
  });
  link.ready();
  if (options.has("allowedFor")) link.allow(instant(monotonicNow() + Number(options.get("allowedFor"))));
  const beating = setInterval(() => link.tick(), 20);
  if (options.has("quietAfter")) setTimeout(() => clearInterval(beating), Number(options.get("quietAfter")));
  if (options.has("throwAfter"))
    setTimeout(
      () => {
        throw new Error("a node that no longer trusts itself");
      },
      Number(options.get("throwAfter")),
    );
}
