import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";

/**
 * The last resort: this machine is reset at once, because what runs here must not go on running. Nothing is stopped in order; the
 * peers take over when they hear nothing any more.
 */

/** @returns the command that does it; `HEARTBEAT_REBOOT` names another program (a lab wants to see the call and live). */
export function rebootCommand({ HEARTBEAT_REBOOT }: NodeJS.ProcessEnv): readonly string[] {
  return HEARTBEAT_REBOOT ? [HEARTBEAT_REBOOT] : ["/sbin/reboot", "-f"];
}

/** Runs the command. When the machine's own one cannot be run, the kernel is asked directly. `failed` hears of both. */
export function reboot(command: readonly string[], failed: (why: string) => void): void {
  const [program = "", ...args] = command;
  const kernel = (why: string): void => {
    failed(`${program}: ${why}`);
    if (program.startsWith("/sbin/")) writeFile("/proc/sysrq-trigger", "b").catch(() => failed("no sysrq either"));
  };
  const child = spawn(program, args, { stdio: "ignore" });
  child.once("error", (error) => kernel(error.message));
  child.once("exit", (code, signal) => code !== 0 && kernel(`ended with ${signal ?? code}`));
}
