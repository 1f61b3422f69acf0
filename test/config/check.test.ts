import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { checkConfig, namesToResolve } from "../../src/config/check.js";
import { type Config, isNetwork } from "../../src/config/config.js";
import type { HostFacts } from "../../src/config/host-facts.js";
import { check, goodHaCf, goodHaresources, master1, type Texts } from "./cluster.js";

/** The configuration of texts that are right, whatever warnings they get. */
function accepted(texts: Texts, host?: HostFacts): Config {
  const { config, problems } = check(texts, host);
  assert.ok(config, JSON.stringify(problems.filter((problem) => problem.severity === "error")));
  return config;
}
const plus = (...lines: string[]): Texts => ({ haCf: `${goodHaCf}${lines.join("\n")}\n` });
const codes = (texts: Texts, host?: HostFacts): string[] => check(texts, host).problems.map((problem) => problem.code);

describe("the notes that people configure heartbeat from", () => {
  const seed = (name: string): string =>
    readFileSync(new URL(`../../../test/config/seed/${name}`, import.meta.url), "utf8");
  const host = (unameNode: string, ens33: string): HostFacts => ({
    ...master1,
    unameNode,
    interfaces: [
      { name: "ens33", addresses: [{ address: ens33, prefix: 24 }], broadcast: true },
      { name: "ens38", addresses: [{ address: "172.30.105.12", prefix: 24 }], broadcast: true },
    ],
    scripts: () => "init.d",
  });
  const files: Texts = { haCf: seed("ha.cf"), authkeys: seed("authkeys"), haresources: seed("haresources") };

  test("are accepted word for word, with two warnings that are deserved", () => {
    const { config, problems } = check(files, host("master1", "172.30.105.101"));
    assert.deepEqual(
      problems.map((problem) => `${problem.severity} ${problem.code}`),
      ["warning single-link", "warning weak-key"],
    );
    assert.deepEqual(config?.settings.timing.keepalive, 2000);
    assert.deepEqual(config?.settings.timing.initdead, 60_000);
    assert.deepEqual(config?.respawn, [
      {
        user: "hacluster",
        command: "/usr/local/heartbeat/libexec/heartbeat/ipfail",
        args: [],
        onDeath: "restart",
        builtIn: "ipfail",
      },
    ]);
    assert.deepEqual(config?.media, [{ kind: "ucast", device: "ens33", address: "172.30.105.102", port: 694 }]);
    assert.equal(config?.keys.sendIndex, 2);
    assert.equal(config?.settings.ttl, 4);
  });

  test("are refused on the node that copied the line pointing at itself", () => {
    const { problems } = check(files, host("master2", "172.30.105.102"));
    const [error] = problems.filter((problem) => problem.severity === "error");
    assert.equal(error?.code, "ucast-to-self");
    assert.match(error?.text ?? "", /every ucast line points at this node itself/);
    assert.equal(error?.line, 11);
  });

  test("may have the lines of both nodes in both files", () => {
    const both = { ...files, haCf: `${files.haCf}ucast ens33 172.30.105.101\n` };
    const lines = (name: string, own: string) =>
      accepted(both, host(name, own)).media.map((one) => "address" in one && one.address);
    assert.deepEqual(lines("master1", "172.30.105.101"), ["172.30.105.102"]);
    assert.deepEqual(lines("master2", "172.30.105.102"), ["172.30.105.101"]);
  });

  test("show the chain with drbd and a file system", () => {
    const { groups } = accepted({ ...files, haresources: seed("haresources.full") }, host("master1", "172.30.105.101"));
    assert.deepEqual(
      groups[0]?.resources.map((one) => (one.kind === "script" ? [one.script, ...one.args] : one.address.device)),
      ["ens38", ["drbddisk", "data"], ["Filesystem", "/dev/drbd0", "/data", "ext3"], ["nginx"]],
    );
  });
});

