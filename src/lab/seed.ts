/**
 * The tutorial's cluster as files: two nodes that back each other up, an address each, nginx with the first. Timing is short so that a
 * demonstration does not take minutes.
 */
import { readFileSync } from "node:fs";
import type { Files } from "./machine.js";
import type { NodeFiles } from "./node.js";
import { findProgram } from "./requirements.js";
import { seedTopology, type Topology } from "./topology.js";
import { labFile } from "./tree.js";

/** What may differ from the tutorial. Times as in ha.cf. */
export interface SeedOptions {
  readonly keepalive?: string;
  readonly deadtime?: string;
  readonly warntime?: string;
  readonly initdead?: string;
  readonly autoFailback?: "on" | "off" | "legacy";
  /** What the heartbeats go over: on ens33, or over the cable of `cabledTopology`; "ucast". */
  readonly medium?: "ucast" | "bcast" | "mcast" | "serial";
  /** The file authkeys; sha1 when left out. */
  readonly authkeys?: string;
  /** Resources after the first address; nginx is prepared on both nodes if it is among them. */
  readonly services?: readonly string[];
  /** Lines added to ha.cf. */
  readonly extra?: readonly string[];
  /** The script of an address; "IPaddr". */
  readonly addressScript?: string;
}

/** The addresses that the client asks for, in the order of the nodes that prefer them. */
export const SEED_ADDRESSES = ["172.30.105.201", "172.30.105.202"] as const;

/** The pair's file authkeys when no other is asked for. */
export const AUTHKEYS = "auth 2\n2 sha1 UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta\n";

/** The three files for both nodes. Only the peer's address differs between them. */
export function seedFiles(options: SeedOptions = {}): Readonly<Record<"master1" | "master2", NodeFiles>> {
  const { services = [], addressScript = "IPaddr" } = options;
  const [first, second] = SEED_ADDRESSES;
  const group = (node: string, address: string, rest: readonly string[]) =>
    [node, `${addressScript}::${address}/24/ens38`, ...rest].join(" ");
  const haresources = `${group("master1", first, services)}\n${group("master2", second, [])}\n`;
  const node = (name: string, peer: string): NodeFiles => ({
    haCf: seedHaCf(peer, options),
    authkeys: options.authkeys ?? AUTHKEYS,
    haresources,
    extra: services.includes("nginx") ? nginxFiles(name) : {},
  });
  return { master1: node("master1", "172.30.105.102"), master2: node("master2", "172.30.105.101") };
}

function seedHaCf(peer: string, options: SeedOptions): string {
  const {
    keepalive = "200ms",
    deadtime = "1",
    warntime = "600ms",
    initdead = "3",
    autoFailback = "on",
    medium = "ucast",
    extra = [],
  } = options;
  const lines = [
    "debugfile /var/log/ha-debug",
    "logfile /var/log/ha-log",
    "logfacility local1",
    `keepalive ${keepalive}`,
    `deadtime ${deadtime}`,
    `warntime ${warntime}`,
    `initdead ${initdead}`,
    "udpport 694",
    mediumLine(medium, peer),
    `auto_failback ${autoFailback}`,
    "node master1",
    "node master2",
    "ping 172.30.105.254",
    ...extra,
  ];
  return `${lines.join("\n")}\n`;
}

function mediumLine(medium: NonNullable<SeedOptions["medium"]>, peer: string): string {
  switch (medium) {
    case "ucast":
      return `ucast ens33 ${peer}`;
    case "bcast":
      return "bcast ens33";
    case "mcast":
      return "mcast ens33 225.0.0.1 694 1 0";
    case "serial":
      return `baud ${CABLE_BAUD}\nserial ${CABLE_PORT}`;
  }
}

/** The serial port of either node. */
export const CABLE_PORT = "/dev/ttyS0";
const CABLE_BAUD = 115_200;

/** The tutorial's plan with a null modem cable between the nodes, as fast as its baud rate. */
export const cabledTopology = (): Topology => ({
  ...seedTopology(),
  serial: [{ ends: [`master1:${CABLE_PORT}`, `master2:${CABLE_PORT}`], baud: CABLE_BAUD }],
});

/** The distribution's nginx where the tutorial's script expects it: /usr/local/nginx, with the node's name as its page. */
export function nginxFiles(name: string): Files {
  const program = findProgram("nginx");
  if (!program) throw new Error("nginx is missing: apt-get install nginx-light");
  const folder = "/usr/local/nginx";
  return {
    // A script rather than a link: it runs the host's program with this folder as its prefix, as the tutorial's own build does.
    [`${folder}/sbin/nginx`]: { content: `#!/bin/sh\nexec ${program} -p ${folder} "$@"\n`, mode: 0o755 },
    [`${folder}/conf/nginx.conf`]: NGINX_CONF,
    [`${folder}/logs/.keep`]: "",
    [`${folder}/html/index.html`]: `${name}\n`,
    "/etc/init.d/nginx": { content: readFileSync(labFile("nginx.init"), "utf8"), mode: 0o777 },
  };
}

const NGINX_CONF = `user root;
worker_processes 1;
error_log logs/error.log;
pid /usr/local/nginx/logs/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path logs/body; proxy_temp_path logs/proxy; fastcgi_temp_path logs/fastcgi;
  uwsgi_temp_path logs/uwsgi; scgi_temp_path logs/scgi;
  server { listen 80; location / { root html; index index.html; } }
}
`;
