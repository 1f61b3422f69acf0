import { type Command, InvalidArgumentError } from "commander";
import type { DiskRequest } from "./disk-request.js";
import type { Surroundings } from "./surroundings.js";

/** Adds `heartbeat disk init | show | release | poison`. */
export function addDisk(program: Command, around: Surroundings, finish: (code: number) => void): void {
  const disk = program
    .command("disk")
    .description("the disk lease: make it, look at it, free what a dead node has, poison a node")
    .addHelpText("after", aboutDisk);
  const ask = async (request: DiskRequest): Promise<void> => finish(await around.disk(request, around.terminal));
  disk
    .command("init")
    .description("make a lease area of 1 MiB, or add nodes and groups to one")
    .argument("<path>", "block device, or file on storage that all nodes share")
    .option("-c, --directory <dir>", "where ha.cf and haresources are", around.confDir)
    .option("--force", "overwrite what is there; all leases are lost")
    .action((path: string, given: { directory: string; force?: boolean }) =>
      ask({ verb: "init", path, directory: given.directory, force: given.force === true }),
    );
  disk
    .command("show")
    .description("who writes there, who has which lease, poison under way")
    .argument("<path>")
    .option("--observe <seconds>", "how long to look whether anything moves", secondsOf, 1.2)
    .option("--json", "print JSON")
    .action((path: string, given: { observe: number; json?: boolean }) =>
      ask({ verb: "show", path, observe: given.observe * 1_000, json: given.json === true }),
    );
  disk
    .command("release")
    .description("free the lease of a dead node before it has run out")
    .argument("<path>")
    .argument("<group>", "name of the resource group, as haresources has it")
    .option("--yes", "the holder is off; I have looked")
    .action((path: string, group: string, given: { yes?: boolean }) =>
      ask({ verb: "release", path, group, yes: given.yes === true }),
    );
  disk
    .command("poison")
    .description("have a node reset itself, by the disk alone")
    .argument("<path>")
    .argument("<node>")
    .option("--timeout <seconds>", "how long to wait until it has taken the poison", secondsOf, 10)
    .action((path: string, node: string, given: { timeout: number }) =>
      ask({ verb: "poison", path, node, timeout: given.timeout * 1_000 }),
    );
}

function secondsOf(word: string): number {
  const value = Number(word);
  if (!(value > 0 && value <= 3_600)) throw new InvalidArgumentError("Give seconds, more than 0 and at most 3600.");
  return value;
}

const aboutDisk = `
Set-up, once:  heartbeat disk init /dev/disk/by-id/…     on one node
then on all:   arbiter disk /dev/disk/by-id/…            in ha.cf
`;
