import type { PortUser } from "../../ports/survey.js";
import type { System } from "./system.js";

/** @returns who has bound one of the ports. Needs root to see the processes of others. */
export function udpPortHolders(system: System, ports: readonly number[]): readonly PortUser[] {
  const sockets = ["/proc/net/udp", "/proc/net/udp6"].flatMap((table) => boundSockets(system.text(table) ?? ""));
  const wanted = sockets.filter(({ port }) => ports.includes(port));
  if (wanted.length === 0) return [];
  const owners = socketOwners(system, new Set(wanted.map(({ inode }) => inode)));
  const holders = wanted.map(({ port, inode }) => holderOf(system, port, owners.get(inode)));
  return [...new Map(holders.map((holder) => [`${holder.port} ${holder.pid}`, holder])).values()];
}

/** Second column: address and port in hexadecimal; tenth: the inode of the socket. */
function boundSockets(table: string): readonly { readonly port: number; readonly inode: string }[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const port = Number.parseInt(columns[1]?.split(":")[1] ?? "", 16);
      const inode = columns[9];
      return Number.isNaN(port) || inode === undefined ? [] : [{ port, inode }];
    });
}

function socketOwners(system: System, inodes: ReadonlySet<string>): ReadonlyMap<string, number> {
  const owners = new Map<string, number>();
  for (const entry of system.entries("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    for (const descriptor of system.entries(`/proc/${entry}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(system.link(`/proc/${entry}/fd/${descriptor}`) ?? "") ?? [];
      if (inode !== undefined && inodes.has(inode)) owners.set(inode, Number(entry));
    }
  }
  return owners;
}

function holderOf(system: System, port: number, pid: number | undefined): PortUser {
  if (pid === undefined)
    return { port, pid, program: "the kernel or a process that is not visible here", heartbeat: false };
  const title = (system.text(`/proc/${pid}/cmdline`) ?? "").split("\0").join(" ").trim();
  const name = system.text(`/proc/${pid}/comm`)?.trim() ?? "?";
  return { port, pid, program: title.slice(0, 80) || name, heartbeat: /^heartbeat: /.test(title) };
}
