/** `scripts/demo.sh`: the play with an audience. `--keep` leaves the cluster up afterwards. */
import { createInterface } from "node:readline/promises";
import { table } from "./acts.js";
import { openTutorial, play } from "./demo.js";
import { availability } from "./requirements.js";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const speed = { keepalive: "10ms", deadtime: "50ms" };
const ability = availability();
if (ability.kind === "unavailable") {
  process.stderr.write(`The demonstration needs network namespaces: ${ability.reason}\n`);
  process.exit(1);
}
say(
  "master1 and master2, joined by ens33 (heartbeats) and ens38 (service LAN); a gateway, and a client that asks each address",
);
say(
  `1000 times a second. The tutorial's files word for word, but for keepalive ${speed.keepalive} and deadtime ${speed.deadtime}.\n`,
);
const lab = await openTutorial(speed);
try {
  const acts = await play(lab, say);
  say(`\n${table(acts)}`);
  if (process.argv.includes("--keep")) {
    say(`\nThe cluster stays up. Look at it from another terminal, as root:`);
    for (const node of lab.nodes) say(`  ${node.name}:  ${node.entrance()}`);
    const status = lab.nodes[0]?.daemon.status ?? "heartbeat status";
    say(`then for example: ${status}; tail /var/log/ha-log; ip addr show ens38`);
    await createInterface({ input: process.stdin, output: process.stdout }).question("Press Enter to end it. ");
  }
} catch (error) {
  say(`\nIt did not go as it must. ${await lab.lastWords()}`);
  throw error;
} finally {
  await lab.close();
}
