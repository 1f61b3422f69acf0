import { join } from "node:path";
import { checkConfig } from "../../config/check.js";
import type { HostFacts } from "../../config/host-facts.js";
import { makeDirectory, type NewFile, writeAll } from "../config-files.js";
import { exitCodes } from "../exit-codes.js";
import { askPlan } from "../interview.js";
import { flaws, type Plan, textsOf } from "../plan.js";
import type { Surroundings } from "../surroundings.js";
import { Interrupted } from "../terminal.js";
import { report } from "./check.js";

/** What the flags gave; everything may be missing. */
export interface InitOptions {
  readonly directory: string;
  readonly node: readonly string[];
  readonly link: readonly string[];
  readonly vip: readonly string[];
  readonly owner: readonly string[];
  readonly service: readonly string[];
  readonly ping: readonly string[];
  readonly failback: "on" | "off";
  readonly force: boolean;
}

/**
 * `heartbeat init`: the three files of this pair. Asks for what the flags leave open when there is somebody to ask; checks the
 * texts as the daemon would before a single byte is written; writes all three or none.
 */
export async function init(around: Surroundings, options: InitOptions): Promise<number> {
  const { terminal } = around;
  const host = await around.hostFacts(around.loadFiles(options.directory));
  const plan = await completed(around, planOf(options), host);
  if (plan === undefined) return exitCodes.refused;
  const wrong = flaws(plan);
  if (wrong.length > 0) {
    terminal.error(`heartbeat: nothing was written:\n${wrong.map((one) => `  ${one}\n`).join("")}`);
    return exitCodes.usage;
  }
  return write(around, plan, host, options);
}

async function completed(around: Surroundings, plan: Plan, host: HostFacts): Promise<Plan | undefined> {
  const { out } = around.terminal;
  const complete = plan.nodes.length >= 2 && plan.links.length > 0 && plan.groups.length > 0;
  const interview = complete ? undefined : around.terminal.interview?.();
  if (interview === undefined) return plan;
  try {
    return await askPlan({ ask: interview.ask, say: (text) => out(`${text}\n`) }, plan, host);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    out("\nNothing was written.\n");
    return undefined;
  } finally {
    interview.close();
  }
}

/** The n-th `--owner` belongs to the n-th `--vip`; without one the first node is preferred. All services go with the first address. */
export function planOf(options: InitOptions): Plan {
  const nodes = options.node.map((word) => {
    const [name = "", addresses = ""] = word.split("=");
    return { name: name.toLowerCase(), addresses: addresses === "" ? [] : addresses.split(",") };
  });
  const groups = options.vip.map((address, at) => ({
    owner: (options.owner[at] ?? nodes[0]?.name ?? "").toLowerCase(),
    address,
    services: at === 0 ? options.service : [],
  }));
  return { nodes, groups, links: options.link, pings: options.ping, autoFailback: options.failback };
}

async function write(around: Surroundings, plan: Plan, facts: HostFacts, options: InitOptions): Promise<number> {
  const { terminal } = around;
  const files = newFiles(plan, options.directory);
  const source = (at: 0 | 1 | 2) => files[at];
  const set = { haCf: source(0), authkeys: source(1), haresources: source(2) };
  // The files that stand there now are about to be replaced: what the check says about its surroundings must not count them.
  const host = { ...(await around.hostFacts(set)), unameNode: facts.unameNode };
  const { problems, config } = checkConfig({ files: set, host });
  if (config === undefined) {
    terminal.error(`heartbeat: nothing was written, because heartbeat would not start with it:\n`);
    terminal.error(report(problems, options.directory));
    return exitCodes.refused;
  }
  try {
    makeDirectory(options.directory);
  } catch (error) {
    terminal.error(`heartbeat: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.refused;
  }
  const written = writeAll(files, options.force);
  if (!written.ok) {
    terminal.error(`heartbeat: nothing was written: ${written.why}\n`);
    return exitCodes.refused;
  }
  terminal.out(files.map(({ path }) => `wrote ${path}\n`).join(""));
  for (const name of written.saved) terminal.out(`kept  ${name} (the former file)\n`);
  terminal.out(report(problems, options.directory));
  terminal.out(nextSteps(plan, files, host.unameNode, options.directory));
  return exitCodes.completed;
}

function newFiles(plan: Plan, directory: string): readonly [NewFile, NewFile, NewFile] {
  const texts = textsOf(plan);
  return [
    { path: join(directory, "ha.cf"), text: texts.haCf, mode: 0o644 },
    { path: join(directory, "authkeys"), text: texts.authkeys, mode: 0o600 },
    { path: join(directory, "haresources"), text: texts.haresources, mode: 0o644 },
  ];
}

function nextSteps(plan: Plan, files: readonly NewFile[], self: string | undefined, directory: string): string {
  const peers = plan.nodes.filter(({ name }) => name !== self?.toLowerCase());
  const paths = files.map(({ path }) => path).join(" ");
  const copies = peers.map(({ name, addresses: [address = name] }) => {
    // scp wants brackets around an IPv6 address, ssh wants none.
    const target = `root@${address.includes(":") ? `[${address}]` : address}`;
    return `  ssh root@${address} mkdir -p ${directory} && scp -p ${paths} ${target}:${directory}/      # to ${name}\n`;
  });
  const others = peers.map(({ name }) => name).join(" and ");
  return `\nNext:\n${copies.join("")}  heartbeat      # starts it: here, and on ${others}\n  heartbeat status --watch\n`;
}
