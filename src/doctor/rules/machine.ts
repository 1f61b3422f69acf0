import type { Facts } from "../facts.js";
import { type Finding, note, warning } from "../finding.js";
import type { Subjects } from "../subjects.js";

/** What the kernel grants: time, memory, a clock that runs. */
export function machineFindings({ realtime }: Subjects, { machine, daemon }: Facts): readonly Finding[] {
  if (machine === undefined) return [];
  return [
    ...(realtime ? realtimeFindings(machine, daemon.kind === "running") : []),
    ...memoryFindings(machine),
    ...clockFindings(machine),
  ];
}

type Machine = NonNullable<Facts["machine"]>;

function realtimeFindings({ realtimeShare, daemonRealtime }: Machine, running: boolean): readonly Finding[] {
  if (realtimeShare === 0)
    return [
      warning(
        "no-realtime-share",
        "The kernel gives real-time processes no time at all (kernel.sched_rt_runtime_us is 0).",
        "heartbeat then runs like any other program: under load it beats late, and is taken for dead.",
        "sysctl -w kernel.sched_rt_runtime_us=950000    (and in /etc/sysctl.d)",
      ),
    ];
  if (!running || daemonRealtime !== false) return [];
  return [
    warning(
      "not-realtime",
      "The heartbeat daemon runs without real-time priority.",
      "Under load it beats late, and is taken for dead. A container or a systemd slice may forbid it; ha-log says so at the start.",
      "start it with CAP_SYS_NICE (systemd: LimitRTPRIO=99), or write realtime off to say that this is meant",
    ),
  ];
}

/** What the daemon locks is its code and what it touches; less than this is not enough for both. */
const enoughLocked = 64 * 1024 * 1024;

function memoryFindings({ memoryLock }: Machine): readonly Finding[] {
  if (memoryLock === undefined || memoryLock >= enoughLocked) return [];
  return [
    note(
      "memory-lock-limit",
      `The daemon may lock only ${Math.floor(memoryLock / 1024)} KiB in memory.`,
      "What is not locked may be swapped out, and a beat then waits for the disk.",
      "start it with CAP_IPC_LOCK, or with a larger limit (systemd: LimitMEMLOCK=infinity)",
    ),
  ];
}

const poorClocks = ["jiffies", "refined-jiffies", "pit"];

function clockFindings({ clockSource }: Machine): readonly Finding[] {
  if (clockSource === undefined || !poorClocks.includes(clockSource)) return [];
  return [
    warning(
      "poor-clock",
      `The kernel counts time by ${clockSource}.`,
      "It has found its better clocks unreliable (dmesg | grep -i clocksource). Times of milliseconds are not kept, and a stopped virtual machine loses time.",
      "cat /sys/devices/system/clocksource/clocksource0/available_clocksource    (then the settings of the hypervisor)",
    ),
  ];
}
