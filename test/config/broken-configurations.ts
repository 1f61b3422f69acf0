import type { HostFacts } from "../../src/config/host-facts.js";
import { goodAuthkeys, goodHaCf, goodHaresources, master1, type Texts } from "./cluster.js";

/**
 * One thing that an operator may get wrong. `edits` are lines of the good configuration: `old → new`, `+ added at the end`,
 * `- removed`; a single `absent` takes the file away, `=` replaces the whole file by the text behind it (` / ` separates lines).
 */
export interface Broken {
  readonly why: string;
  readonly file: "ha.cf" | "authkeys" | "haresources";
  readonly edits: readonly string[];
  readonly host?: Partial<HostFacts>;
  readonly mode?: number;
  /** Severity, place and code of all that is said, in order. */
  readonly says: readonly string[];
}

type Row = readonly [
  why: string,
  edits: string | readonly string[],
  says: string | readonly string[],
  more?: Pick<Broken, "host" | "mode">,
];

const listOf = (one: string | readonly string[]): readonly string[] => (typeof one === "string" ? [one] : one);
const rows = (file: Broken["file"], table: readonly Row[]): readonly Broken[] =>
  table.map(([why, edits, says, more]) => ({ why, file, edits: listOf(edits), says: listOf(says), ...more }));

const directives: readonly Row[] = [
  ["There is no ha.cf", "absent", "error 0:0 ha-cf-absent"],
  [
    "An empty ha.cf",
    "= ",
    ["error 0:0 no-nodes", "error 0:0 no-media", "warning 0:0 only-logd", "warning 0:0 auto-failback-legacy"],
  ],
  ["A word that is no directive", "+ foobar 12", "error 16:1 unknown-directive"],
  ["A typing error", "deadtime 5 → deadtiem 5", ["error 5:1 unknown-directive"]],
  ["A capital letter", "keepalive 1 → Keepalive 1", "error 4:1 unknown-directive"],
  ["An equals sign", "keepalive 1 → keepalive=1", "error 4:1 unknown-directive"],
  ["A comment of another language", "+ // the address of the peer", "error 16:1 unknown-directive"],
  ["A no-break space from a web page", "keepalive 1 → keepalive\u00a01", "error 4:1 unknown-directive"],
  ["A key in the wrong file", "+ auth 1", "error 16:1 unknown-directive"],
  ["A line of six thousand characters", `+ node ${"x".repeat(6000)}`, "error 16:1 line-too-long"],
  ["The wrong file", `= ${"x".repeat(100_001)}`, "error 0:0 file-too-long"],
  ["A directive without value", "keepalive 1 → keepalive", "warning 4:1 value-missing"],
  ["Two values", "keepalive 1 → keepalive 2 1", "warning 4:13 several-values"],
  ["The same directive twice", "+ deadtime 5", "warning 16:1 repeated-directive"],
  [
    "Many errors at once",
    ["keepalive 1 → keepalive 0", "deadtime 5 → deadtime x", "+ nonsense"],
    ["error 4:11 bad-time", "error 5:10 bad-time", "error 16:1 unknown-directive"],
  ],
];

