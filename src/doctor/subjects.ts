import type { ConfigFiles } from "../config/check.js";
import type { AddressConfig, MediumConfig } from "../config/config.js";
import { defaultPort, readHaCf } from "../config/ha-cf.js";
import { readHaresources } from "../config/haresources.js";
import type { HostFacts } from "../config/host-facts.js";
import { inNetwork, sameAddress } from "../config/ip-address.js";
import { reportOn } from "../config/report.js";
import { type Statement, statementsOf } from "../config/statements.js";

/**
 * What the three files speak of, as far as they can be read: a doctor who gives up at the first wrong word is of no use to those who need
 * one. Whatever is wrong with the files themselves is said by the check.
 */
export interface Subjects {
  /** `uname -n`, in the lower case of ha.cf. */
  readonly self: string | undefined;
  readonly nodes: readonly string[];
  readonly media: readonly MediumSubject[];
  readonly addresses: readonly AddressSubject[];
  readonly scripts: readonly ScriptSubject[];
  /** Of `respawn` lines, `hacluster` for the built-in ipfail too. */
  readonly clientUsers: readonly string[];
  /** Users and groups that `apiauth` lines name. */
  readonly apiUsers: readonly string[];
  readonly apiGroups: readonly string[];
  readonly logFiles: readonly string[];
  readonly realtime: boolean;
}

/** `peer`: the address that a ucast line leads to; unknown for the others. `own` lines of this very node are left out. */
export interface MediumSubject {
  readonly kind: MediumConfig["kind"];
  readonly device: string;
  readonly port: number;
  readonly peer: string | undefined;
}

export interface AddressSubject {
  /** As in haresources. */
  readonly text: string;
  /** The first resource of its line. */
  readonly group: string;
  readonly family: AddressConfig["family"];
  readonly address: string;
  /** Given, or else the one whose network contains the address. */
  readonly device: string | undefined;
}

export interface ScriptSubject {
  readonly text: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** @returns the subjects. Never throws; what cannot be read is left out. */
export function subjectsOf({ haCf, haresources }: ConfigFiles, host: HostFacts): Subjects {
  const silent = reportOn("", []);
  const text = haCf.text ?? "";
  const read = readHaCf(text, host, silent);
  const statements = statementsOf(text, silent);
  const groups = readHaresources(haresources.text ?? "", silent);
  const resources = groups.flatMap(({ resources: list }) =>
    list.map(({ word, resource }) => ({ text: word.text, group: list[0]?.word.text ?? "", resource })),
  );
  return {
    self: host.unameNode?.toLowerCase(),
    nodes: [...new Set(read.nodes.map((word) => word.text.toLowerCase()))],
    media: read.media.flatMap(({ medium }) => mediumSubject(medium, host)),
    addresses: resources.flatMap(({ resource, ...named }) =>
      resource.kind === "address" ? [addressSubject(named, resource.address, host)] : [],
    ),
    scripts: resources.flatMap(({ text: word, resource }) =>
      resource.kind === "script" ? [{ text: word, name: resource.script, args: resource.args }] : [],
    ),
    clientUsers: [...new Set(read.respawns.map(({ respawn }) => respawn.user))],
    apiUsers: listed(statements, "uid"),
    apiGroups: listed(statements, "gid"),
    logFiles: ["logfile", "debugfile"].flatMap((name) => lastOf(statements, name) ?? []),
    realtime: read.singles.realtime?.value !== false,
  };
}

/** The port that heartbeats of this host use when no line says otherwise. */
export const portOf = ({ media }: Subjects): number => media[0]?.port ?? defaultPort;

function mediumSubject(medium: MediumConfig, { interfaces }: HostFacts): readonly MediumSubject[] {
  // A serial line has no port; nothing of what is asked here concerns it.
  if (!("port" in medium)) return [];
  const peer = "address" in medium ? medium.address : undefined;
  const own = (interfaces ?? []).some(({ addresses }) =>
    addresses.some(({ address }) => peer !== undefined && sameAddress(address, peer)),
  );
  return own ? [] : [{ kind: medium.kind, device: medium.device, port: medium.port, peer }];
}

function addressSubject(
  named: { readonly text: string; readonly group: string },
  { family, address, device }: AddressConfig,
  { interfaces }: HostFacts,
): AddressSubject {
  const near = interfaces?.find((nic) =>
    nic.addresses.some((own) => !sameAddress(own.address, address) && inNetwork(address, own)),
  );
  return { ...named, family, address, device: device ?? near?.name };
}

const lastOf = (statements: readonly Statement[], name: string): string | undefined =>
  statements.findLast(({ directive }) => directive.text === name)?.values.at(-1)?.text;

/** `uid=a,b`: the comma separates words in ha.cf, so a list goes on until the next `uid=` or `gid=`. */
function listed(statements: readonly Statement[], kind: "uid" | "gid"): readonly string[] {
  const names = new Set<string>();
  for (const { directive, values } of statements) {
    if (directive.text !== "apiauth") continue;
    let current = "";
    for (const { text } of values.slice(1)) {
      const [, word = ""] = /^([ug]id)=/.exec(text) ?? [];
      if (word !== "") current = word;
      const name = text.slice(text.indexOf("=") + 1);
      if (current === kind && name !== "" && !/^\d+$/.test(name)) names.add(name);
    }
  }
  return [...names];
}
