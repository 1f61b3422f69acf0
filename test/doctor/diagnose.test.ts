import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { diagnose } from "../../src/doctor/diagnose.js";
import type { Facts } from "../../src/doctor/facts.js";
import type { Severity } from "../../src/doctor/finding.js";
import type { Subjects } from "../../src/doctor/subjects.js";
import type { ScriptFacts, StatusCall } from "../../src/ports/survey.js";
import { ens33, ens38, facts, heard, nginx, peer, snapshot, subjects } from "./healthy.js";

type Case = readonly [
  code: string,
  severity: Severity,
  planted: Partial<Facts>,
  says: RegExp,
  mend: RegExp,
  about?: Partial<Subjects>,
];

const script = (change: Partial<ScriptFacts>): Partial<Facts> => ({ scripts: [{ ...nginx, ...change }] });
const status = (call: StatusCall): Partial<Facts> => script({ status: call });
const exited = (code: number, output: string, noStatusVerb = false): StatusCall => ({
  kind: "exited",
  code,
  output,
  noStatusVerb,
});
const accounts = (change: Partial<NonNullable<Facts["accounts"]>>): Partial<Facts> => {
  assert.ok(facts.accounts !== undefined);
  return { accounts: { ...facts.accounts, ...change } };
};
const places = (change: Partial<NonNullable<Facts["places"]>>): Partial<Facts> => {
  assert.ok(facts.places !== undefined);
  return { places: { ...facts.places, ...change } };
};
const machine = (change: Partial<NonNullable<Facts["machine"]>>): Partial<Facts> => {
  assert.ok(facts.machine !== undefined);
  return { machine: { ...facts.machine, ...change } };
};
const probe = (here: boolean, macs: readonly string[], configuredIn?: string): Partial<Facts> => ({
  probes: [{ address: "172.30.105.201", here, macs, configuredIn }],
});
const grown = (counter: string): Partial<Facts> => heard({ counters: { ...snapshot.counters, [counter]: 7 } });
const stopped = { daemon: { kind: "stopped" } } as const;
const nobody = heard({ groups: snapshot.groups.map((group) => ({ ...group, holder: null })) });
const ours = (text: RegExp): RegExp => text;
const [mac, other] = ["02:00:00:00:00:07", "02:00:00:00:00:08"] as const;
const inOneNetwork = { links: [{ ...ens33, addresses: [{ address: "172.30.105.101", prefix: 24 }] }, ens38] };
const sysctls = (values: Readonly<Record<string, number>>): Pick<Facts, "sysctl"> => ({
  sysctl: (path) => values[path],
});