const times: readonly Row[] = [
  ["No time at all", "keepalive 1 → keepalive fast", "error 4:11 bad-time"],
  ["Zero", "keepalive 1 → keepalive 0", "error 4:11 bad-time"],
  ["A negative time", "keepalive 1 → keepalive -1", "error 4:11 bad-time"],
  ["An unknown unit", "keepalive 1 → keepalive 1min", "error 4:11 bad-time"],
  [
    "deadtime is twice the keepalive",
    "deadtime 5 → deadtime 2",
    ["error 5:10 deadtime-too-small", "warning 6:10 warntime-too-long"],
  ],
  [
    "deadtime is little more than twice the keepalive",
    ["deadtime 5 → deadtime 2001ms", "warntime 3 → warntime 2"],
    ["warning 5:10 deadtime-short"],
  ],
  ["dead_man is a word of its own", "+ dead_man maybe", "error 16:10 bad-choice"],
  [
    "Lifetimes of addresses are longer than deadtime",
    ["keepalive 1 → keepalive 500ms", "deadtime 5 → deadtime 2500ms", "warntime 3 → warntime 1", "+ dead_man lifetime"],
    ["warning 16:10 dead-man-slow"],
  ],
  [
    "deadtime is shorter than any dead-man's switch",
    ["keepalive 1 → keepalive 5ms", "deadtime 5 → deadtime 20ms", "warntime 3 → warntime 10ms"],
    ["warning 5:10 dead-man-slow"],
  ],
  ["warntime is zero", "warntime 3 → warntime 0", "error 6:10 bad-time"],
  ["warntime is longer than deadtime", "warntime 3 → warntime 30", "warning 6:10 warntime-too-long"],
  ["warntime is shorter than keepalive", "warntime 3 → warntime 500ms", "warning 6:10 warntime-short"],
  ["initdead is shorter than deadtime", "initdead 10 → initdead 3", "error 7:10 initdead-too-small"],
  ["initdead is shorter than twice the deadtime", "initdead 10 → initdead 9", "warning 7:10 initdead-short"],
  ["initdead is very short", ["deadtime 5 → deadtime 4", "initdead 10 → initdead 8"], "warning 7:10 initdead-short"],
  ["deadping is too short", "+ deadping 2", "error 16:10 deadping-too-small"],
  ["A time of our own directives", "+ start_timeout never", "error 16:15 bad-time"],
];

const values: readonly Row[] = [
  ["Port zero", "udpport 694 → udpport 0", "error 8:9 bad-number"],
  ["A port that is no number", "udpport 694 → udpport abc", "error 8:9 bad-number"],
  ["A port beyond the last one", "udpport 694 → udpport 70000", "error 8:9 bad-number"],
  ["The port of another service", "udpport 694 → udpport 53", "warning 8:9 port-reserved"],
  ["udpport below the media", ["- udpport 694", "+ udpport 700"], "warning 15:1 order"],
  ["An impossible baud rate", "+ baud 1234", "error 16:6 bad-choice"],
  ["auto_failback is neither on nor off", "auto_failback on → auto_failback maybe", "error 11:15 bad-choice"],
  ["No auto_failback", "- auto_failback on", "warning 0:0 auto-failback-legacy"],
  ["auto_failback legacy", "auto_failback on → auto_failback legacy", "warning 11:15 auto-failback-legacy"],
  [
    "nice_failback",
    "auto_failback on → nice_failback on",
    ["warning 11:15 nice-failback", "warning 11:15 auto-failback-legacy"],
  ],
  ["An unknown syslog facility", "logfacility local1 → logfacility local9", "error 3:13 bad-choice"],
  [
    "No log",
    ["- logfile /var/log/ha-log", "- debugfile /var/log/ha-debug", "- logfacility local1"],
    "warning 0:0 only-logd",
  ],
  [
    "No log and no logging daemon",
    ["- logfile /var/log/ha-log", "- debugfile /var/log/ha-debug", "- logfacility local1", "+ use_logd off"],
    "error 13:10 no-log",
  ],
  [
    "Only facility none",
    ["- logfile /var/log/ha-log", "- debugfile /var/log/ha-debug", "logfacility local1 → logfacility none"],
    "warning 1:13 no-log",
  ],
  [
    "A log in a directory that is not there",
    "logfile /var/log/ha-log → logfile /nonexist/ha-log",
    "warning 1:9 no-directory",
  ],
  ["A log without a full path", "logfile /var/log/ha-log → logfile ha-log", "error 1:9 bad-path"],
  ["use_logd is neither on nor off", "+ use_logd maybe", "error 16:10 bad-boolean"],
  ["A debug level that does not exist", "+ debug 300", "error 16:7 bad-number"],
  ["A hopfudge that does not exist", "+ hopfudge 256", "error 16:10 bad-number"],
  ["A priority that does not exist", "+ rtprio 1000", "error 16:8 bad-number"],
  ["realtime is neither on nor off", "+ realtime maybe", "error 16:10 bad-boolean"],
  ["An unknown message format", "+ msgfmt xml", "error 16:8 bad-choice"],
  ["An unknown generation method", "+ hbgenmethod foo", "error 16:13 bad-choice"],
  ["An unknown source of the uuid", "+ uuidfrom foo", "error 16:10 bad-choice"],
  ["An unknown compression", "+ compression nosuch", "error 16:13 bad-choice"],
  ["A compression threshold of zero", "+ compression_threshold 0", "error 16:23 bad-number"],
  ["traditional_compression is neither on nor off", "+ traditional_compression maybe", "error 16:25 bad-boolean"],
  ["coredumps is neither on nor off", "+ coredumps maybe", "error 16:11 bad-boolean"],
  ["No memory reserve", "+ memreserve 0", "error 16:12 bad-number"],
  ["A retransmission delay of zero", "+ max_rexmit_delay 0", "error 16:18 bad-number"],
  ["env without a name", "+ env =x", "error 16:5 bad-env"],
  ["No attempt at all", "+ stop_attempts 0", "error 16:15 bad-number"],
];

