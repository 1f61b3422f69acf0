import { checkConfig } from "../../config/check.js";
import type { HostFacts } from "../../config/host-facts.js";
import { formatProblem, type Problem } from "../../config/problem.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";

export interface CheckOptions {
  readonly directory: string;
  /** Check as if on this node. */
  readonly node: string | undefined;
  readonly json: boolean;
}

/** `heartbeat check`: every problem of the three files; 0 when heartbeat would start with them, else 1. */
export async function check(around: Surroundings, options: CheckOptions): Promise<number> {
  const files = around.loadFiles(options.directory);
  const host = factsFor(await around.hostFacts(files), options.node);
  const { problems } = checkConfig({ files, host });
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const { terminal } = around;
  if (options.json) terminal.out(`${JSON.stringify({ ok: errors === 0, problems }, undefined, 2)}\n`);
  else terminal.out(report(problems, options.directory));
  return errors === 0 ? exitCodes.completed : exitCodes.refused;
}

/** Of another node we know nothing but its name: its interfaces, scripts and users are not ours. */
export function factsFor(host: HostFacts, node: string | undefined): HostFacts {
  if (node === undefined || node.toLowerCase() === host.unameNode?.toLowerCase()) return host;
  return { unameNode: node, resolved: host.resolved };
}

/** All problems, then a line that counts them. */
export function report(problems: readonly Problem[], directory: string): string {
  const count = (severity: Problem["severity"]): number => problems.filter((one) => one.severity === severity).length;
  const some = (n: number, word: string): string => `${n === 0 ? "no" : n} ${word}${n === 1 ? "" : "s"}`;
  const summary = `${directory}: ${some(count("error"), "error")}, ${some(count("warning"), "warning")}`;
  return [...problems.map(formatProblem), summary].map((text) => `${text}\n`).join("");
}