describe("ha.cf is read as heartbeat 3.0.6 reads it", () => {
  test("with blanks, tabs, commas, carriage returns, and comments anywhere", () => {
    const odd = `\t logfile,/var/log/ha-log # log\r\n# all\r\n\r\n \f udpport 695\r\nucast\tens33,172.30.106.102\r\nnode master1,master2#both\r\nauto_failback YES\r`;
    const { settings, logging, media } = accepted({ haCf: odd });
    assert.deepEqual(settings.nodes, ["master1", "master2"]);
    assert.equal(logging.logfile, "/var/log/ha-log");
    assert.equal(settings.autoFailback, "on");
    assert.deepEqual(
      media.filter(isNetwork).map((one) => one.port),
      [695],
    );
  });

  test("with times in seconds, milliseconds and microseconds, fractions included", () => {
    const keepalive = (text: string): number =>
      accepted({ haCf: goodHaCf.replace("keepalive 1\n", `keepalive ${text}\n`) }).settings.timing.keepalive;
    const given = ["1", "1s", "2.", "0.25", ".5", "500ms", "10ms", "0.5ms", "1500us", "20000usec", "1.9999"];
    assert.deepEqual(given.map(keepalive), [1000, 1000, 2000, 250, 500, 500, 10, 1, 2, 20, 2000]);
  });

  test("with a keepalive of 10 ms and the times that belong to it", () => {
    const fast = goodHaCf.replace(
      /keepalive .*\ndeadtime .*\nwarntime .*\n/,
      "keepalive 10ms\ndeadtime 100ms\nwarntime 50ms\n",
    );
    assert.deepEqual(codes({ haCf: fast }), []);
  });

  test("with auto_failback in all its words", () => {
    const failback = (word: string) =>
      accepted({ haCf: goodHaCf.replace("auto_failback on", `auto_failback ${word}`) }).settings.autoFailback;
    assert.deepEqual(["on", "TRUE", "y", "1", "off", "No", "0", "legacy", "Legacy"].map(failback), [
      "on",
      "on",
      "on",
      "on",
      "off",
      "off",
      "off",
      "legacy",
      "legacy",
    ]);
  });

  test("with the last value of a directive", () => {
    assert.equal(accepted(plus("hopfudge 3 5", "hopfudge 7 9")).settings.ttl, 9 + 2 + 1);
  });

  test("with the node names lower-cased and compared without regard to case", () => {
    const { settings } = accepted({
      haCf: goodHaCf.replace("node master1", "node MASTER1"),
      haresources: goodHaresources
        .toUpperCase()
        .replace(/IPADDR/g, "IPaddr")
        .replace(/ENS/g, "ens")
        .replace("NGINX", "nginx"),
    });
    assert.deepEqual(
      [settings.self, ...settings.nodes, settings.groups[0]?.owner],
      ["master1", "master1", "master2", "master1"],
    );
  });

  test("with udpport applying to the media lines after it", () => {
    const text = goodHaCf.replace("ucast ens38", "udpport 1694\nucast ens38");
    assert.deepEqual(
      accepted({ haCf: text })
        .media.filter(isNetwork)
        .map((one) => one.port),
      [694, 1694],
    );
    assert.deepEqual(codes({ haCf: text }), ["order"]);
  });

  test("with the port of ha-cluster from the services database, else 694", () => {
    const text = goodHaCf.replace("udpport 694\n", "");
    assert.deepEqual(
      [undefined, 1234].map(
        (clusterPort) => accepted({ haCf: text }, { ...master1, clusterPort }).media.filter(isNetwork)[0]?.port,
      ),
      [694, 1234],
    );
  });

  test("with every kind of medium", () => {
    const lines = [
      "bcast ens33 ens38",
      "mcast ens33 225.0.0.1 694 1 0",
      "mcast6 ens33 ff02::1:1 694 1 1",
      "ucast6 ens33 fe80::2%ens33",
    ];
    assert.deepEqual(accepted(plus(...lines)).media.slice(2), [
      { kind: "bcast", device: "ens33", port: 694 },
      { kind: "bcast", device: "ens38", port: 694 },
      { kind: "mcast", device: "ens33", group: "225.0.0.1", port: 694, ttl: 1, loop: false },
      { kind: "mcast6", device: "ens33", group: "ff02::1:1", port: 694, ttl: 1, loop: true },
      { kind: "ucast6", device: "ens33", address: "fe80::2%ens33", port: 694 },
    ]);
  });

  test("with ping nodes by name, and groups that lose the hosts nobody knows", () => {
    const text = goodHaCf.replace(
      "ping 172.30.105.254",
      "ping gateway\nping_group routers 172.30.105.253 no.such.host",
    );
    const { pings, settings } = accepted({ haCf: text });
    assert.deepEqual(pings, [
      { name: "gateway", kind: "ping", hosts: ["172.30.105.254"] },
      { name: "routers", kind: "ping_group", hosts: ["172.30.105.253"] },
    ]);
    assert.deepEqual(settings.pingNodes, ["gateway", "routers"]);
  });

  test("with ipfail at every path that it ever had", () => {
    for (const path of [
      "/usr/lib/heartbeat",
      "/usr/lib64/heartbeat",
      "/usr/libexec/heartbeat",
      "/usr/local/heartbeat/libexec/heartbeat",
    ]) {
      const { respawn } = accepted({ haCf: goodHaCf.replace("/usr/lib/heartbeat", path) });
      assert.equal(respawn[0]?.builtIn, "ipfail");
    }
    assert.equal(accepted(plus("respawn root /bin/true -a -b")).respawn[1]?.builtIn, undefined);
  });

  test("with serial lines among the media, at the speed that stands above them", () => {
    const host: HostFacts = { ...master1, ttys: (path) => (path.startsWith("/dev/ttyS") ? "tty" : "absent") };
    const { media } = accepted(plus("serial /dev/ttyS0", "baud 115200", "serial /dev/ttyS1"), host);
    assert.deepEqual(media.slice(2), [
      { kind: "serial", device: "/dev/ttyS0", baud: 19_200 },
      { kind: "serial", device: "/dev/ttyS1", baud: 115_200 },
    ]);
    assert.deepEqual(
      check(plus("serial /dev/ttyNOPE"), host).problems.filter((one) => one.severity === "error").length,
      1,
    );
  });

  test("with ping nodes of either family, each in its own directive, together in a group", () => {
    const { pings } = accepted(plus("ping6 2001:db8::1", "ping_group both 172.30.105.1 2001:db8::2"));
    assert.deepEqual(
      pings.slice(1).map((ping) => ping.hosts),
      [["2001:db8::1"], ["172.30.105.1", "2001:db8::2"]],
    );
    assert.deepEqual(codes(plus("ping 2001:db8::1", "ping6 172.30.105.9")), ["unknown-host", "unknown-host"]);
  });

  test("with failfast clients, whose death is to reboot the machine", () => {
    assert.deepEqual(accepted(plus("failfast root /bin/true -x")).respawn[1], {
      user: "root",
      command: "/bin/true",
      args: ["-x"],
      onDeath: "reboot",
      builtIn: undefined,
    });
  });

  test("with apiauth over the defaults, lists divided by commas, numbers as text", () => {
    const { clientAuth } = accepted(plus("apiauth ipfail uid=root,hacluster gid=haclient,0", "apiauth mine uid=1000"));
    assert.deepEqual(Object.fromEntries(clientAuth), {
      ipfail: { users: ["root", "hacluster"], groups: ["haclient", "0"] },
      ccm: { users: ["hacluster"], groups: [] },
      ping: { users: [], groups: ["haclient"] },
      "lha-snmpagent": { users: ["root"], groups: [] },
      anon: { users: ["root"], groups: ["haclient"] },
      mine: { users: ["1000"], groups: [] },
    });
  });

  test("with the STONITH devices that this node can reach", () => {
    const lines = [
      "stonith null /etc/passwd",
      "stonith_host * external/ssh master1 master2",
      "stonith_host MASTER1 null master2",
      "stonith_host master2 null master1",
    ];
    assert.deepEqual(accepted(plus(...lines)).stonith, [
      { kind: "file", type: "null", file: "/etc/passwd" },
      { kind: "host", host: "*", type: "external/ssh", params: ["master1", "master2"] },
      { kind: "host", host: "master1", type: "null", params: ["master2"] },
    ]);
    const agent = "stonith_host * fence_lab ip=10.0.0.1, pcmk_host_list=master1,master2 pcmk_host_map=a:1,b:2;c:3";
    assert.deepEqual(accepted(plus(agent)).stonith, [
      {
        ...{ kind: "host", host: "*", type: "fence_lab" },
        params: ["ip=10.0.0.1", "pcmk_host_list=master1,master2", "pcmk_host_map=a:1,b:2;c:3"],
      },
    ]);
    assert.ok(codes(plus("stonith_host master9 null master1")).includes("stonith-host-unknown"));
    const noPlugins: HostFacts = { ...master1, stonithTypes: () => false };
    assert.ok(codes(plus("stonith nosuch /etc/x"), noPlugins).includes("unknown-stonith-type"));
  });

  test("with what the process itself is told", () => {
    const { watchdog, coredumps, generationMethod, uuidFrom, compression, memoryReserve, environment, cluster } =
      accepted(
        plus(
          "watchdog /dev/watchdog",
          "coredumps off",
          "coreroot /tmp/cores",
          "hbgenmethod time",
          "uuidfrom nodename",
          "compression bz2",
          "compression_threshold 5",
          "traditional_compression yes",
          "memreserve 100",
          "env FOO=bar",
          "cluster mine",
        ),
      );
    assert.deepEqual(
      { watchdog, coredumps, generationMethod, uuidFrom, compression, memoryReserve, environment, cluster },
      {
        watchdog: "/dev/watchdog",
        coredumps: { allowed: false, root: "/tmp/cores" },
        generationMethod: "time",
        uuidFrom: "nodename",
        compression: { plugin: "bz2", threshold: 5, traditional: true },
        memoryReserve: 100,
        environment: new Map([["FOO", "bar"]]),
        cluster: "mine",
      },
    );
  });

  test("with a logging daemon when nothing else is named, or when it is asked for", () => {
    const use = (texts: Texts) => accepted(texts).logging.logd.use;
    const bare = "node master1 master2\nucast ens33 172.30.106.102\n";
    assert.deepEqual([use({}), use(plus("use_logd on")), use({ haCf: bare })], [false, true, true]);
    assert.equal(accepted(plus("conn_logd_time 5")).logging.logd.connectTime, 5000);
  });

  test("with ipfail and addresses left to the programs of those names, when that is wished", () => {
    const { respawn } = accepted({
      haCf: `${goodHaCf.replace("/usr/lib/heartbeat/ipfail", "/bin/true")}builtin_ipfail off\n`,
    });
    assert.equal(respawn[0]?.builtIn, undefined);
    const withIpfail: HostFacts = { ...master1, commands: () => "executable" };
    assert.equal(accepted(plus("builtin_ipfail off"), withIpfail).respawn[0]?.builtIn, undefined);
    const withScripts: HostFacts = { ...master1, scripts: () => "resource.d" };
    const { groups, settings } = accepted(
      {
        haCf: `${goodHaCf}address_agent script\n`,
        haresources: "master1 172.30.105.201/24/ens38 IPaddr2::172.30.105.203/24/ens38\n",
      },
      withScripts,
    );
    assert.deepEqual(
      groups[0]?.resources.map((one) => one.kind === "script" && [one.script, ...one.args]),
      [
        ["IPaddr", "172.30.105.201/24/ens38"],
        ["IPaddr2", "172.30.105.203/24/ens38"],
      ],
    );
    assert.deepEqual(
      settings.groups[0]?.resources.map((one) => one.kind),
      ["script", "script"],
    );
    assert.ok(codes(plus("address_agent script")).includes("script-absent"));
  });

  test("with a warning for what has no effect here, and for no harmless word", () => {
    assert.deepEqual(codes(plus("use_apphbd on", "quorum_server x")), ["without-effect", "without-effect"]);
    assert.deepEqual(codes(plus("use_apphbd off")), []);
  });

  test("and has nothing to say about directives without meaning here", () => {
    const harmless = [
      "crm off",
      "pacemaker no",
      "autojoin none",
      "baud 19200",
      "cluster x",
      "coredumps true",
      "coreroot /tmp",
      "memreserve 6500",
      "compression bz2",
      "compression_threshold 2",
      "traditional_compression no",
      "hbgenmethod time",
      "uuidfrom nodename",
      "use_logd on",
      "conn_logd_time 60",
      "use_apphbd off",
      "record_pengine_inputs off",
    ];
    assert.deepEqual(
      codes(plus(...harmless)).filter((code) => code !== "order"),
      [],
    );
  });
});