const refusals: readonly Row[] = [
  ["Pacemaker", "+ crm respawn", "error 16:5 crm-refused"],
  ["Pacemaker by its other name", "+ pacemaker on", "error 16:11 crm-refused"],
  ["pacemaker is neither on nor off", "+ pacemaker maybe", "error 16:11 bad-boolean"],
  ["Nodes that join by themselves", "+ autojoin any", "error 16:10 autojoin-refused"],
  ["An unknown autojoin", "+ autojoin foo", "error 16:10 bad-choice"],
  [
    "A serial line that is too slow for keepalive",
    ["+ baud 1200", "+ serial /dev/ttyS0"],
    "warning 17:8 line-too-slow",
  ],
  ["A STONITH device at no node", "+ stonith_host master9 null master1", "warning 16:14 stonith-host-unknown"],
  [
    "A fence agent's parameter without a name",
    "+ stonith_host * fence_lab ip=10.0.0.1 lanplus",
    "error 16:38 bad-stonith",
  ],
  ["A STONITH device without its file", "+ stonith null /etc/ha.d/nothere", "error 16:14 bad-stonith"],
  ["A level without a number", ["+ stonith_host * null master1", "+ fence_levels first"], "error 17:14 bad-level"],
  [
    "A level with a device that there is not, one twice, one never",
    ["+ stonith_host * null master1", "+ stonith_host * null master1", "+ fence_levels 1+3 1 1"],
    ["warning 17:1 device-without-level", "error 18:14 no-such-device", "error 18:20 device-repeated"],
  ],
  [
    "A level that no node can reach",
    ["+ stonith_host master1 null master2", "+ stonith_host master2 null master2", "+ fence_levels 1+2"],
    "error 18:14 level-out-of-reach",
  ],
  [
    "Devices in reach, but no level",
    ["+ stonith_host * null master2", "+ stonith_host master2 null master2", "+ fence_levels 1+2"],
    "error 18:1 no-level-in-reach",
  ],
  ["A priority for a stranger", "+ fence_priority master9", "error 16:16 priority-unknown"],
  ["Two watchdogs", ["+ watchdog /dev/wd", "+ watchdog /dev/wd"], "error 17:1 watchdog-repeated"],
];

const arbitration: readonly Row[] = [
  ["A witness by name", "+ arbiter witness third.example", "error 16:17 bad-arbiter"],
  ["An arbiter of a kind that there is not", "+ arbiter oracle 10.9.9.9", "error 16:9 bad-arbiter"],
  ["A disk without its whole path", "+ arbiter disk sdb1", "error 16:14 bad-arbiter"],
  ["A witness of a cluster without a name", "+ arbiter witness 10.9.9.9", "warning 16:1 witness-without-cluster"],
  ["Two arbiters", ["+ arbiter disk /dev/sdb", "+ arbiter disk /dev/sdc"], "error 17:1 arbiter-repeated"],
  ["A lease that is too short", ["+ arbiter disk /dev/sdb", "+ lease_time 50ms"], "error 17:12 lease-too-short"],
  ["A lease longer than deadtime", ["+ arbiter disk /dev/sdb", "+ lease_time 20"], "warning 17:12 lease-long"],
  ["A lease from nobody", "+ lease_time 2", "warning 16:12 lease-without-arbiter"],
  ["A lease as a condition, and no arbiter", "+ takeover_policy lease", "error 16:17 policy-without-means"],
  ["Fencing as a condition, and no device", "+ takeover_policy fence-first", "error 16:17 policy-without-means"],
  ["A policy that there is not", "+ takeover_policy leas", "error 16:17 bad-policy"],
  ["A delay that is no time", "+ takeover_policy manual after soon", "error 16:30 bad-policy"],
  ["A policy for no group", "+ takeover_policy manual 10.0.0.3/24/ens38", "error 16:24 unknown-group"],
  [
    "A quorum of nobody",
    ["- ping 172.30.105.254", "+ ping_quorum on"],
    ["warning 14:1 ipfail-without-ping", "error 15:13 quorum-without-ping"],
  ],
  ["A drift that is none", "+ clock_drift 20%", "error 16:13 bad-drift"],
];

