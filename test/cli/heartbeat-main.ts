import { networkInterfaces } from "node:os";
import { readConfigFiles } from "../../src/cli/config-files.js";
import { controlSocketPath } from "../../src/cli/control-client.js";
import { runVerb } from "../../src/cli/program.js";
import { processTerminal } from "../../src/cli/terminal.js";
import type { HostFacts } from "../../src/config/host-facts.js";

/**
 * `heartbeat <verb>` as a process of its own, before and beside the real main.ts: everything real but the host, which is
 * `TEST_HOST` with the interfaces of this machine or those of `TEST_INTERFACES` (name=address/prefix, blank separated).
 */
const interfaces = (text: string | undefined): HostFacts["interfaces"] =>
  text === undefined
    ? Object.entries(networkInterfaces()).map(([name, list]) => ({
        name,
        broadcast: name !== "lo",
        addresses: (list ?? []).map(({ address, cidr }) => ({ address, prefix: Number(cidr?.split("/")[1] ?? 24) })),
      }))
    : text.split(" ").map((word) => {
        const [name = "", address = "", prefix = "24"] = word.split(/[=/]/);
        return { name, broadcast: true, addresses: [{ address, prefix: Number(prefix) }] };
      });

process.exitCode = await runVerb(process.argv.slice(2), {
  terminal: processTerminal(),
  confDir: process.env["HA_DIR"] ?? "/etc/ha.d",
  controlSocket: controlSocketPath(process.env),
  loadFiles: readConfigFiles,
  hostFacts: () => ({
    unameNode: process.env["TEST_HOST"] ?? "master1",
    interfaces: interfaces(process.env["TEST_INTERFACES"]),
  }),
  survey: (_, { daemon }) => Promise.resolve({ daemon, blind: [] }),
  disk: (request, terminal) => {
    terminal.out(`${JSON.stringify(request)}\n`);
    return Promise.resolve(0);
  },
  witness: { keys: "/etc/ha.d/witness.d", socket: "/run/heartbeat-witness/status" },
  runWitness: ({ listen }) => {
    process.stdout.write(`witness ${listen}\n`);
    return Promise.resolve(0);
  },
  lab: (argv) => {
    process.stdout.write(`lab ${argv.join("|")}\n`);
    return Promise.resolve(7);
  },
  simulate: (argv) => {
    process.stdout.write(`simulate ${argv.join("|")}\n`);
    return Promise.resolve(7);
  },
  guarantees: ({ directory }) => {
    process.stdout.write(`guarantees of ${directory}\n`);
    return Promise.resolve(7);
  },
});