describe("what is not given", () => {
  const bare = "node master1 master2\nucast ens33 172.30.106.102\n";

  test("has the original's defaults", () => {
    const { settings, logging, realtimePriority, messageFormat, strongAuth, parameters } = accepted({ haCf: bare });
    const { keepalive, deadtime, warntime, deadping, initdead } = settings.timing;
    assert.deepEqual(
      { keepalive, deadtime, warntime, deadping, initdead },
      { keepalive: 1000, deadtime: 30_000, warntime: 15_000, deadping: 30_000, initdead: 30_000 },
    );
    assert.deepEqual([settings.autoFailback, settings.maxRexmitDelay, settings.ttl], ["legacy", 250, 3]);
    assert.deepEqual([realtimePriority, messageFormat, strongAuth], [1, "classic", true]);
    assert.deepEqual(logging, {
      logfile: undefined,
      debugfile: undefined,
      facility: undefined,
      debugLevel: 0,
      logd: { use: true, connectTime: 60_000 },
      syslogFormat: true,
      logBadPackets: true,
      journal: "/var/log/heartbeat.jsonl",
    });
    assert.equal(parameters.get("deadping"), "30000ms");
    assert.equal(parameters.get("cluster"), "linux-ha");
  });

  test("initdead follows deadtime in the original's three steps", () => {
    const initdead = (deadtime: string) => accepted({ haCf: `${bare}deadtime ${deadtime}\n` }).settings.timing.initdead;
    assert.deepEqual(["5", "5999ms", "6", "10", "11"].map(initdead), [12_000, 12_000, 12_000, 20_000, 11_000]);
  });

  test("parameters are what was written, not what it means", () => {
    const { parameters } = accepted(plus("env FOO=bar"));
    assert.deepEqual(
      ["deadtime", "warntime", "deadping", "auto_failback", "FOO", "ucast"].map((name) => parameters.get(name)),
      ["5", "3", "5000ms", "on", "bar", undefined],
    );
  });

  test("our own directives reach the settings", () => {
    const { settings, strongAuth, logging, realtimePriority } = accepted(
      plus(
        "start_timeout 30",
        "stop_timeout 40",
        "status_timeout 5",
        "stop_attempts 3",
        "announce_interval 10",
        "monitor_interval 500ms",
        "migration_threshold 2",
        "failure_timeout 60",
        "strong_auth off",
        "journal none",
        "realtime off",
      ),
    );
    const { startTimeout, stopTimeout, statusTimeout, stopAttempts, announceInterval } = settings.timing;
    assert.deepEqual(
      [startTimeout, stopTimeout, statusTimeout, stopAttempts, announceInterval],
      [30_000, 40_000, 5000, 3, 10_000],
    );
    assert.deepEqual(settings.monitoring, { interval: 500, threshold: 2, failureTimeout: 60_000 });
    assert.deepEqual([strongAuth, logging.journal, realtimePriority], [false, undefined, undefined]);
  });

  test("the original's number of stop repeats is still understood", () => {
    assert.equal(accepted(plus("env STOPRETRYMAX=3")).settings.timing.stopAttempts, 4);
    assert.equal(accepted(plus("env STOPRETRYMAX=0")).settings.timing.stopAttempts, 11);
  });
});