const nodes: readonly Row[] = [
  ["No node", ["- node master1", "- node master2"], "error 0:0 no-nodes"],
  [
    "This host is no member",
    ["node master1 → node other1"],
    ["error 12:6 not-a-member", "error haresources 1:1 unknown-owner"],
  ],
  [
    "The host name has a domain",
    "node master1 → node master1.example.com",
    ["error 12:6 not-a-member", "error haresources 1:1 unknown-owner"],
  ],
  [
    "The host name has a typing error",
    "node master1 → node msater1",
    ["error 12:6 not-a-member", "error haresources 1:1 unknown-owner"],
  ],
  ["Only one node", ["- node master2"], ["warning 12:6 one-node", "error haresources 2:1 unknown-owner"]],
  ["Three nodes", "+ node master3", "warning 16:6 many-nodes"],
  ["A node twice", "+ node master1", "warning 16:6 repeated-node"],
  [
    "A comment without its sign",
    "node master2 → node master2 (again)",
    ["warning 13:14 odd-node-name", "warning 13:14 many-nodes"],
  ],
  [
    "A name that is too long",
    `+ node ${"n".repeat(100)}`,
    ["error 16:6 node-name-too-long", "warning 16:6 many-nodes"],
  ],
];

const media: readonly Row[] = [
  [
    "No medium",
    [
      "- ucast ens33 172.30.106.102",
      "- ucast ens38 172.30.105.13",
      "- ping 172.30.105.254",
      "- respawn hacluster /usr/lib/heartbeat/ipfail",
    ],
    "error 0:0 no-media",
  ],
  ["Only a ping node", ["- ucast ens33 172.30.106.102", "- ucast ens38 172.30.105.13"], "error 12:6 no-media"],
  [
    "Every ucast line points at this node itself",
    ["ucast ens33 172.30.106.102 → ucast ens33 172.30.106.101", "- ucast ens38 172.30.105.13"],
    "error 9:13 ucast-to-self",
  ],
  ["Only one link", "- ucast ens38 172.30.105.13", "warning 9:1 single-link"],
  [
    "Only one link, and no ping node",
    ["- ucast ens38 172.30.105.13", "- ping 172.30.105.254", "- respawn hacluster /usr/lib/heartbeat/ipfail"],
    "warning 9:1 single-link",
  ],
  ["ucast without anything", "+ ucast", "error 16:1 bad-ucast"],
  ["ucast without an address", "+ ucast ens33", "error 16:1 bad-ucast"],
  ["ucast with an impossible address", "+ ucast ens33 999.1.1.1", "error 16:13 bad-address"],
  ["ucast with a name that nobody knows", "+ ucast ens33 no.such.host", "error 16:13 bad-address"],
  [
    "ucast with a word too many",
    "ucast ens38 172.30.105.13 → ucast ens38 172.30.105.13 junk",
    "warning 10:27 extra-words",
  ],
  ["ucast with an interface that is not there", "+ ucast nope0 172.30.106.102", "error 16:7 no-interface"],
  ["The same medium twice", "+ ucast ens33 172.30.106.102", "warning 16:1 repeated-medium"],
  ["ucast6 with an IPv4 address", "+ ucast6 ens33 172.30.106.102", "error 16:14 bad-address"],
  ["bcast with an interface that is not there", "+ bcast nope0", "error 16:7 no-interface"],
  ["bcast on an interface that cannot", "+ bcast tun0", "error 16:7 no-broadcast"],
  ["bcast without an interface", "+ bcast", "warning 16:1 value-missing"],
  ["The old name of bcast", "+ udp ens33", "warning 16:1 udp-is-bcast"],
  ["mcast without ttl", "+ mcast ens33 225.0.0.1 694", "error 16:1 bad-mcast"],
  ["mcast without anything", "+ mcast", "error 16:1 bad-mcast"],
  ["mcast with an ordinary address", "+ mcast ens33 10.0.0.1 694 1 0", "error 16:13 bad-mcast"],
  ["mcast with a ttl that goes too far", "+ mcast ens33 225.0.0.1 694 9 0", "error 16:27 bad-mcast"],
  [
    "mcast with an impossible loop and port",
    "+ mcast ens33 225.0.0.1 x 1 2",
    ["error 16:23 bad-mcast", "error 16:27 bad-mcast"],
  ],
  ["mcast on an interface without address", "+ mcast tun0 225.0.0.1 694 1 0", "error 16:7 no-interface-address"],
];