const cases: readonly Case[] = [
  [
    "group-missing",
    "warning",
    accounts({ group: () => false, user: () => false }),
    /no group haclient/,
    /groupadd --system haclient/,
  ],
  [
    "group-missing",
    "warning",
    accounts({ group: () => false }),
    /an apiauth line/,
    /groupadd --system ops/,
    { apiGroups: ["ops"] },
  ],
  [
    "user-missing",
    "warning",
    accounts({ user: () => false }),
    /no user hacluster.*respawn/,
    /useradd --system --gid haclient/,
  ],
  [
    "user-missing",
    "warning",
    accounts({ user: (name) => name !== "joe" }),
    /no user joe.*apiauth/,
    /useradd --system joe/,
    { apiUsers: ["joe"] },
  ],
  ["no-heartbeat-group", "note", accounts({ group: () => false }), /nothing in the files needs it/, /groupadd/],
  ["command-missing", "warning", script({ missingCommands: ["ifconfig"] }), /calls ifconfig/, /install net-tools/],
  ["no-ifconfig", "note", accounts({ program: () => false }), /nothing here calls it/, /^$/],
  [
    "address-configured-statically",
    "error",
    probe(true, [], "/etc/network/interfaces:9"),
    /interfaces:9 gives it/,
    /remove it from/,
  ],
  [
    "address-twice",
    "error",
    probe(true, [mac]),
    /2 machines: this host, 02:/,
    /ip addr del 172\.30\.105\.201 dev ens38/,
  ],
  ["address-twice", "error", probe(false, [mac, other]), /2 machines: 02:.*07, 02:.*08/, /arping/],
  [
    "address-left-here",
    "warning",
    { ...probe(true, []), ...stopped, portUsers: [] },
    /heartbeat does not hold it here/,
    /ip addr del/,
  ],
  ["address-left-here", "error", { ...probe(true, []), ...nobody }, /nobody holds its group/, /ip addr del/],
  [
    "address-active-elsewhere",
    "warning",
    { ...probe(false, [mac]), ...stopped, portUsers: [] },
    /active on another machine already, 02:/,
    /arping/,
  ],
  [
    "address-active-elsewhere",
    "error",
    { ...probe(false, [mac]), ...nobody },
    /no node of the cluster holds it/,
    /arping/,
  ],
  [
    "interface-down",
    "error",
    { links: [ens33, { ...ens38, up: false, carrier: false }] },
    /ens38 for heartbeats is down/,
    /ip link set ens38 up/,
  ],
  ["no-carrier", "error", { links: [{ ...ens33, carrier: false }, ens38] }, /ens33 .* no carrier/, /ip -s link/],
  [
    "peer-out-of-reach",
    "error",
    { links: [{ ...ens33, addresses: [] }, ens38] },
    /no network of ens33 \(which has no address\)/,
    /ucast line/,
  ],
  [
    "network-manager",
    "note",
    { links: [ens33, { ...ens38, manager: "NetworkManager" }] },
    /looks after ens38/,
    /nmcli/,
  ],
  [
    "networkd-removes-addresses",
    "warning",
    { links: [ens33, { ...ens38, manager: "systemd-networkd" }] },
    /looks after ens38/,
    /KeepConfiguration=yes/,
  ],
  ["arp-ignored", "error", sysctls({ "net/ipv4/conf/all/arp_ignore": 8 }), /arp_ignore is 8 on ens38/, /arp_ignore=1/],
  [
    "reverse-path-filter",
    "warning",
    { ...inOneNetwork, ...sysctls({ "net/ipv4/conf/all/rp_filter": 1 }) },
    /rp_filter is 1 on ens33/,
    /rp_filter=2/,
    { media: [{ kind: "ucast", device: "ens33", port: 694, peer: "172.30.105.102" }] },
  ],
  ["one-network-two-interfaces", "warning", inOneNetwork, /ens33 and ens38 are in one network/, /arp_ignore=1/],
  [
    "ipv6-disabled",
    "error",
    sysctls({ "net/ipv6/conf/ens38/disable_ipv6": 1 }),
    /switched off on ens38/,
    /disable_ipv6=0/,
    { media: [{ kind: "mcast6", device: "ens38", port: 694, peer: undefined }] },
  ],
  [
    "port-taken",
    "error",
    { portUsers: [{ port: 694, pid: 612, program: "rpc.statd", heartbeat: false }] },
    /694 is taken by rpc\.statd \(pid 612\)/,
    /ss -ulpn/,
  ],
  ["another-heartbeat", "error", stopped, /heartbeat: daemon \(pid 441\) holds udp port 694/, /ps -o pid,args -p 441/],
  [
    "script-without-interpreter",
    "error",
    script({ interpreter: undefined }),
    /does not begin with #!/,
    /1i #!\/bin\/sh/,
  ],
  [
    "script-with-carriage-returns",
    "error",
    script({ interpreter: "/bin/sh\r" }),
    /line ends of Windows/,
    /sed -i 's\/\\r\$\/\/'/,
  ],
  [
    "script-with-bad-interpreter",
    "error",
    script({ interpreter: "/bin/ksh", interpreterFound: false }),
    /run by \/bin\/ksh/,
    /install \/bin\/ksh/,
  ],
  ["script-not-roots-alone", "warning", script({ worldWritable: true }), /written by everybody/, /chmod 755/],
  ["script-not-roots-alone", "warning", script({ ownerIsRoot: false }), /not belong to root/, /chown root:root/],
  [
    "started-at-boot",
    "warning",
    script({ startsAtBoot: "systemd" }),
    /nginx is also started when this machine boots/,
    /systemctl disable nginx/,
  ],
  ["started-at-boot", "warning", script({ startsAtBoot: "init" }), /by init/, /update-rc\.d nginx disable/],
  ["status-hangs", "error", status({ kind: "hung" }), /did not end in time/, /time \/etc\/init\.d\/nginx status/],
  ["agent-monitor-fails", "error", script({ kind: "ocf", status: exited(5, "") }), /ended with code 5/, /OCF_RESKEY/],
  ["script-without-status", "note", status(exited(3, "Usage: nginx {start|stop}", true)), /has no status/, /^$/],
  ["status-not-lsb", "warning", status(exited(0, "nginx is stopped")), /is stopped, and ended with 0/, /end with 3/],
  ["status-not-lsb", "warning", status(exited(3, "nginx is running")), /is running, and ended with 3/, /end with 0/],
  ["status-not-lsb", "warning", status(exited(77, "?")), /ended with 77/, /0 or 3/],
  ["status-says-nothing", "warning", status(exited(0, "up")), /did not say so/, /case status/],
  ["fifo-is-a-file", "error", places({ fifo: "other" }), /is a file, not a FIFO/, /^rm \/var\/lib\/heartbeat\/fifo/],
  [
    "stale-pid-file",
    "warning",
    places({ pidFile: "stale" }),
    /names a process that is gone/,
    /^rm \/run\/heartbeat\.pid/,
  ],
  [
    "place-shut",
    "error",
    places({ shut: [{ path: "/var/lib/heartbeat/cores/hacluster", user: "hacluster", because: "mode 0700" }] }),
    /hacluster cannot enter .*cores\/hacluster/,
    /chown hacluster/,
  ],
  ["root-directory-writable", "warning", places({ rootWritable: true }), /root directory/, /chmod 755 \//],
  [
    "disk-read-only",
    "error",
    places({ disks: [{ path: "/var/log", free: 1e9, writable: false }] }),
    /cannot be written/,
    /findmnt/,
  ],
  ["disk-full", "error", places({ disks: [{ path: "/var/log", free: 4_096, writable: true }] }), /4 KiB free/, /du -x/],
  ["disk-full", "warning", places({ disks: [{ path: "/var/log", free: 9e6, writable: true }] }), /KiB free/, /du -x/],
  [
    "name-not-resolved",
    "note",
    { names: [{ name: "master2", addresses: [] }] },
    /master2 has no address/,
    /\/etc\/hosts/,
  ],
  [
    "peer-name-is-here",
    "warning",
    { names: [{ name: "master2", addresses: ["172.30.106.101"] }] },
    /master2, leads to 172\.30\.106\.101/,
    /\/etc\/hosts/,
  ],
  ["no-realtime-share", "warning", machine({ realtimeShare: 0 }), /no time at all/, /950000/],
  ["not-realtime", "warning", machine({ daemonRealtime: false }), /without real-time priority/, /CAP_SYS_NICE/],
  ["memory-lock-limit", "note", machine({ memoryLock: 8 << 20 }), /8192 KiB/, /LimitMEMLOCK/],
  ["poor-clock", "warning", machine({ clockSource: "jiffies" }), /by jiffies/, /hypervisor/],
  [
    "selinux-enforcing",
    "warning",
    machine({ selinux: "enforcing" }),
    /SELinux is enforcing/,
    /semanage port -a .* -p udp 694/,
  ],
  [
    "selinux-enforcing",
    "note",
    machine({ selinux: "enforcing", domain: "unconfined_service_t" }),
    /does not confine/,
    /^$/,
  ],
  ["not-running", "note", { ...stopped, portUsers: [], probes: [] }, /does not run/, /systemctl start heartbeat/],
  [
    "dead-man-coarse",
    "warning",
    heard({ deadMan: { form: "lifetime", limit: 6_000, lacking: "nf_tables cannot be had" } }),
    /has the form lifetime/,
    /modprobe nf_tables/,
  ],
  [
    "dead-man-left",
    "warning",
    {
      ...stopped,
      portUsers: [],
      probes: [],
      firewall: { nft: { nftables: [{ table: { family: "inet", name: "heartbeat" } }] } },
    },
    /this host is mute/,
    /^heartbeat {4}\(start it/,
  ],
  ["same-uuid", "error", grown("same-uuid"), /same uuid/, /rm \/var\/lib\/heartbeat\/hb_uuid/],
  ["same-name", "error", grown("another-node-has-our-name"), /calls itself master1 too/, /hostnamectl/],
  ["wrong-key", "warning", grown("bad-digest"), /our keys do not fit \(bad-digest: 7\)/, /sha256sum/],
  ["strangers-on-the-wire", "warning", grown("bad-node"), /not in ha\.cf/, /udpport/],
  ["older-generation", "warning", grown("replay-attack"), /older than the last/, /heartbeat -k/],
  [
    "peer-not-heard",
    "error",
    peer({ liveness: "dead", status: "dead", links: [] }),
    /master2 is not heard on any link\.$/,
    /heartbeat doctor/,
  ],
  ["peer-not-heard", "error", peer({ liveness: "unseen", program: "unknown", links: [] }), /and never was/, /tcpdump/],
  [
    "link-dead",
    "warning",
    peer({ links: [ens(true), { ...ens(false), name: "ens38" as never }] }),
    /over ens38; it is heard over 1 other/,
    /ip -s link show ens38/,
  ],
  ["clocks-apart", "warning", peer({ clockAhead: -90 }), /90 s behind this node/, /set-ntp/],
  ["clocks-apart", "warning", peer({ clockAhead: 2 }), /2 s ahead of this node/, /set-ntp/],
  [
    "different-deadtime",
    "warning",
    peer({ announcedDeadtime: 20_000 }),
    /20000 ms, here it is 5000 ms/,
    /check --against/,
  ],
  ["different-haresources", "warning", peer({ differentGroups: true }), /groups of master2/, /scp -p/],
  [
    "ping-node-silent",
    "warning",
    heard({ nodes: snapshot.nodes.map((node) => (node.type === "ping" ? { ...node, liveness: "dead" } : node)) }),
    /does not answer/,
    /ping -c 3/,
  ],
  [
    "alert",
    "error",
    heard({ alerts: ["vip: nginx could not be stopped"] }),
    /nginx could not be stopped/,
    /heartbeat status/,
  ],
];

function ens(up: boolean) {
  const link = snapshot.nodes[1]?.links[0];
  assert.ok(link !== undefined);
  return { ...link, up };
}

test("on a healthy pair there is nothing to say", () => {
  assert.deepEqual(diagnose([], subjects, facts), []);
});

for (const [code, severity, planted, says, mend, about] of cases)
  test(`doctor finds ${code} (${severity}): ${ours(says).source}`, () => {
    const findings = diagnose([], { ...subjects, ...about }, { ...facts, ...planted });
    const finding = findings.find((one) => one.code === code && says.test(one.what));
    assert.ok(finding !== undefined, JSON.stringify(findings, undefined, 1));
    assert.equal(finding.severity, severity);
    assert.match(finding.mend.join("\n"), new RegExp(mend.source, "m"));
    assert.ok(finding.why.length > 20);
  });

test("a key that does not fit is an error where a peer is not heard, and the copy goes to that peer", () => {
  const silent = peer({ liveness: "dead", links: [] });
  assert.ok(silent.daemon.kind === "running");
  const later = { ...silent.daemon.later, counters: { ...snapshot.counters, "bad-digest": 9 } };
  const [first] = diagnose([], subjects, { ...facts, daemon: { kind: "running", first: snapshot, later } });
  assert.deepEqual([first?.code, first?.severity], ["wrong-key", "error"]);
  assert.match(first?.mend.join() ?? "", /authkeys root@master2:/);
});

test("a peer that speaks but does not repeat our nonce does not hear us", () => {
  const silent = peer({ liveness: "dead", links: [] });
  assert.ok(silent.daemon.kind === "running");
  const later = { ...silent.daemon.later, counters: { "unproven-message": 3 } };
  const findings = diagnose([], subjects, { ...facts, daemon: { kind: "running", first: snapshot, later } });
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [["peer-does-not-hear-us", "error"]],
  );
});

test("the worst comes first, and what the check says is among it with file and line", () => {
  const problem = { file: "/etc/ha.d/ha.cf", column: 1, text: "t", hint: "h" };
  const findings = diagnose(
    [
      { ...problem, severity: "warning", line: 3, code: "order" },
      { ...problem, severity: "error", line: 9, code: "no-interface" },
    ],
    subjects,
    { ...facts, ...places({ fifo: "other" }), ...machine({ memoryLock: 1 }) },
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ["no-interface", "fifo-is-a-file", "order", "memory-lock-limit"],
  );
  assert.match(findings[0]?.what ?? "", /^\/etc\/ha\.d\/ha\.cf:9: t$/);
});

test("a user without whom heartbeat would not start is an error, said once and with the command", () => {
  const problem = {
    severity: "error",
    file: "ha.cf",
    line: 9,
    column: 1,
    code: "unknown-user",
    text: "Invalid uid [joe]",
    hint: "",
  } as const;
  const findings = diagnose(
    [problem],
    { ...subjects, apiUsers: ["joe"] },
    { ...facts, ...accounts({ user: (name) => name !== "joe" }) },
  );
  assert.deepEqual(
    findings.map(({ code, severity, mend }) => [code, severity, ...mend]),
    [["user-missing", "error", "useradd --system joe"]],
  );
});

test("nothing is concluded from what nobody looked at", () => {
  const { daemon, blind } = facts;
  assert.deepEqual(diagnose([], subjects, { daemon, blind }), []);
});

const checkout = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The codes of the rules, from their source. */
function codesInSource(): readonly string[] {
  const folder = join(checkout, "src/doctor/rules");
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  return [
    ...new Set([...text.matchAll(/(?:error|warning|note)\)?\(\s*"([a-z0-9-]+)"/g)].map(([, code]) => code ?? "")),
  ];
}

test("every finding of the rules is planted by a test and has a row in docs/doctor.md", () => {
  const codes = codesInSource();
  assert.ok(codes.length > 50, String(codes.length));
  const page = readFileSync(join(checkout, "docs/doctor.md"), "utf8");
  const elsewhere = ["firewall-drops-heartbeats", "peer-does-not-hear-us"];
  for (const code of codes) {
    assert.ok(elsewhere.includes(code) || cases.some(([planted]) => planted === code), `no test plants ${code}`);
    assert.ok(page.includes(`| \`${code}\` |`), `docs/doctor.md has no row for ${code}`);
  }
});
