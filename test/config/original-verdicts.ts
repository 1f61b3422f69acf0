/**
 * What heartbeat 3.0.6 said to one change of a good configuration each: its exit code, measured on the original. `ours` stands only
 * where this program deliberately says otherwise, with the reason.
 */
export interface Verdict {
  readonly file: "ha.cf" | "authkeys" | "haresources";
  /** `- line` removed, `+ line` added at the end, `old → new` replaced, `= a / b` the whole file, `absent`, `mode 640`, `CR LF`. */
  readonly edits: readonly string[];
  /** Further edits of haresources or ha.cf that belong to the row. */
  readonly also?: { readonly file: "ha.cf" | "haresources"; readonly edits: readonly string[] };
  /** 0: the daemon was started; 6: configuration error; 139: the parser died (SIGSEGV). */
  readonly exit: 0 | 6 | 139;
  readonly ours?: { readonly verdict: "accepted" | "refused"; readonly because: string };
}

/** The good configuration of the measurement. */
export const base = {
  "ha.cf": [
    "logfile /var/log/ha-log",
    "debugfile /var/log/ha-debug",
    "keepalive 1",
    "deadtime 5",
    "warntime 3",
    "initdead 10",
    "udpport 694",
    "ucast ens33 172.30.106.102",
    "auto_failback on",
    "node master1",
    "node master2",
  ],
  authkeys: ["auth 1", "1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju"],
  haresources: ["master1 IPaddr::172.30.105.201/24/ens38", "master2 IPaddr::172.30.105.202/24/ens38"],
} as const;

const lost = "the original would have read the number and dropped the rest of the word";
const unit = "s as a unit is ours, so that 5s means what it says";

type Row = readonly [edits: string | readonly string[], exit: Verdict["exit"], because?: string];
const rows = (file: Verdict["file"], table: readonly Row[]): readonly Verdict[] =>
  table.map(([edits, exit, because]) => ({
    file,
    edits: typeof edits === "string" ? [edits] : edits,
    exit,
    ...(because === undefined
      ? {}
      : { ours: { verdict: exit === 0 ? ("refused" as const) : ("accepted" as const), because } }),
  }));

const ucast = "ucast ens33 172.30.106.102";
const noLogFiles = ["- logfile /var/log/ha-log", "- debugfile /var/log/ha-debug"];

const lines = rows("ha.cf", [
  ["absent", 6],
  ["= ", 6],
  ["+ foobar 12", 6],
  ["keepalive 1 → Keepalive 1", 6],
  ["+ badpack_warn off", 6],
  [["- keepalive 1", "+ # comment", "+    keepalive 1 # trailing"], 0],
  ["CR LF", 0],
  [`+ node ${"x".repeat(6000)}`, 6],
  [["keepalive 1 → keepalive 0", "deadtime 5 → deadtime x", "+ nonsense"], 6],
]);

const nodes = rows("ha.cf", [
  [["- node master1", "- node master2"], 6],
  ["node master1 → node other1", 6],
  ["node master1 → node MASTER1", 0],
  ["+ node master2 (again)", 0],
  ["+ node master3", 0],
  [["- node master1", "node master2 → node master1,master2"], 0],
]);

const media = rows("ha.cf", [
  [`- ${ucast}`, 6],
  [`${ucast} → ping 172.30.105.254`, 0, "no medium leads to another node: the daemon would never talk to anybody"],
  [`${ucast} → ucast ens33`, 6],
  [`${ucast} → ucast`, 139],
  [`${ucast} → ucast ens33 999.1.1.1`, 6],
  [`${ucast} → ucast nope0 172.30.106.102`, 0, "the original returned 0, and its daemon died a moment later"],
  [
    `${ucast} → ucast ens33 172.30.106.101`,
    0,
    "the line points at this node itself; the pair would have been split from the start",
  ],
  [`${ucast} → ${ucast} junk`, 0],
  [`${ucast} → bcast ens33`, 0],
  [`${ucast} → bcast nope0`, 6],
  [`${ucast} → bcast`, 6],
  [`${ucast} → udp ens33`, 0],
  [`${ucast} → mcast ens33 225.0.0.1 694 1 0`, 0],
  [`${ucast} → mcast ens33 225.0.0.1 694`, 6],
  [`${ucast} → mcast ens33 10.0.0.1 694 1 0`, 6],
  [`${ucast} → mcast ens33 225.0.0.1 694 9 0`, 6],
  [`${ucast} → mcast ens33 225.0.0.1 694 1 2`, 6],
  [`${ucast} → mcast ens33 225.0.0.1 x 1 0`, 6],
  [`${ucast} → mcast nope0 225.0.0.1 694 1 0`, 6],
  ["+ serial /dev/ttyNOPE", 6],
  ["udpport 694 → udpport 0", 6],
  ["udpport 694 → udpport abc", 6],
  ["udpport 694 → udpport 70000", 0, "there is no such port; the original used 4464 (70000 modulo 65536) silently"],
  ["udpport 694 → udpport 53", 0],
  ["udpport 694 → udpport 700", 0],
  ["+ baud 1234", 6],
  ["+ ping no.such.host", 6],
  ["+ ping", 0],
  ["+ ping 172.30.105.254 172.30.105.253", 0],
  ["+ ping_group g1 172.30.105.254 172.30.105.253", 0],
  ["+ ping_group g1", 6],
  ["+ ping_group g1 no.such.host", 0],
]);