const clients: readonly Row[] = [
  ["A ping node that cannot be resolved", "+ ping no.such.host", "error 16:6 unknown-host"],
  ["A ping node that is no address", "+ ping 172.30.105.999", "error 16:6 unknown-host"],
  ["ping without a host", "+ ping", "warning 16:1 value-missing"],
  ["The same ping node twice", "+ ping 172.30.105.254", "error 16:6 repeated-ping"],
  ["A ping node that is a node", "+ ping_group master2 172.30.105.13", "error 16:12 ping-is-node"],
  ["A ping node that is this host", "+ ping 172.30.105.12", "warning 16:6 ping-to-self"],
  ["A ping group without hosts", "+ ping_group g1", "error 16:1 bad-ping-group"],
  ["A ping group with an unknown host", "+ ping_group g1 no.such.host", "warning 16:15 unknown-host"],
  ["ipfail without ping nodes", "- ping 172.30.105.254", "warning 14:1 ipfail-without-ping"],
  ["respawn without anything", "+ respawn", "error 16:1 bad-respawn"],
  ["respawn without a command", "+ respawn root", "error 16:9 respawn-not-full-path"],
  ["respawn with an unknown user", "+ respawn nobodyhere /bin/true", "error 16:9 unknown-user"],
  ["respawn without a full path", "+ respawn root true", "error 16:14 respawn-not-full-path"],
  ["respawn of something that is not there", "+ respawn root /bin/nosuch", "error 16:14 respawn-not-executable"],
  ["respawn of something that is no program", "+ respawn root /etc/passwd", "error 16:14 respawn-not-executable"],
  ["respawn of dopd", "+ respawn hacluster /usr/lib/heartbeat/dopd", "error 16:19 respawn-not-executable"],
  ["ipfail without its user", [], "warning 15:9 unknown-user", { host: { users: (name) => name === "root" } }],
  ["apiauth without a list", "+ apiauth foo", ["error 16:9 bad-apiauth"]],
  ["apiauth with an unknown user", "+ apiauth foo uid=nosuchuser", ["error 16:13 unknown-user"]],
  ["apiauth with an unknown group", "+ apiauth foo uid=root gid=nosuchgroup", ["error 16:22 unknown-user"]],
  ["apiauth twice", ["+ apiauth foo uid=root", "+ apiauth foo uid=root"], ["error 17:9 repeated-apiauth"]],
];