describe("authkeys", () => {
  test("keeps the word behind the method as bytes", () => {
    const { byIndex, sendIndex } = accepted({
      authkeys: "# keys\r\n\tauth 0 please\r\n0 sha1 one two\r\n15 md5 sch\u00f6n\u20ac\ud83d\ude00\n2 crc\n",
    }).keys;
    assert.equal(sendIndex, 0);
    assert.deepEqual([...byIndex.keys()], [0, 15, 2]);
    assert.deepEqual(byIndex.get(0)?.secret, new TextEncoder().encode("one"));
    assert.deepEqual(byIndex.get(15)?.secret, new TextEncoder().encode("sch\u00f6n\u20ac\ud83d\ude00"));
    assert.deepEqual(byIndex.get(2), { index: 2, method: "crc", secret: new Uint8Array() });
  });

  test("may have mode 600 or 400, and any mode that nobody could find out", () => {
    for (const mode of [0o600, 0o400, 0o700, undefined]) assert.deepEqual(codes({ mode }), []);
  });
});

describe("haresources", () => {
  const resources = (line: string) => accepted({ haresources: `${line}\n` }).groups;
  const address = (text: string) => {
    const [resource] = resources(`master1 ${text}`)[0]?.resources ?? [];
    assert.equal(resource?.kind, "address");
    return resource.kind === "address" ? { agent: resource.agent, ...resource.address } : undefined;
  };
  const plain = {
    agent: "IPaddr",
    family: "ipv4",
    address: "172.30.105.201",
    prefix: 24,
    device: "ens38",
    label: undefined,
    wantsLabel: true,
    broadcast: undefined,
  };

  test("names an address in all the forms that were ever written", () => {
    const bare = { ...plain, prefix: undefined, device: undefined };
    const table: [string, unknown][] = [
      ["IPaddr::172.30.105.201/24/ens38", plain],
      ["172.30.105.201/24/ens38", plain],
      ["172.30.105.201", bare],
      ["IPaddr::172.30.105.201/24", { ...bare, prefix: 24 }],
      ["IPaddr::172.30.105.201/255.255.255.0/ens38", plain],
      ["IPaddr::172.30.105.201/24/ens38/172.30.105.255", { ...plain, broadcast: "172.30.105.255" }],
      ["172.30.105.201/24/172.30.105.255", { ...plain, device: undefined, broadcast: "172.30.105.255" }],
      ["IPaddr::172.30.105.201//ens38", { ...plain, prefix: undefined }],
      ["IPaddr::172.30.105.201/24/ens38:web", { ...plain, label: "ens38:web" }],
      ["IPaddr2::172.30.105.201/24/ens38", { ...plain, agent: "IPaddr2", wantsLabel: false }],
      ["IPaddr2::172.30.105.201/32/ens38:1", { ...plain, agent: "IPaddr2", prefix: 32, label: "ens38:1" }],
    ];
    for (const [text, wanted] of table) assert.deepEqual(address(text), wanted, text);
  });

  test("names an IPv6 address with and without its script", () => {
    const wanted = {
      ...plain,
      agent: "IPv6addr",
      family: "ipv6",
      address: "2001:db8::201",
      prefix: 64,
      wantsLabel: false,
    };
    assert.deepEqual(address("IPv6addr::2001:db8::201/64/ens38"), wanted);
    assert.deepEqual(address("2001:db8::201/64/ens38"), wanted);
    assert.equal(address("::ffff:10.0.0.1/96/ens38")?.address, "::ffff:10.0.0.1");
  });

  test("names scripts and OCF agents with their arguments", () => {
    const [group] = resources("master1 svc::a::b::c nginx ocf:heartbeat:nginx::configfile=/etc/n.conf::port=80");
    assert.deepEqual(group?.resources, [
      { kind: "script", text: "svc::a::b::c", script: "svc", args: ["a", "b", "c"] },
      { kind: "script", text: "nginx", script: "nginx", args: [] },
      {
        kind: "script",
        text: "ocf:heartbeat:nginx::configfile=/etc/n.conf::port=80",
        script: "ocf:heartbeat:nginx",
        args: ["configfile=/etc/n.conf", "port=80"],
      },
    ]);
  });

  test("with two groups of one name is refused at the check, before anybody takes a node's name for a script", () => {
    const twice = "master1 svc::a svc::b\nmaster2 svc::a svc::c\n";
    assert.deepEqual(codes({ haresources: twice }), ["repeated-key"]);
    assert.deepEqual(codes({ haresources: twice.replaceAll("\n", "\r\n") }), ["repeated-key"]);
    assert.deepEqual(codes({ haresources: "master1 svc::a \\\n svc::b\nmaster2 \\\n svc::a svc::c\n" }), [
      "repeated-key",
    ]);
  });

  test("has names of groups that are compared letter by letter: a dot is a dot", () => {
    const { groups } = accepted({ haresources: "master1 svc::a.b\nmaster2 svc::aXb\n" });
    assert.deepEqual(
      groups.map((group) => [group.owner, group.name]),
      [
        ["master1", "svc::a.b"],
        ["master2", "svc::aXb"],
      ],
    );
  });

  test("with a missing script or an impossible address is refused at the check, not found at the takeover", () => {
    assert.deepEqual(codes({ haresources: "master1 NoSuchScript::x\n" }), ["script-absent"]);
    assert.deepEqual(codes({ haresources: "master1 999.1.2.3\n" }), ["bad-address"]);
    assert.deepEqual(codes({ haresources: "master1 IPaddr::172.30.105.255/24/ens38\n" }), ["impossible-address"]);
  });

  test("has comments anywhere, continued lines and carriage returns", () => {
    const groups = resources(
      "\t# all\r\n\tmaster1 \\\r\n   172.30.105.201/24/ens38 \\ # not the end\n nginx # end \\\r\nmaster2 svc\r",
    );
    assert.deepEqual(
      groups.map((group) => [group.owner, ...group.resources.map((one) => one.text)]),
      [
        ["master1", "172.30.105.201/24/ens38", "nginx"],
        ["master2", "svc"],
      ],
    );
  });

  test("may be empty, and a group is named by its first resource", () => {
    assert.deepEqual(resources(""), []);
    assert.equal(accepted({}).settings.groups[0]?.name, "IPaddr::172.30.105.201/24/ens38");
  });

  test("has a digest that follows the groups, not their spacing or order", () => {
    const digest = (haresources: string) => accepted({ haresources }).settings.digest;
    const [first = "", second = ""] = goodHaresources.split("\n");
    assert.match(digest(goodHaresources), /^[0-9a-f]{16}$/);
    assert.equal(digest(`# c\n${second}\nMASTER1   ${first.slice(8)}\n`), digest(goodHaresources));
    assert.notEqual(digest(first), digest(goodHaresources));
    assert.notEqual(digest("master1 nginx svc\n"), digest("master1 svc nginx\n"));
  });
});

