import { type ConfigFiles, checkConfig } from "../config/check.js";
import type { Config } from "../config/config.js";
import type { HostFacts } from "../config/host-facts.js";
import type { Problem } from "../config/problem.js";
import { nodeName } from "../core/names.js";
import { World } from "./world.js";

/** The operator's own cluster, out of the three files: what can break in it, and how to bring it to life. */
export interface OwnCluster {
  readonly nodes: readonly string[];
  /** Every interface or tty that carries heartbeats is a link of its own between all nodes. */
  readonly links: readonly string[];
  /** Interfaces that carry service addresses: losing one means losing clients, neighbours and ping nodes too. */
  readonly lans: readonly string[];
  readonly pings: readonly string[];
  readonly scripts: readonly string[];
  readonly config: Config;
  /** Milliseconds after which nothing more can be expected of a fault, whatever it was. */
  readonly patience: number;
  /** @returns the machines, switched off. */
  open(): World;
}

export type Opened =
  | { readonly ok: true; readonly cluster: OwnCluster }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A pretend key: what the operator's own one says is nobody's business here, and not everybody may read it. */
const authkeys = { path: "authkeys", text: "auth 1\n1 sha1 a-secret-of-the-simulator\n", mode: 0o600 };

/** @param resolved the addresses of names in the files; of this machine nothing else counts, for the files are those of all nodes. */
export function openOwnCluster(given: ConfigFiles, resolved: HostFacts["resolved"]): Opened {
  const files = { ...given, authkeys };
  const first = checkConfig({ files, host: { resolved } });
  if (first.config === undefined) return { ok: false, problems: first.problems };
  const { nodes } = first.config.settings;
  const checked = nodes.map((node) => checkConfig({ files, host: { unameNode: node, resolved } }));
  const configs = checked.flatMap(({ config }) => (config === undefined ? [] : [simplified(config)]));
  const [config] = configs;
  if (config === undefined || configs.length < nodes.length)
    return { ok: false, problems: checked.flatMap(({ problems }) => problems) };
  return { ok: true, cluster: clusterOf(config, configs) };
}

function clusterOf(config: Config, configs: readonly Config[]): OwnCluster {
  const { nodes } = config.settings;
  const links = [...new Set(configs.flatMap(({ media }) => media.map(({ device }) => device)))];
  const resources = config.groups.flatMap((group) => group.resources);
  return {
    nodes,
    links,
    lans: [...new Set(resources.flatMap((one) => (one.kind === "address" ? (one.address.device ?? []) : [])))],
    pings: config.pings.map(({ name }) => name),
    scripts: resources.flatMap((resource) => (resource.kind === "script" ? [resource.text] : [])),
    config,
    patience: patienceOf(config),
    open: () =>
      new World({
        seed: 1,
        shape: { nodes, links, medium: "bcast", haCf: [], haresources: [] },
        parameters: { ...generous, deadtime: config.settings.timing.deadtime },
        configFor: (node) => configs[nodes.indexOf(nodeName(node))] ?? config,
        keep: 1,
      }),
  };
}

/** However a link is used, its datagrams reach all the others that are on it. */
function simplified(config: Config): Config {
  const devices = [...new Set(config.media.map(({ device }) => device))];
  return { ...config, media: devices.map((device) => ({ kind: "bcast", device, port: 694 })) };
}

function patienceOf({ settings: { timing, fencing, groups, monitoring } }: Config): number {
  const resets = fencing.devices.reduce((sum, device) => sum + device.timeout, 0);
  // Who hangs is asked twice.
  const questions = monitoring.interval === 0 ? 0 : 2 * (monitoring.interval + timing.statusTimeout);
  const fenced = fencing.devices.length === 0 ? 0 : 2 * fencing.delay + resets + fencing.retryPause;
  return timing.deadtime + timing.deadping + 4 * timing.keepalive + fenced + questions + 1_000 * groups.length + 8_000;
}

/** Nothing is left to luck, and nothing is judged: an operator wants to see what happens. */
const generous = {
  timerLatency: 0,
  drift: 0,
  longestScripts: 3_600_000,
  lossGrace: 3_600_000,
  longestOutage: 3_600_000,
  mostWakeUps: 100_000,
  mostDatagrams: 100_000,
  codec: "passing",
} as const;