const monitoring = "+ monitor_interval 10s";
const services: readonly Row[] = [
  ["monitor without anything", [monitoring, "+ monitor"], "error 17:1 bad-monitor"],
  ["monitor without a command", [monitoring, "+ monitor nginx"], "error 17:9 bad-monitor"],
  ["monitor without a full path", [monitoring, "+ monitor nginx true"], "error 17:15 bad-monitor"],
  ["monitor by something that is not there", [monitoring, "+ monitor nginx /bin/nosuch"], "error 17:15 bad-monitor"],
  ["monitor by something that is no program", [monitoring, "+ monitor nginx /etc/passwd"], "error 17:15 bad-monitor"],
  ["monitor of an unknown resource", [monitoring, "+ monitor ngnix /bin/true"], "error 17:9 unknown-resource"],
  [
    "monitor of an address",
    [monitoring, "+ monitor IPaddr::172.30.105.201/24/ens38 /bin/true"],
    "error 17:9 monitor-of-address",
  ],
  [
    "monitor twice",
    [monitoring, "+ monitor nginx /bin/true", "+ monitor nginx /bin/true"],
    "error 18:9 monitor-repeated",
  ],
  ["monitor without its interval", "+ monitor nginx /bin/true", "warning 16:1 without-effect"],
  ["A threshold without the interval", "+ migration_threshold 2", "warning 16:21 without-effect"],
  ["A threshold of zero", [monitoring, "+ migration_threshold 0"], "error 17:21 bad-number"],
  ["An interval of a millisecond", "+ monitor_interval 1ms", "warning 16:18 monitor-interval-short"],
  ["A threshold that cannot be reached", [monitoring, "+ failure_timeout 15"], "warning 16:18 threshold-out-of-reach"],
  ["monitor with quotes", [monitoring, "+ monitor nginx /bin/true 'a b'"], "warning 17:25 quotes-mean-nothing"],
  ["A failure timeout without the interval", "+ failure_timeout 60", "warning 16:17 without-effect"],
];

const keys: readonly Row[] = [
  ["There is no authkeys", "absent", "error 0:0 authkeys-absent"],
  ["The file is called authkey", "absent", "error 0:0 authkeys-absent", { host: { directoryEntries: ["authkey"] } }],
  [
    "There is a file authkey, too",
    [],
    "warning 0:0 misnamed-file",
    { host: { directoryEntries: ["authkey", "authkeys"] } },
  ],
  ["Everybody may read it", [], "error 0:0 authkeys-readable", { mode: 0o644 }],
  ["The group may read it", [], "error 0:0 authkeys-readable", { mode: 0o640 }],
  ["Everybody but the group may read it", [], "error 0:0 authkeys-readable", { mode: 0o604 }],
  ["Others may write it", [], "warning 0:0 authkeys-writable", { mode: 0o622 }],
  ["An empty file", "= ", "error 0:0 auth-missing"],
  ["No auth line", "- auth 1", "error 0:0 auth-missing"],
  ["The number behind auth has no key", "auth 1 → auth 3", "error 1:6 key-not-found"],
  ["The auth line comes last", "= 1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju / auth 1", "error 2:1 auth-after-keys"],
  ["auth with a word", "auth 1 → auth one", "error 1:1 auth-invalid"],
  ["Two auth lines", "+ auth 1", "error 3:1 auth-repeated"],
  [
    "A stronger method by its name",
    "1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju → 1 sha256 b2FrIGFuZCBhc2ggYW5kIHRob3Ju",
    "error 2:3 bad-method",
  ],
  [
    "A method in capitals",
    "1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju → 1 SHA1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju",
    "error 2:3 bad-method",
  ],
  [
    "The method was forgotten",
    "1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju → 1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju",
    "error 2:3 bad-method",
  ],
  ["Only a number", "+ 2", "error 3:1 authkeys-line"],
  ["No key", "+ 2 md5", "error 3:3 key-missing"],
  ["crc with a key", "+ 2 crc abc", "error 3:3 crc-with-key"],
  ["crc", "= auth 1 / 1 crc", "warning 2:3 crc-is-no-protection"],
  [
    "A key number beyond 15",
    "= auth 16 / 16 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju",
    ["error 1:6 bad-index", "error 2:1 bad-index"],
  ],
  [
    "A negative key number",
    "= auth -1 / -1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju",
    ["error 1:6 bad-index", "error 2:1 bad-index"],
  ],
  ["The same number twice", "+ 1 sha1 aW4gdGhlIHdvb2RzIGluIHdpbnRlcg", "warning 3:1 index-repeated"],
  [
    "A key of two words",
    "1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju → 1 sha1 b2FrIGFuZCBhc2ggYW5k IHRob3Ju",
    "warning 2:29 key-with-blank",
  ],
  ["A key from the manual", "+ 2 md5 Hello!", "warning 3:7 weak-key"],
  ["A short key", "+ 2 sha1 tooshort", "warning 3:8 weak-key"],
  ["A key of one letter", "+ 2 sha1 aaaaaaaaaaaaaaaaaaaaaaaa", "warning 3:8 weak-key"],
  ["A line that is neither", "+ hello", "error 3:1 authkeys-line"],
];