const times = rows("ha.cf", [
  ["keepalive 1 → keepalive 0", 6],
  ["keepalive 1 → keepalive -1", 6],
  ["keepalive 1 → keepalive fast", 6],
  ["keepalive 1 → keepalive 1min", 6],
  ["keepalive 1 → keepalive 500ms", 0],
  ["keepalive 1 → keepalive 0.25", 0],
  ["keepalive 1 → keepalive", 0],
  ["keepalive 1 → keepalive 1 2", 0],
  ["deadtime 5 → deadtime 2", 6],
  ["deadtime 5 → deadtime 2001ms", 0],
  ["deadtime 5 → deadtime soon", 6],
  ["warntime 3 → warntime 0", 6],
  ["warntime 3 → warntime x", 6],
  ["warntime 3 → warntime 30", 0],
  ["- warntime 3", 0],
  ["initdead 10 → initdead 3", 6],
  ["initdead 10 → initdead 6", 0],
  ["- initdead 10", 0],
  ["+ deadping 2", 6],
]);

const failback = rows("ha.cf", [
  ["- auto_failback on", 0],
  ["auto_failback on → auto_failback maybe", 6],
  ["auto_failback on → auto_failback legacy", 0],
  ["auto_failback on → auto_failback YES", 0],
  ["auto_failback on → nice_failback on", 0],
]);

const logs = rows("ha.cf", [
  ["+ logfacility local9", 6],
  ["+ logfacility none", 0],
  [noLogFiles, 0],
  [[...noLogFiles, "+ use_logd off"], 6],
  ["logfile /var/log/ha-log → logfile /nonexist/dir/ha-log", 0],
  ["+ use_logd maybe", 6],
  ["+ debug 300", 6],
  ["+ debug -1", 6],
  ["+ syslogmsgfmt false", 0],
]);

const clients = rows("ha.cf", [
  ["+ respawn nobodyhere /bin/true", 6],
  ["+ respawn root true", 6],
  ["+ respawn root /bin/nosuch", 6],
  ["+ respawn root", 6],
  ["+ respawn root /etc/passwd", 6],
  ["+ apiauth foo", 6],
  ["+ apiauth foo uid=nosuchuser", 6],
  [["+ apiauth foo uid=root", "+ apiauth foo uid=root"], 6],
  ["+ apiauth foo bar=root", 6],
  ["+ stonith nosuch /etc/x", 6],
  ["+ stonith_host * nosuch foo", 6],
  ["+ stonith_host * null master1 master2", 0],
]);

const others = rows("ha.cf", [
  ["+ hopfudge 256", 6],
  ["+ hopfudge 4", 0],
  ["+ rtprio 1000", 6],
  ["+ realtime maybe", 6],
  ["+ hbgenmethod foo", 6],
  ["+ msgfmt xml", 6],
  ["+ msgfmt netstring", 0],
  ["+ autojoin any", 6],
  ["+ autojoin foo", 6],
  ["+ uuidfrom foo", 6],
  ["+ uuidfrom nodename", 0],
  ["+ compression zlib", 0],
  ["+ compression nosuch", 6],
  ["+ compression_threshold 0", 6],
  ["+ traditional_compression maybe", 6],
  ["+ watchdog /dev/nosuchdog", 0],
  [["+ watchdog /dev/wd", "+ watchdog /dev/wd"], 6],
  ["+ coredumps maybe", 6],
  ["+ crm respawn", 6],
  ["+ crm off", 0],
  ["+ pacemaker maybe", 6],
  ["+ env =x", 6],
  ["+ env FOO=bar", 0],
  ["+ max_rexmit_delay 0", 6],
  ["+ memreserve 0", 6],
]);

