/** A null modem cable for tests that need no lab: two pseudo-terminals that socat joins. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/lab/requirements.js";
import { until } from "./temporary.js";

/** @returns why there can be no cable here. */
export const noCable = (): string | undefined =>
  findProgram("socat") === undefined ? "socat is missing: apt-get install socat" : undefined;

export interface Cable {
  readonly one: string;
  readonly two: string;
  plug(): Promise<void>;
  unplug(): Promise<void>;
  remove(): Promise<void>;
}

/** Two devices in a folder of their own. */
export async function cable(): Promise<Cable> {
  const folder = mkdtempSync(join(tmpdir(), "hb-serial-"));
  const [one, two] = [join(folder, "tty1"), join(folder, "tty2")];
  let socat: ChildProcess | undefined;
  const plug = async (): Promise<void> => {
    const end = (device: string): string => `PTY,link=${device},raw,echo=0,ignoreeof`;
    socat = spawn("socat", [end(one), end(two)], { stdio: "ignore" });
    await until(() => existsSync(one) && existsSync(two), 5_000, "the terminals of socat");
  };
  const unplug = async (): Promise<void> => {
    if (socat === undefined) return;
    const gone = new Promise((resolve) => socat?.once("exit", resolve));
    socat.kill();
    await gone;
    socat = undefined;
  };
  const remove = async (): Promise<void> => {
    await unplug();
    rmSync(folder, { recursive: true, force: true });
  };
  await plug();
  return { one, two, plug, unplug, remove };
}