test("the files of a node can be checked on any other machine, where nothing of that node is known", () => {
  const { config, problems } = check({}, {});
  assert.deepEqual(problems, []);
  assert.equal(config?.settings.self, "master1");
  assert.deepEqual(codes({ haresources: "master1 NoSuchScript 10.9.9.9/24/nope0\n" }, {}), []);
});

test("the names to look up before the check are those of peers and ping nodes", () => {
  assert.deepEqual(
    namesToResolve("ping gw 10.0.0.1 gw\nucast ens33 peer\nping_group g r1 10.0.0.2\nnode a b\nfoo bar\nping 1.2.3\n"),
    ["gw", "peer", "r1"],
  );
});

test("the problems of all three files come at once, in the order of files and lines", () => {
  const { problems } = check({ haCf: "nonsense\n", authkeys: undefined, haresources: "master1 1.2.3\n" });
  assert.deepEqual(
    problems
      .filter((problem) => problem.severity === "error")
      .map((problem) => `${problem.file.slice(10)}:${problem.line}`),
    ["ha.cf:0", "ha.cf:0", "ha.cf:1", "authkeys:0", "haresources:1"],
  );
  const paths = { path: "x", text: undefined };
  assert.equal(
    checkConfig({ files: { haCf: paths, authkeys: paths, haresources: paths }, host: {} }).problems.length,
    3,
  );
});