const authkeys = rows("authkeys", [
  ["absent", 6],
  ["mode 644", 6],
  ["mode 640", 6],
  ["mode 400", 0],
  ["= ", 6],
  ["= 1 crc", 6],
  ["= auth 3 / 1 crc", 6],
  ["= 1 crc / auth 1", 6],
  ["= auth one / 1 crc", 6],
  ["= auth 1 / 1 sha256 key", 6],
  ["= auth 1 / 1 SHA1 key", 6],
  ["= auth 1 / 1 sha1", 6],
  ["= auth 1 / 1 md5", 6],
  ["= auth 1 / 1 crc key", 6],
  ["= auth 16 / 16 crc", 6],
  ["= auth 15 / 15 crc", 0],
  ["= auth 0 / 0 crc", 0],
  ["= auth -1 / -1 crc", 6],
  ["= auth 1 / 1 crc / 1 md5 abc", 0],
  ["= auth 1 / 1 sha1 two words", 0],
  ["= auth 1 / 1 crc / hello", 6],
  ["= # c / auth 1 / # d / 1 crc", 0],
]);

const silently = "the original found out at the takeover, when nobody served";
const haresources = rows("haresources", [
  ["absent", 6],
  ["= ", 0],
  ["= master9 IPaddr::1.2.3.4", 6],
  ["= MASTER1 IPaddr::172.30.105.201/24/ens38", 0],
  ["= master1", 0],
  ["= master1 NoSuchScript::x", 0, `there is no such script; ${silently}`],
  ["= master1 999.1.2.3", 0, `this is no address; ${silently}`],
  ["= master1 \\ /   172.30.105.201/24/ens38", 0],
  ["CR LF", 0],
  ["= \t# comment / \tmaster1 172.30.105.201/24/ens38 # c", 0],
]);

const acrossFiles: readonly Verdict[] = [
  {
    file: "ha.cf",
    edits: ["- node master2"],
    also: { file: "haresources", edits: ["= master1 IPaddr::172.30.105.201"] },
    exit: 0,
  },
  {
    file: "ha.cf",
    edits: ["+ ping 172.30.105.254"],
    also: { file: "haresources", edits: ["= 172.30.105.254 IPaddr::1.2.3.4"] },
    exit: 0,
    ours: { verdict: "refused", because: "a ping node cannot hold resources; the group would never run anywhere" },
  },
];

