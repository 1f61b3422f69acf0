import { groupName, nodeName } from "../core/names.js";
import type { Settings } from "../core/settings.js";
import { milliseconds } from "../core/time.js";
import { type Arbitration, arbitrationOf } from "./arbitration.js";
import { authkeysAbsent, readAuthkeys } from "./authkeys.js";
import { clientAuthOf } from "./client-auth.js";
import type { Config, GroupConfig, Keys, ResourceConfig } from "./config.js";
import { checkDeadMan } from "./dead-man.js";
import { groupsDigest } from "./digest.js";
import { checkIpfail, failbackOf } from "./failback.js";
import { levelsOf } from "./fence-levels.js";
import { fencingOf } from "./fencing.js";
import { checkGroups } from "./groups.js";
import { defaultPort, type HaCf, readHaCf } from "./ha-cf.js";
import { type GroupLine, readHaresources } from "./haresources.js";
import type { HostFacts } from "./host-facts.js";
import { isNumeric } from "./ip-address.js";
import { checkLinePace } from "./line-pace.js";
import { linksOf } from "./links.js";
import { loggingOf } from "./logging.js";
import { membersOf } from "./membership.js";
import { monitoringOf, monitorsOf } from "./monitors.js";
import { parametersOf } from "./parameters.js";
import type { Problem } from "./problem.js";
import { type Fault, fault, type Report, reportOn } from "./report.js";
import { longestFile, type SourceFile, wholeFile } from "./source.js";
import { statementsOf } from "./statements.js";
import { priorityOf, stonithOf } from "./stonith.js";
import { checkTiming, timingOf } from "./timing.js";

/** The three files of one node. */
export interface ConfigFiles {
  readonly haCf: SourceFile;
  readonly authkeys: SourceFile;
  readonly haresources: SourceFile;
}

