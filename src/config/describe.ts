import type { Config, MediumConfig, PingConfig } from "./config.js";
import { ownParameters, type Parameter, parameterTable } from "./parameter-table.js";

/** What `heartbeat -D`, `-DW` and `-v` print: the original's text, byte for byte, with our own directives behind its own. */

/** @param release whose directives these are. @returns the directives that have a default; `wiki`: as wiki markup. */
export function directiveTable(wiki: boolean, release: string): string {
  const listed = [...parameterTable, ...ownParameters].filter((one) => one.standard !== undefined && !one.unlisted);
  const lines = wiki ? [...wikiHead(release), ...listed.map(wikiRow)] : [...plainHead, ...listed.map(plainRow)];
  return `${lines.join("\n")}\n`;
}

const plainLine = (name: string, standard: string, description: string): string =>
  `${name.padEnd(24)} ${standard.padEnd(9)} ${description}`;
const plainHead = [plainLine("Directive", "Default", "Description"), "-".repeat(80)];
const plainRow = ({ name, standard = "", description }: Parameter): string => plainLine(name, standard, description);

const wikiHead = (release: string): readonly string[] => [
  "##Put this output in the ha.cf/DefaultValues page",
  "The [wiki:ha.cf ha.cf] directives with default values are shown below - along with a brief description.",
  `This was produced by {{{heartbeat -DW}}} ''# (version ${release})''`,
  "",
  "||''Directive''||''Default''||''Description''||",
];

function wikiRow({ name, standard = "", description }: Parameter): string {
  const page = name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `||[wiki:ha.cf/${page}Directive ${name}]||${standard}||${description}||`;
}

const rule = `#${"-".repeat(51)}`;
const heading = (text: string): readonly string[] => ["#", `#\t${text}`, "#"];

/** @returns the configuration in force on the node called `host`. Nodes are in `init`: nothing has been heard yet. */
export function describeConfig(config: Config, host: string): string {
  const { parameters, settings, media, pings } = config;
  const rows = [...parameterTable, ...ownParameters].flatMap(({ name, description }) => {
    const value = parameters.get(name);
    return value === undefined ? [] : [`${name}\t${value}\t#\t${description}`];
  });
  const names = [...settings.nodes, ...pings.map((ping) => ping.name)];
  const ways = [...media.map(mediumLines), ...pings.map(pingLines)];
  return `${[
    ...[...heading(`Linux-HA heartbeat configuration (on ${host})`), "", rule],
    ...[...heading("HA configuration and status"), ...rows],
    ...[...heading("HA Cluster nodes:"), ...names.map((name) => `node ${name}\t#\t current status: init`)],
    ...[...heading("Communications media:").slice(0, 2), ...ways.flat(), rule],
  ].join("\n")}\n`;
}

const channel = (what: string, line: string): readonly string[] => [
  "#",
  `# ${what} heartbeat channel -------------`,
  line,
];

const mediumNames: Readonly<Record<MediumConfig["kind"], string>> = {
  ucast: "UDP/IP unicast",
  ucast6: "UDP/IPv6 unicast",
  bcast: "UDP/IP broadcast",
  mcast: "UDP/IP multicast",
  mcast6: "UDP/IP multicast",
  serial: "serial ring",
};
const mediumLines = ({ kind, device }: MediumConfig): readonly string[] =>
  channel(mediumNames[kind], `${kind} ${device}`);

function pingLines({ name, kind, hosts }: PingConfig): readonly string[] {
  const word = kind === "ping" && hosts.some((host) => host.includes(":")) ? "ping6" : kind;
  return channel(`${word.replace("_", " ")} membership`, `${word} ${name}`);
}