/** Measured later than the table, in the same way. */
const further = rows("ha.cf", [
  ["keepalive 1 → keepalive 1s", 6, unit],
  ["+ conn_logd_time 5s", 6, unit],
  ["deadtime 5 → deadtime 5sec", 6],
  ["deadtime 5 → deadtime .5m", 6],
  ["+ conn_logd_time 5", 0],
  ["+ conn_logd_time 0", 6],
  ["+ deadping 6", 0],
  ["udpport 694 → udpport 65536", 0, "there is no such port"],
  ["udpport 694 → udpport 694x", 0, lost],
  ["+ debug 1x", 0, lost],
  ["+ hopfudge 4x", 0, lost],
  ["+ rtprio 1x", 0, lost],
  ["+ memreserve 5k", 0, lost],
  ["+ compression_threshold 5k", 0, lost],
  ["+ rtprio 0", 6],
  ["+ rtprio 99", 0],
  ["+ realtime", 0],
  ["+ memreserve 100", 0],
  ["+ max_rexmit_delay 99999999", 0, "more than a day before a lost message is asked for again is nobody's wish"],
  ["+ baud 110", 6],
  ["+ baud 1152000", 6],
  ["+ coreroot relative", 6],
  ["+ coreroot /nonexist", 0],
  ["logfile /var/log/ha-log → logfile relative", 0, "it would lie wherever the daemon happens to stand"],
  ["+ use_logd yes", 0],
  ["+ debug 0", 0],
  ["+ log_badpack maybe", 6],
  ["auto_failback on → auto_failback LEGACY", 0],
  ["+ msgfmt NETSTRING", 6],
  ["+ logfacility LOCAL1", 6],
  ["+ logfacility local1", 0],
  ["+ hbgenmethod TIME", 6],
  ["+ hbgenmethod time", 0],
  ["+ autojoin NONE", 0],
  ["+ uuidfrom NodeName", 6],
  ["+ compression bz2", 0],
  ["+ compression ZLIB", 6],
  ["+ traditional_compression YES", 0],
  ["+ cluster a b", 0],
  ["+ cluster", 0],
  ["+ watchdog", 0],
  ["+ watchdog rel", 0, "a device has a full path"],
  ["+ use_apphbd maybe", 6],
  ["+ use_apphbd on", 0],
  ["+ quorum_server x", 0],
  ["+ quorum_server", 0],
  ["+ crmd_spawns_pengine off", 0],
  ["+ crmd_spawns_pengine maybe", 6],
  ["+ record_config_changes off", 0],
  ["+ enable_config_writes maybe", 6],
  ["+ env FOO", 0, "a name without a value sets nothing"],
  ["+ env A=b C=d", 0],
  ["+ env A=", 0],
  ["+ ping6 ::1", 0],
  ["+ ping6 10.0.0.1", 6],
  ["+ ping master2", 6],
  ["+ ping 172.30.105.254 172.30.105.254", 0, "two ping nodes of one name cannot be told apart"],
  [`${ucast} → ucast6 ens33 fe80::2`, 0],
  ["+ ucast6 ens33 10.0.0.1", 6],
  ["+ ucast6 ens33", 6],
  [`${ucast} → mcast6 ens33 ff02::1:1 694 1 0`, 0],
  ["+ mcast6 ens33 10.0.0.1 694 1 0", 6],
  ["+ mcast6 ens33 ff02::1 694 300 0", 6],
  ["+ serial /etc/passwd", 6],
  ["+ serial", 0],
  ["+ apiauth foo uid=0 gid=0", 0],
  ["+ apiauth ipfail uid=root", 0],
  ["+ apiauth", 6],
  ["+ respawn", 6],
  ["+ failfast root /bin/true", 0],
  ["+ failfast root", 6],
  ["+ stonith", 6],
  ["+ stonith null", 6],
  ["+ stonith_host *", 6],
  ["+ stonith_host master9 null x", 0],
  ["+ stonith_host master2 null x", 0],
  ["+ node", 0],
]);

/** Every row of the measurement. */
export const verdicts: readonly Verdict[] = [
  ...[...lines, ...nodes, ...media, ...times, ...failback, ...logs, ...clients, ...others],
  ...[...authkeys, ...haresources, ...acrossFiles, ...further],
];

/** The three files of a row. */
export interface RowFiles {
  readonly "ha.cf": string | undefined;
  readonly authkeys: string | undefined;
  readonly haresources: string | undefined;
  /** Mode of authkeys. */
  readonly mode: number;
}

/** @returns what stood in the three files. */
export function filesOf(row: Verdict): RowFiles {
  const files = { ...texts(), mode: 0o600 };
  for (const { file, edits } of [row, ...(row.also === undefined ? [] : [row.also])])
    for (const edit of edits) {
      if (edit.startsWith("mode ")) files.mode = Number.parseInt(edit.slice(5), 8);
      else files[file] = edit === "absent" ? undefined : edited(files[file] ?? "", edit);
    }
  return files;
}

const texts = (): { -readonly [Name in Verdict["file"]]: string | undefined } => ({
  "ha.cf": `${base["ha.cf"].join("\n")}\n`,
  authkeys: `${base.authkeys.join("\n")}\n`,
  haresources: `${base.haresources.join("\n")}\n`,
});

function edited(text: string, edit: string): string {
  if (edit === "CR LF") return text.replaceAll("\n", "\r\n");
  if (edit.startsWith("= ")) return edit === "= " ? "" : `${edit.slice(2).split(" / ").join("\n")}\n`;
  if (edit.startsWith("+ ")) return `${text}${edit.slice(2)}\n`;
  const [old = "", replacement] = edit.startsWith("- ") ? [edit.slice(2)] : edit.split(" → ");
  if (!text.includes(`${old}\n`)) throw new Error(`the good configuration has no line: ${old}`);
  return text.replace(`${old}\n`, replacement === undefined ? "" : `${replacement}\n`);
}
