import { networkInterfaces } from "node:os";
import type { SurveyOptions } from "../cli/surroundings.js";
import type { Facts } from "../doctor/facts.js";
import type { Blind } from "../doctor/finding.js";
import { type AddressSubject, portOf, type Subjects } from "../doctor/subjects.js";
import { findGroup, findUser } from "../io/accounts.js";
import { askWhoHas } from "../io/address-probe.js";
import { resolveNames } from "../io/host-facts.js";
import type { Paths } from "../io/paths.js";
import { scriptEnvironment } from "../io/script-environment.js";
import { fixedIn } from "../io/survey/fixed-addresses.js";
import { surveyLinks } from "../io/survey/links.js";
import { surveyMachine } from "../io/survey/machine.js";
import { surveyPacketFilters } from "../io/survey/packet-filters.js";
import { surveyPlaces } from "../io/survey/places.js";
import { isOnPath } from "../io/survey/programs.js";
import { surveyScripts } from "../io/survey/scripts.js";
import { numberAt, type System, systemAt } from "../io/survey/system.js";
import { udpPortHolders } from "../io/survey/udp-ports.js";
import type { AddressFacts, NameFacts } from "../ports/survey.js";

/**
 * The doctor's eyes: everything that can be found out about this machine without changing it. What cannot be seen is listed with its
 * reason, not guessed.
 *
 * @param root directory before /etc, /proc and /sys, for tests.
 */
export async function survey(paths: Paths, subjects: Subjects, options: SurveyOptions, root = ""): Promise<Facts> {
  const system = systemAt(root);
  const isRoot = process.getuid?.() === 0;
  const blind: Blind[] = [];
  const asRoot = async <T>(what: string, look: () => T | Promise<T>): Promise<T | undefined> => {
    if (isRoot) return look();
    blind.push({ what, why: "only root may see it" });
    return undefined;
  };
  const { daemon } = options;
  const ports = [...new Set([...subjects.media.map(({ port }) => port), portOf(subjects)])];
  const [firewall, portUsers, probes, scripts, names] = await Promise.all([
    asRoot("the rules of the firewall", () => filtersOr(blind)),
    asRoot("which processes use heartbeat's port", () => udpPortHolders(system, ports)),
    probeAll(subjects, system, isRoot, blind),
    scriptsOf(paths, subjects, system, options.callScripts && isRoot),
    namesOf(subjects),
  ]);
  if (!isRoot && subjects.scripts.length > 0)
    blind.push({ what: "the status of the resource scripts", why: "they are run by root" });
  return {
    links: surveyLinks(system, addressesOf),
    sysctl: (path) => numberAt(system, `/proc/sys/${path}`),
    firewall,
    portUsers,
    probes,
    scripts,
    names,
    places: surveyPlaces(paths, system, { users: subjects.clientUsers, logs: subjects.logFiles }),
    accounts: {
      user: (name) => findUser(name) !== undefined,
      group: (name) => findGroup(name) !== undefined,
      program: isOnPath,
    },
    machine: surveyMachine(system, daemon.kind === "running" ? daemon.later.processId : undefined),
    daemon,
    blind,
  };
}

async function filtersOr(blind: Blind[]): Promise<Facts["firewall"]> {
  const seen = await surveyPacketFilters();
  if (seen === undefined)
    blind.push({ what: "the rules of the firewall", why: "neither nft nor iptables-save is there and answers" });
  return seen;
}

const addressesOf = (name: string) =>
  (networkInterfaces()[name] ?? []).map(({ address, cidr }) => ({
    address,
    prefix: Number(cidr?.split("/")[1] ?? 32),
  }));

/** The whole question takes this many milliseconds; all addresses are asked about at the same time. */
const probeTime = 900;

function probeAll(
  { addresses }: Subjects,
  system: System,
  isRoot: boolean,
  blind: Blind[],
): Promise<readonly AddressFacts[]> {
  if (!isRoot && addresses.length > 0)
    blind.push({ what: "who answers for the service addresses", why: "only root may ask by ARP" });
  return Promise.all(
    addresses.map(async (subject): Promise<AddressFacts> => {
      const answer = isRoot ? await whoHas(subject) : undefined;
      if (typeof answer === "string") blind.push({ what: `who answers for ${subject.address}`, why: answer });
      return {
        address: subject.address,
        here: isHere(subject.address),
        macs: typeof answer === "string" ? undefined : answer,
        configuredIn: fixedIn(system, subject.address),
      };
    }),
  );
}

async function whoHas({ family, address, device }: AddressSubject): Promise<readonly string[] | string> {
  if (device === undefined) return "no interface of this host is in its network";
  const answer = await askWhoHas(family, address, device, probeTime);
  return answer.ok ? answer.macs : answer.why;
}

const isHere = (address: string): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address) === true);

/** A status that takes longer than this delays every hand-over. */
const statusLimit = 8_000;

function scriptsOf(
  paths: Paths,
  { scripts, self }: Subjects,
  system: System,
  call: boolean,
): Promise<Facts["scripts"]> {
  const environment = scriptEnvironment({
    parameters: [],
    paths,
    node: self ?? "",
    niceFailback: true,
    logfile: undefined,
    debugfile: undefined,
    facility: undefined,
    debugLevel: 0,
    logd: false,
  });
  const texts = [...new Set(scripts.map(({ text }) => text))];
  return surveyScripts(texts, { system, places: paths, statusLimit: call ? statusLimit : undefined, environment });
}

async function namesOf({ nodes }: Subjects): Promise<readonly NameFacts[]> {
  const resolved = await resolveNames(nodes);
  return [...resolved].map(([name, addresses]) => ({ name, addresses }));
}
