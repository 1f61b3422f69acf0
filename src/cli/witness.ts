import { type Command, InvalidArgumentError } from "commander";
import { defaultWitnessPort } from "../config/arbitration.js";
import type { Surroundings, WitnessOptions } from "./surroundings.js";
import { showWitness } from "./verbs/witness.js";

/** `heartbeat witness`: the process itself, and with `--status` what it shows. */
export function addWitness(program: Command, around: Surroundings, finish: (code: number) => void): void {
  program
    .command("witness")
    .description("run on a third machine: lets one node at a time have each resource group (docs/witness.md)")
    .option("--listen <address:port>", "UDP; IPv6 as [address]:port", `0.0.0.0:${defaultWitnessPort}`)
    .option("--keys <directory>", "a copy of each cluster's authkeys, under the cluster's name", around.witness.keys)
    .option("--longest-lease <seconds>", "longer ones are refused; after its start it is quiet that long", leaseOf, 30)
    .option("--socket <path>", "where --status looks", around.witness.socket)
    .option("--status", "show which leases are held by whom, of the witness that runs here")
    .option("--json", "print JSON")
    .addHelpText("after", aboutWitness)
    .action(async (given: WitnessOptions & { status?: boolean; json?: boolean }) => {
      const asked = { socket: given.socket, json: given.json === true };
      finish(await (given.status === true ? showWitness(around, asked) : around.runWitness(given)));
    });
}

const aboutWitness = `
Stays in the foreground; logs to stderr and syslog. SIGHUP reads the keys anew, SIGUSR1 logs the leases, SIGTERM ends it.
`;

function leaseOf(word: string): number {
  const value = Number(word);
  if (!(value >= 0.1 && value <= 3_600)) throw new InvalidArgumentError("Give seconds, from 0.1 to 3600.");
  return value;
}
