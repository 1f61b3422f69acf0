/** Ours with what ha.cf may name to decide who takes over: a witness on a third machine, a disk that both nodes see, the gateway. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../child.js";
import { processesOf } from "../host-processes.js";
import type { Lab } from "../lab.js";
import { AUTHKEYS } from "../seed.js";
import { type MachinePlan, seedTopology } from "../topology.js";
import { checkout } from "../tree.js";
import { DISK_KINDS, KINDS, MUTE_KINDS, WITNESS_KINDS } from "./menu.js";
import { ours, type Product } from "./products.js";

const HEARTBEAT = join(checkout, "bin/heartbeat");
const WITNESS = "172.30.105.60";
const CLUSTER = "pair";

/** Ours, and a third machine on the service LAN whose leases decide who may take over. Ports are what both sides have when none is given. */
export function oursWithWitness(): Product {
  const plain = ours("witness", [`cluster ${CLUSTER}`, `arbiter witness ${WITNESS}`]);
  const seed = seedTopology();
  const witness: MachinePlan = { name: "witness", interfaces: [{ name: "ens38", addresses: [`${WITNESS}/24`] }] };
  return {
    ...plain,
    arbiter: true,
    lab: { ...plain.lab, topology: { ...seed, others: [...(seed.others ?? []), witness] } },
    kinds: KINDS.filter((kind) => !DISK_KINDS.includes(kind)),
    prepare: async (lab) => {
      await lab.machine("witness").write({ [`/etc/ha.d/witness.d/${CLUSTER}`]: { content: AUTHKEYS, mode: 0o600 } });
      await startWitness(lab);
    },
  };
}

/**
 * Its leases are short, so its silence after a start is. Its machine has processors of its own: here it comes before ordinary processes, and after the
 * daemons of the nodes, which its start must not hold up.
 * Returns when it serves; at once when it runs.
 */
export async function startWitness(lab: Lab): Promise<void> {
  const machine = lab.machine("witness");
  if (processesOf(machine.pid, true).length > 0) return;
  let said = "";
  const child = machine.spawn(["chrt", "-f", "5", HEARTBEAT, "witness", "--longest-lease", "0.2"]);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdout?.resume();
  await until("the witness to listen", 20_000, () => {
    if (child.exitCode !== null) throw new Error(`the witness ended: ${said}`);
    return /serves pair/.test(said);
  });
}

const LEASES = "/dev/lease";

/** Between ten disk accesses on a busy machine, and what a takeover may wait for; milliseconds. */
const DISK_LEASE = 1_000;

/** Ours, and a block device that both nodes see. It lives in this machine's memory: what is looked for here is not how fast a disk is. */
export function oursWithDisk(): Product {
  const plain = ours("disk", [`arbiter disk ${LEASES}`, `lease_time ${DISK_LEASE}ms`]);
  const number = sharedDevice();
  return {
    ...plain,
    arbiter: true,
    // Who waits for a lease to end may find that its own disk process has to be started first.
    bound: plain.bound + 2 * DISK_LEASE,
    kinds: KINDS.filter((kind) => !WITNESS_KINDS.includes(kind)),
    prepare: async (lab) => {
      for (const node of lab.nodes) {
        const { code, stderr } = await node.run(`mknod ${LEASES} b 7 ${number}`);
        if (code !== 0) throw new Error(`${node.name}: ${stderr}`);
      }
      const init = await lab.nodes[0]?.run(`${HEARTBEAT} disk init --force ${LEASES}`);
      if (init?.code !== 0) throw new Error(`heartbeat disk init: ${init?.stderr}${init?.stdout}`);
    },
  };
}

/**
 * @returns the minor number of a loop device on a file in memory. Detached while it is open, it lasts as long as somebody has it open, which this process
 *   does; so nothing of it stays behind, however this process ends.
 */
function sharedDevice(): number {
  const folder = mkdtempSync("/dev/shm/hb-chaos-");
  const file = join(folder, "lease");
  writeFileSync(file, new Uint8Array(1 << 20));
  const device = execFileSync("losetup", ["--find", "--show", file], { encoding: "utf8" }).trim();
  openSync(device, "r");
  execFileSync("losetup", ["--detach", device]);
  rmSync(folder, { recursive: true, force: true });
  return Number(device.replace(/\D+/g, ""));
}

/** Of a fence agent only what the daemon asks of one: it takes its lines and says that the node is off, at once, and switches nothing. */
const AGENT = "#!/bin/sh\ncat >/dev/null\nexit 0\n";

/**
 * Ours, whose fencing device confirms at once: what fencing itself adds to a takeover is looked for. Only faults after which the holder is dead, or mute by
 * its kernel: a device that lies is believed.
 */
export function oursWithFencing(): Product {
  const plain = ours("fencing", ["stonith_host * fence_lab pcmk_host_list=master1,master2", "fence_delay 0"]);
  const { files } = plain.lab;
  const withAgent = Object.fromEntries(
    Object.entries(files ?? {}).map(([node, own]) => [
      node,
      { ...own, extra: { ...own.extra, "/usr/sbin/fence_lab": { content: AGENT, mode: 0o755 } } },
    ]),
  );
  return { ...plain, arbiter: true, lab: { ...plain.lab, files: withAgent }, kinds: MUTE_KINDS };
}

/** Ours as it was before it asked for an address: silence is all that it goes by. */
export function oursWithoutAsking(): Product {
  return ours("none", ["ask_address off"]);
}

/** Ours, with the gateway's echo as condition of a takeover. Two halves that both reach it may both hold. */
export function oursWithPingQuorum(): Product {
  return ours("ping-quorum", ["ping_quorum on"]);
}
