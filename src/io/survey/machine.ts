import type { MachineFacts } from "../../ports/survey.js";
import { numberAt, type System } from "./system.js";

/** @param daemon process id of the running daemon, if it runs. */
export function surveyMachine(system: System, daemon: number | undefined): MachineFacts {
  const enforcing = numberAt(system, "/sys/fs/selinux/enforce");
  const context = daemon === undefined ? undefined : system.text(`/proc/${daemon}/attr/current`);
  return {
    selinux: enforcing === undefined ? "off" : enforcing === 1 ? "enforcing" : "permissive",
    domain: context?.replaceAll("\0", "").split(":")[2],
    realtimeShare: numberAt(system, "/proc/sys/kernel/sched_rt_runtime_us"),
    clockSource: system.text("/sys/devices/system/clocksource/clocksource0/current_clocksource")?.trim(),
    daemonRealtime: daemon === undefined ? undefined : isRealtime(system, daemon),
    memoryLock: daemon === undefined ? undefined : memoryLimit(system, daemon),
  };
}

/** Field 41 of /proc/<pid>/stat (proc(5)): SCHED_FIFO is 1, SCHED_RR 2. The name in field 2 may contain blanks. */
function isRealtime(system: System, pid: number): boolean | undefined {
  const stat = system.text(`/proc/${pid}/stat`);
  const policy = stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .at(41 - 3);
  return policy === undefined ? undefined : policy === "1" || policy === "2";
}

const CAP_IPC_LOCK = 14n;

/** With the capability there is no limit. */
function memoryLimit(system: System, pid: number): number | undefined {
  const [, capabilities] = /^CapEff:\s*([0-9a-f]+)/m.exec(system.text(`/proc/${pid}/status`) ?? "") ?? [];
  if (capabilities === undefined || ((BigInt(`0x${capabilities}`) >> CAP_IPC_LOCK) & 1n) === 1n) return undefined;
  const [, limit] = /^Max locked memory\s+(\S+)/m.exec(system.text(`/proc/${pid}/limits`) ?? "") ?? [];
  return limit === undefined || limit === "unlimited" ? undefined : Number(limit);
}