const groups: readonly Row[] = [
  ["There is no haresources", "absent", "error 0:0 haresources-absent"],
  [
    "The file is called haresource",
    "absent",
    "error 0:0 haresources-absent",
    { host: { directoryEntries: ["haresource"] } },
  ],
  [
    "There is a file haresource, too",
    [],
    "warning 0:0 misnamed-file",
    { host: { directoryEntries: ["haresource", "haresources"] } },
  ],
  ["A group of an unknown node", "+ master9 svc", "error 3:1 unknown-owner"],
  ["A group of a ping node", "+ 172.30.105.254 svc", "error 3:1 owner-is-ping"],
  ["An owner without resources", "+ master1", "warning 3:1 no-resources"],
  ["Two groups with the same first resource", ["+ master1 svc::a httpd", "+ master2 svc::a"], "error 4:9 repeated-key"],
  ["The same address in two groups", "+ master2 IPaddr2::172.30.105.201/24/ens38", "error 3:9 repeated-address"],
  ["The same address twice in one group", "+ master2 172.30.105.203 172.30.105.203", "error 3:24 repeated-address"],
  [
    "The same service in two groups",
    "master2 IPaddr::172.30.105.202/24/ens38 → master2 IPaddr::172.30.105.202/24/ens38 nginx",
    "warning 2:41 shared-resource",
  ],
  ["A script that is not there", "+ master1 NoSuchScript::x", "error 3:9 script-absent"],
  ["A small letter", "+ master1 ipaddr::172.30.105.203/24/ens38", "error 3:9 script-absent"],
  ["A script that is not executable", "+ master1 stale", "error 3:9 script-not-executable"],
  ["A path instead of a name", "+ master1 /etc/init.d/nginx", "error 3:9 bad-script-name"],
  ["No script before its arguments", "+ master1 ::start", "error 3:9 bad-script-name"],
  ["An OCF agent with double colons", "+ master1 OCF::heartbeat::nginx", "error 3:9 bad-ocf"],
  ["Half the name of an OCF agent", "+ master1 ocf:nginx", "error 3:9 bad-ocf"],
  ["An OCF parameter without its name", "+ master1 ocf:heartbeat:nginx::/etc/nginx.conf", "error 3:9 bad-ocf"],
  ["An OCF agent that is not there", "+ master1 ocf:heartbeat:nosuch", "error 3:9 script-absent"],
  ["An impossible address", "+ master1 999.1.2.3", "error 3:9 bad-address"],
  ["No address", "+ master1 IPaddr", "error 3:9 bad-address"],
  ["An impossible netmask", "+ master1 IPaddr::172.30.105.203/33/ens38", "error 3:9 bad-mask"],
  ["A netmask of nothing", "+ master1 IPaddr::172.30.105.203/0.0.0.0/ens38", "error 3:9 bad-mask"],
  ["A prefix of nothing", "+ master1 IPaddr::172.30.105.203/0/ens38", "error 3:9 bad-mask"],
  ["A netmask with a hole", "+ master1 IPaddr::172.30.105.203/255.0.255.0/ens38", "error 3:9 bad-mask"],
  ["The address of the network", "+ master1 IPaddr::172.30.105.0/24/ens38", "warning 3:9 doubtful-address"],
  ["The broadcast address", "+ master1 IPaddr::172.30.105.255/24/ens38", "error 3:9 impossible-address"],
  ["The broadcast address, without prefix", "+ master1 172.30.105.255", "error 3:9 impossible-address"],
  [
    "The broadcast address of a network that this host is not in",
    "+ master1 IPaddr::10.253.252.251/30/ens38",
    "warning 3:9 doubtful-address",
  ],
  ["A loopback address", "+ master1 IPaddr::127.0.0.5/8", "error 3:9 impossible-address"],
  ["A multicast address", "+ master1 IPaddr2::225.0.0.1/24/ens38", "error 3:9 impossible-address"],
  ["An interface that is not there", "+ master1 IPaddr::172.30.105.203/24/eth0", "error 3:9 no-interface"],
  [
    "A name that no interface can have",
    "+ master1 IPaddr::172.30.105.203/24/ens38:averylonglabel",
    "error 3:9 bad-interface",
  ],
  ["No broadcast address", "+ master1 IPaddr::172.30.105.203/24/ens38/all", "error 3:9 bad-address"],
  ["An address part too many", "+ master1 IPaddr::172.30.105.203/24/ens38/172.30.105.255/x", "error 3:9 bad-address"],
  ["Arguments of an address", "+ master1 IPaddr::172.30.105.203::24", "error 3:9 bad-address"],
  ["No interface leads to the address", "+ master1 10.1.2.3", "warning 3:9 no-network"],
  ["The address of a ping node", "+ master1 172.30.105.254/24/ens38", "error 3:9 address-taken"],
  ["The heartbeat address of the other node", "+ master1 172.30.105.13/24/ens38", "error 3:9 address-taken"],
  ["An impossible IPv6 address", "+ master1 IPv6addr::2001:db8::1::2/64/ens38", "error 3:9 bad-address"],
  ["An impossible IPv6 prefix", "+ master1 IPv6addr::2001:db8::1/129/ens38", "error 3:9 bad-mask"],
  ["An IPv6 multicast address", "+ master1 IPv6addr::ff02::1/64/ens38", "error 3:9 impossible-address"],
  ["A link-local address without interface", "+ master1 IPv6addr::fe80::5/64", "error 3:9 bad-interface"],
  [
    "A no-break space from a web page",
    "+ master1 IPaddr::172.30.105.203/24/ens38\u00a0nginx",
    "error 3:9 odd-character",
  ],
];

