import { type CheckedConfig, checkConfig } from "../../src/config/check.js";
import type { HostFacts } from "../../src/config/host-facts.js";

/** A good configuration of two nodes with two links, on which nothing is to be said; tests break it in one place at a time. */
export const goodHaCf = `logfile /var/log/ha-log
debugfile /var/log/ha-debug
logfacility local1
keepalive 1
deadtime 5
warntime 3
initdead 10
udpport 694
ucast ens33 172.30.106.102
ucast ens38 172.30.105.13
auto_failback on
node master1
node master2
ping 172.30.105.254
respawn hacluster /usr/lib/heartbeat/ipfail
`;
export const goodAuthkeys = "auth 1\n1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju\n";
export const goodHaresources =
  "master1 IPaddr::172.30.105.201/24/ens38 nginx\nmaster2 IPaddr::172.30.105.202/24/ens38\n";

/** The host master1 as a caller with a file system and a kernel would describe it. */
export const master1: HostFacts = {
  unameNode: "master1",
  interfaces: [
    { name: "lo", addresses: [{ address: "127.0.0.1", prefix: 8 }], broadcast: false },
    { name: "ens33", addresses: [{ address: "172.30.106.101", prefix: 24 }], broadcast: true },
    { name: "ens38", addresses: [{ address: "172.30.105.12", prefix: 24 }], broadcast: true },
    { name: "tun0", addresses: [], broadcast: false },
  ],
  scripts: (name) =>
    name === "stale"
      ? "not-executable"
      : ["nginx", "httpd", "svc", "ocf:heartbeat:nginx"].includes(name)
        ? "init.d"
        : "absent",
  users: (name) => ["root", "hacluster"].includes(name),
  userGroups: (name) => ["root", "haclient"].includes(name),
  commands: (path) => (path === "/etc/passwd" ? "not-executable" : path === "/bin/true" ? "executable" : "absent"),
  directories: (path) => path === "/var/log",
  resolved: new Map([
    ["gateway", ["172.30.105.254"]],
    ["no.such.host", []],
  ]),
  serviceOfPort: (port) =>
    new Map([
      [53, "domain"],
      [694, "ha-cluster"],
    ]).get(port),
  directoryEntries: ["ha.cf", "authkeys", "haresources", "resource.d", "rc.d"],
};

/** What stands in the three files; what is left out is good, `undefined` is absent. */
export interface Texts {
  readonly haCf?: string | undefined;
  readonly authkeys?: string | undefined;
  readonly haresources?: string | undefined;
  readonly mode?: number | undefined;
}

export function check(texts: Texts, host: HostFacts = master1): CheckedConfig {
  const text = (name: "haCf" | "authkeys" | "haresources", good: string) => (name in texts ? texts[name] : good);
  return checkConfig({
    files: {
      haCf: { path: "/etc/ha.d/ha.cf", text: text("haCf", goodHaCf), mode: 0o644 },
      authkeys: { path: "/etc/ha.d/authkeys", text: text("authkeys", goodAuthkeys), mode: texts.mode ?? 0o600 },
      haresources: { path: "/etc/ha.d/haresources", text: text("haresources", goodHaresources), mode: 0o644 },
    },
    host,
  });
}