export interface CheckedConfig {
  /** Absent when there is an error. */
  readonly config?: Config;
  /** Everything there is to say about all three files, in the order of the files and of their lines. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and compares the three files. Unlike the original, which stops at the first file with an error, it goes on to the end:
 * the operator mends everything at once.
 *
 * @returns the configuration if nothing in it is an error, and all problems in any case. Never throws.
 */
export function checkConfig({ files, host }: { readonly files: ConfigFiles; readonly host: HostFacts }): CheckedConfig {
  const problems: Problem[] = [];
  const reports = reportsOn(files, problems);
  const haCf = presentHaCf(files, host, reports.haCf);
  const keys = presentKeys(files.authkeys, host, reports.authkeys);
  const lines = presentGroups(files.haresources, host, reports.haresources);
  const config = assemble({ haCf, keys, lines }, host, reports);
  const sorted = inFileOrder(problems, files);
  return config === undefined || sorted.some((one) => one.severity === "error")
    ? { problems: sorted }
    : { config, problems: sorted };
}

type Reports = { readonly [Name in keyof ConfigFiles]: Report };

const reportsOn = ({ haCf, authkeys, haresources }: ConfigFiles, problems: Problem[]): Reports => ({
  haCf: reportOn(haCf.path, problems),
  authkeys: reportOn(authkeys.path, problems),
  haresources: reportOn(haresources.path, problems),
});

function presentHaCf({ haCf: { path, text } }: ConfigFiles, host: HostFacts, report: Report): HaCf | undefined {
  if (isTooLong(text, report)) return undefined;
  if (text !== undefined) return readHaCf(text, host, report);
  report.error(
    wholeFile,
    fault(
      "ha-cf-absent",
      `Cannot open config file [${path}]`,
      "heartbeat init writes all three files from a few answers.",
    ),
  );
  return undefined;
}

function presentKeys(file: SourceFile, host: HostFacts, report: Report): Keys | undefined {
  const { text } = file;
  if (isTooLong(text, report)) return undefined;
  if (text !== undefined) {
    if (host.directoryEntries?.includes("authkey")) report.warn(wholeFile, misnamed("authkey", "authkeys"));
    return readAuthkeys({ ...file, text }, report);
  }
  report.error(...authkeysAbsent(file, host.directoryEntries));
  return undefined;
}

function presentGroups({ path, text }: SourceFile, host: HostFacts, report: Report): readonly GroupLine[] {
  if (isTooLong(text, report)) return [];
  const singular = host.directoryEntries?.includes("haresource") === true;
  if (text !== undefined) {
    if (singular) report.warn(wholeFile, misnamed("haresource", "haresources"));
    return readHaresources(text, report);
  }
  const hint = singular
    ? `There is a file haresource: mv ${path.replace(/s$/, "")} ${path}`
    : "A node without resource groups needs an empty file of this name.";
  report.error(wholeFile, fault("haresources-absent", `Cannot open resources file [${path}]`, hint));
  return [];
}

function isTooLong(text: string | undefined, report: Report): boolean {
  if (text === undefined || text.length <= longestFile) return false;
  const why = `The file has ${text.length} characters; a configuration has at most ${longestFile}.`;
  report.error(wholeFile, fault("file-too-long", why, "Is it the right file?"));
  return true;
}

/** Some notes name the files in the singular; nobody reads those. */
const misnamed = (singular: string, plural: string): Fault =>
  fault(
    "misnamed-file",
    `There is a file ${singular} beside ${plural}; it is never read.`,
    `Move what is missing into ${plural} and remove ${singular}.`,
  );

interface Parts {
  readonly haCf: HaCf | undefined;
  readonly keys: Keys | undefined;
  readonly lines: readonly GroupLine[];
}

/** Compares the parts with each other, even when one of them is missing, and puts them together if all are there. */
function assemble({ haCf, keys, lines }: Parts, host: HostFacts, reports: Reports): Config | undefined {
  if (haCf === undefined) return undefined;
  const timing = timingOf(haCf);
  const members = membersOf(haCf, host, reports.haCf);
  const media = linksOf(haCf, host, reports.haCf);
  const logging = loggingOf(haCf, host, reports.haCf);
  const autoFailback = failbackOf(haCf, reports.haCf);
  const stonith = stonithOf(haCf.stoniths, members, reports.haCf);
  const fencing = fencingOf(stonith, haCf.singles, {
    levels: haCf.unread.has("stonith")
      ? []
      : levelsOf(haCf.fenceLevels, { lines: haCf.stoniths, self: members.self }, reports.haCf),
    priority: priorityOf(haCf.fencePriority, members.nodes, reports.haCf),
  });
  const { deadtime } = timing;
  const arbitration = arbitrationOf(haCf, { stonith, deadtime, groups: lines }, reports.haCf);
  const addressAgent = haCf.singles.address_agent?.value ?? "builtin";
  const groups = groupsOf(lines, addressAgent);
  checkTiming(haCf, timing, reports.haCf);
  const monitors = monitorsOf(haCf, groups, reports.haCf);
  checkLinePace(haCf.media, { nodes: members.nodes, groups, timing }, reports.haCf);
  checkDeadMan(haCf, { timing, arbitration: arbitration.settings }, reports.haCf);
  checkIpfail(haCf, reports.haCf);
  checkGroups(lines, haCf, host, reports.haresources);
  if (keys === undefined) return undefined;
  const { singles } = haCf;
  return {
    settings: settingsOf(haCf, { groups, monitors }, { ...members, timing, autoFailback, fencing }, arbitration),
    media,
    pings: haCf.pings.map((line) => line.ping),
    keys,
    strongAuth: singles.strong_auth?.value ?? true,
    messageFormat: singles.msgfmt?.value ?? "classic",
    logging,
    respawn: haCf.respawns.map((line) => line.respawn),
    clientAuth: clientAuthOf(haCf.clientAuth),
    stonith,
    monitors,
    arbiter: arbitration.arbiter,
    ...processOf(haCf),
    addressAgent,
    deadMan: singles.dead_man?.value ?? "on",
    groups,
    realtimePriority: singles.realtime?.value === false ? undefined : (singles.rtprio?.value ?? 1),
    parameters: parametersOf(haCf, timing, singles.udpport?.value ?? host.clusterPort ?? defaultPort),
  };
}

function settingsOf(
  haCf: HaCf,
  { groups, monitors }: Pick<Config, "groups" | "monitors">,
  judged: Pick<Settings, "self" | "nodes" | "timing" | "autoFailback" | "fencing">,
  { settings: arbitration, policyOf }: Arbitration,
): Settings {
  const { singles, pings, respawns } = haCf;
  const shared = groups.map(({ name, owner, resources }) => ({
    name: groupName(name),
    owner: nodeName(owner),
    resources: resources.map(({ text, kind }) => ({ text, kind, ...askedBy(monitors.get(text)) })),
    ...policyOf(name),
  }));
  return {
    ...judged,
    monitoring: monitoringOf(haCf),
    arbitration,
    ipfail: hasIpfail(respawns) && judged.autoFailback !== "legacy" ? "built-in" : "none",
    pingNodes: pings.map(({ ping }) => nodeName(ping.name)),
    groups: shared,
    ttl: (singles.hopfudge?.value ?? 1) + judged.nodes.length + pings.length,
    maxRexmitDelay: milliseconds(singles.max_rexmit_delay?.value ?? 250),
    digest: groupsDigest(shared),
  };
}

const askedBy = (command: readonly string[] | undefined): { readonly monitor?: string } =>
  command === undefined ? {} : { monitor: command.join(" ") };

/** What ha.cf says of the process itself and of its identity. */
function processOf({ singles, environment }: HaCf) {
  return {
    watchdog: singles.watchdog?.value,
    coredumps: {
      allowed: singles.coredumps?.value ?? true,
      root: singles.coreroot?.value ?? "/var/lib/heartbeat/cores",
    },
    generationMethod: singles.hbgenmethod?.value ?? "file",
    uuidFrom: singles.uuidfrom?.value ?? "file",
    compression: {
      plugin: singles.compression?.value ?? "zlib",
      threshold: singles.compression_threshold?.value ?? 2,
      traditional: singles.traditional_compression?.value ?? false,
    },
    memoryReserve: singles.memreserve?.value ?? 6500,
    environment,
    cluster: singles.cluster?.value ?? "linux-ha",
  } as const;
}

/** The original's ipfail ends at once where `auto_failback legacy` is set: there is no standby that it could ask for. */
const hasIpfail = (respawns: HaCf["respawns"]): boolean => respawns.some((line) => line.respawn.builtIn === "ipfail");

const groupsOf = (lines: readonly GroupLine[], agent: Config["addressAgent"]): readonly GroupConfig[] =>
  lines.flatMap(({ owner, resources }) => {
    const [first] = resources;
    if (first === undefined) return [];
    const served = resources.map(({ resource }) => (agent === "script" ? byScript(resource) : resource));
    return [{ name: first.word.text, owner: nodeName(owner.text), resources: served }];
  });

/** `address_agent script`: what the daemon would set itself is left to the script of that name, as in the original. */
function byScript(resource: ResourceConfig): ResourceConfig {
  if (resource.kind === "script") return resource;
  const { text, agent } = resource;
  const argument = text.startsWith(`${agent}::`) ? text.slice(agent.length + 2) : text;
  return { kind: "script", text, script: agent, args: [argument] };
}

function inFileOrder(problems: readonly Problem[], { haCf, authkeys, haresources }: ConfigFiles): readonly Problem[] {
  const order = [haCf.path, authkeys.path, haresources.path];
  const weight = (problem: Problem): number => (problem.severity === "error" ? 0 : 1);
  return [...problems].sort(
    (a, b) =>
      order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line || a.column - b.column || weight(a) - weight(b),
  );
}

/** @returns the host names in ha.cf that a caller should resolve before the check (`HostFacts.resolved`): of ucast lines and ping nodes. */
export function namesToResolve(haCf: string): readonly string[] {
  const names = statementsOf(haCf, reportOn("", [])).flatMap(({ directive: { text }, values }) => {
    if (text === "ping" || text === "ping6") return values;
    return text === "ucast" || text === "ucast6" ? values.slice(1, 2) : text === "ping_group" ? values.slice(1) : [];
  });
  const looksNumeric = (text: string): boolean => isNumeric(text) || /^[\d.]+$/.test(text) || text.includes(":");
  return [...new Set(names.map((word) => word.text).filter((text) => !looksNumeric(text)))];
}