/** By chapter of docs/configuration-problems.md. */
export const chapters: readonly { readonly title: string; readonly table: readonly Broken[] }[] = [
  { title: "ha.cf: lines and directives", table: rows("ha.cf", directives) },
  { title: "ha.cf: times", table: rows("ha.cf", times) },
  { title: "ha.cf: other values", table: rows("ha.cf", values) },
  { title: "ha.cf: what is not carried", table: rows("ha.cf", refusals) },
  { title: "ha.cf: arbitration", table: rows("ha.cf", arbitration) },
  { title: "ha.cf: nodes", table: rows("ha.cf", nodes) },
  { title: "ha.cf: media", table: rows("ha.cf", media) },
  { title: "ha.cf: ping nodes and clients", table: rows("ha.cf", clients) },
  { title: "ha.cf: services", table: rows("ha.cf", services) },
  { title: "authkeys", table: rows("authkeys", keys) },
  { title: "haresources", table: rows("haresources", groups) },
];

const good = { "ha.cf": goodHaCf, authkeys: goodAuthkeys, haresources: goodHaresources };
const names = { "ha.cf": "haCf", authkeys: "authkeys", haresources: "haresources" } as const;

/** @returns the good configuration with the mistake in it, and the host that it is checked on. */
export function breaking(broken: Broken): { texts: Texts; host: HostFacts } {
  const text = broken.edits[0] === "absent" ? undefined : broken.edits.reduce(edited, good[broken.file]);
  return { texts: { [names[broken.file]]: text, mode: broken.mode }, host: { ...master1, ...broken.host } };
}

function edited(text: string, edit: string): string {
  if (edit.startsWith("= ")) return edit.slice(2).split(" / ").join("\n");
  if (edit.startsWith("+ ")) return `${text}${edit.slice(2)}\n`;
  const [old = "", replacement] = edit.startsWith("- ") ? [edit.slice(2)] : edit.split(" → ");
  if (!text.includes(`${old}\n`)) throw new Error(`the good configuration has no line: ${old}`);
  return text.replace(`${old}\n`, replacement === undefined ? "" : `${replacement}\n`);
}
