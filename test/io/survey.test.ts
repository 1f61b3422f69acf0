/** The doctor's eyes, on trees that are planted: /proc, /sys and /etc as other machines have them. */
import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { resolvePaths } from "../../src/io/paths.js";
import { fixedIn } from "../../src/io/survey/fixed-addresses.js";
import { surveyLinks } from "../../src/io/survey/links.js";
import { surveyMachine } from "../../src/io/survey/machine.js";
import { obstacle, surveyPlaces } from "../../src/io/survey/places.js";
import { runBriefly } from "../../src/io/survey/programs.js";
import { missingCommands, startsAtBoot, surveyScripts } from "../../src/io/survey/scripts.js";
import { type System, systemAt } from "../../src/io/survey/system.js";
import { udpPortHolders } from "../../src/io/survey/udp-ports.js";
import type { ScriptFacts } from "../../src/ports/survey.js";
import { until } from "./temporary.js";

/** Runs the body on a tree of these files, and takes it away. A text that begins with `->` is a symbolic link. */
async function onTree(
  files: Readonly<Record<string, string>>,
  body: (system: System, root: string) => void | Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "hb-survey-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (text.startsWith("->")) symlinkSync(text.slice(2), join(root, path));
      else writeFileSync(join(root, path), text, { mode: 0o755 });
    }
    await body(systemAt(root), root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test("interfaces: up, carrier, and who else looks after them", () =>
  onTree(
    {
      "/sys/class/net/ens33/flags": "0x1003\n",
      "/sys/class/net/ens33/carrier": "1\n",
      "/sys/class/net/ens33/ifindex": "2\n",
      "/sys/class/net/ens38/flags": "0x1002\n",
      "/sys/class/net/ens38/ifindex": "3\n",
      "/sys/class/net/ens40/flags": "0x1003\n",
      "/sys/class/net/ens40/carrier": "0\n",
      "/sys/class/net/ens40/ifindex": "4\n",
      "/run/NetworkManager/devices/2": "[device]\nmanaged=true\n",
      "/run/systemd/netif/links/3": "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/38.network\n",
      "/etc/systemd/network/38.network": "[Match]\nName=ens38\n",
      "/run/systemd/netif/links/4": "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/40.network\n",
      "/etc/systemd/network/40.network.d/heartbeat.conf": "[Network]\nKeepConfiguration=yes\n",
    },
    (system) =>
      assert.deepEqual(
        surveyLinks(system, () => []).map(({ name, up, carrier, manager, keepsForeign }) => [
          name,
          up,
          carrier,
          manager,
          keepsForeign,
        ]),
        [
          ["ens33", true, true, "NetworkManager", false],
          ["ens38", false, false, "systemd-networkd", false],
          ["ens40", true, false, "systemd-networkd", true],
        ],
      ),
  ));

test("who has bound heartbeat's port, by the process that holds the socket", () =>
  onTree(
    {
      "/proc/net/udp":
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref\n" +
        "  12: 00000000:02B6 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0\n" +
        "  13: 00000000:02B6 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0 0\n" +
        "  14: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4713 2 0 0\n",
      "/proc/612/comm": "rpc.statd\n",
      "/proc/612/cmdline": "/sbin/rpc.statd\0--no-notify\0",
      "/proc/612/fd/7": "->socket:[4711]",
      "/proc/700/comm": "node\n",
      "/proc/700/cmdline": "heartbeat: daemon",
      "/proc/700/fd/9": "->socket:[4712]",
    },
    (system) => {
      assert.deepEqual(udpPortHolders(system, [694]), [
        { port: 694, pid: 612, program: "/sbin/rpc.statd --no-notify", heartbeat: false },
        { port: 694, pid: 700, program: "heartbeat: daemon", heartbeat: true },
      ]);
      assert.deepEqual(udpPortHolders(system, [695]), []);
      assert.equal(udpPortHolders(system, [53])[0]?.pid, undefined);
    },
  ));

test("SELinux, real-time and memory limits, the clock", () =>
  onTree(
    {
      "/sys/fs/selinux/enforce": "1",
      "/proc/700/attr/current": "system_u:system_r:cluster_t:s0\0",
      "/proc/700/stat": `700 (a (b) c) S ${Array.from({ length: 50 }, (_, i) => (i + 4 === 41 ? 1 : 0)).join(" ")}`,
      "/proc/700/status": "Name:\tnode\nCapEff:\t0000000000000000\n",
      "/proc/700/limits": "Max locked memory         8388608              8388608              bytes\n",
      "/proc/sys/kernel/sched_rt_runtime_us": "-1\n",
      "/sys/devices/system/clocksource/clocksource0/current_clocksource": "jiffies\n",
    },
    (system) => {
      assert.deepEqual(surveyMachine(system, 700), {
        selinux: "enforcing",
        domain: "cluster_t",
        realtimeShare: -1,
        clockSource: "jiffies",
        daemonRealtime: true,
        memoryLock: 8_388_608,
      });
      assert.equal(surveyMachine(systemAt("/nonexistent"), undefined).selinux, "off");
    },
  ));

test("an address that the system gives to an interface at boot is found with file and line, a comment or a gateway is not", () =>
  onTree(
    {
      "/etc/network/interfaces":
        "auto ens38\n# address 10.0.0.5\niface ens38 inet static\n  address 10.0.0.1/24\n  gateway 10.0.0.9\n",
      "/etc/netplan/01.yaml": "network:\n  ethernets:\n    ens38:\n      addresses: [10.0.0.2/24, 'fd00::201/64']\n",
      "/etc/NetworkManager/system-connections/one.nmconnection": "[ipv4]\naddress1=10.0.0.3/24,10.0.0.9\n",
      "/etc/systemd/network/38.network": "[Network]\nAddress=10.0.0.4/24\n",
    },
    (system) => {
      const found = (address: string) => fixedIn(system, address);
      assert.equal(found("10.0.0.1"), "/etc/network/interfaces:4");
      assert.equal(found("10.0.0.2"), "/etc/netplan/01.yaml:4");
      assert.equal(found("fd00::201"), "/etc/netplan/01.yaml:4");
      assert.equal(found("10.0.0.3"), "/etc/NetworkManager/system-connections/one.nmconnection:2");
      assert.equal(found("10.0.0.4"), "/etc/systemd/network/38.network:2");
      for (const address of ["10.0.0.5", "10.0.0.10", "0.0.0.1", "110.0.0.1"]) assert.equal(found(address), undefined);
    },
  ));

test("services that the machine starts at boot: by systemd, by run levels, and not when only the unit is there", () =>
  onTree(
    {
      "/lib/systemd/system/nginx.service": "",
      "/etc/systemd/system/multi-user.target.wants/nginx.service": "->/lib/systemd/system/nginx.service",
      "/lib/systemd/system/apache2.service": "",
      "/etc/rc2.d/S01apache2": "->../init.d/apache2",
      "/etc/rc3.d/S20svc.a": "->../init.d/svc.a",
      "/etc/rc3.d/K20svc.b": "->../init.d/svc.b",
    },
    (system) =>
      assert.deepEqual(
        ["nginx", "apache2", "svc.a", "svc.b", "svc"].map((name) => startsAtBoot(system, name)),
        ["systemd", undefined, "init", undefined, undefined],
      ),
  ));

test("a script that calls a command which is not there is found; one that asks first, or only names it, is not", () => {
  const nothing = (): boolean => false;
  const cases: readonly (readonly [text: string, missing: readonly string[]])[] = [
    ["#!/bin/sh\nifconfig eth0:1 up\n", ["ifconfig"]],
    ["x=$(/sbin/ifconfig -a)\n", ["ifconfig"]],
    ["if ! route add default gw 1; then exit 1; fi\n", ["route"]],
    ["# ifconfig was used here\necho ifconfig\n", []],
    ["ip route add default\n", []],
    ["command -v ifconfig >/dev/null && ifconfig -a\n", []],
    ["[ -x /sbin/ifconfig ] && /sbin/ifconfig\n", []],
  ];
  for (const [text, missing] of cases) assert.deepEqual(missingCommands(text, nothing), missing, text);
  assert.deepEqual(
    missingCommands("ifconfig -a", () => true),
    [],
  );
});

async function surveyed(
  scripts: Readonly<Record<string, string>>,
  statusLimit?: number,
): Promise<readonly ScriptFacts[]> {
  let seen: readonly ScriptFacts[] = [];
  await onTree(
    Object.fromEntries(Object.entries(scripts).map(([name, text]) => [`/etc/ha.d/resource.d/${name}`, text])),
    async (system, root) => {
      chmodSync(join(root, "etc/ha.d/resource.d", Object.keys(scripts)[0] ?? ""), 0o777);
      const places = resolvePaths({ root });
      const texts = [...Object.keys(scripts), "absent"];
      seen = await surveyScripts(texts, { system, places, statusLimit, environment: { HA_CURHOST: "master1" } });
    },
  );
  return seen;
}

test("first lines of scripts: Windows line ends, no interpreter, a missing one, a binary; and who may write them", async () => {
  const seen = await surveyed({
    windows: "#!/bin/sh\r\nexit 0\r\n",
    naked: "exit 0\n",
    korn: "#!/no/such/ksh -x\n",
    binary: "\x7fELF\0\0",
    good: "#!/bin/sh\nexit 0\n",
  });
  assert.deepEqual(
    seen.map(({ text, interpreter, interpreterFound, binary, worldWritable }) => [
      text,
      interpreter,
      interpreterFound,
      binary,
      worldWritable,
    ]),
    [
      ["windows", "/bin/sh\r", true, false, true],
      ["naked", undefined, false, false, false],
      ["korn", "/no/such/ksh -x", false, false, false],
      ["binary", undefined, false, true, false],
      ["good", "/bin/sh", true, false, false],
    ],
  );
});

test("only status is called, with the arguments before it; a hanging one is ended with all its children", async () => {
  const scripts = {
    lsb: '#!/bin/sh\necho "$@ on $HA_CURHOST is stopped"; exit 3\n',
    mute: "#!/bin/sh\necho 'Usage: mute {start|stop}' >&2; exit 2\n",
    hangs: "#!/bin/sh\nsleep 77.125 & sleep 77.125\n",
  };
  const begun = performance.now();
  const [lsb, mute, hangs] = await surveyed(scripts, 700);
  assert.ok(performance.now() - begun < 5_000);
  assert.deepEqual(lsb?.status, {
    kind: "exited",
    code: 3,
    output: "status on master1 is stopped\n",
    noStatusVerb: false,
  });
  assert.equal(mute?.status?.kind === "exited" && mute.status.noStatusVerb, true);
  assert.equal(hangs?.status?.kind, "hung");
  const left = (): boolean =>
    readdirSync("/proc").some((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("sleep\x0077.125");
      } catch {
        return false; // it ended while we looked
      }
    });
  await until(() => !left(), 2_000, "the end of what hung");
});

test("a program that leaves a child behind with our pipes in its hand does not hold us up", async () => {
  const begun = performance.now();
  const ran = await runBriefly("/bin/sh", ["-c", "echo done; sleep 5 &"], { limit: 4_000 });
  assert.deepEqual(ran, { kind: "exited", code: 0, stdout: "done\n", stderr: "" });
  assert.ok(performance.now() - begun < 3_000);
});

test("leftovers: a file in the place of the FIFO, a pid file of a process that is gone; a root directory that others may write", () =>
  onTree({ "/var/lib/heartbeat/fifo": "", "/run/heartbeat.pid": "    999999\n", "/var/log/x": "" }, (system, root) => {
    chmodSync(root, 0o775);
    const places = surveyPlaces(resolvePaths({ root }), system, { users: ["root"], logs: ["/var/log/ha-log"] });
    assert.deepEqual([places.fifo, places.pidFile, places.rootWritable], ["other", "stale", true]);
    assert.equal(places.disks.length, 2);
    assert.ok(places.disks.every(({ free, writable }) => free > 0 && writable));
  }));

test("the working directory of a client that its user cannot enter is found, wherever on the way it is shut", () =>
  onTree({ "/var/lib/heartbeat/cores/nobody/x": "" }, (system, root) => {
    chmodSync(root, 0o755);
    const paths = resolvePaths({ root });
    const shut = (): readonly string[] =>
      surveyPlaces(paths, system, { users: ["nobody", "no-such-user"], logs: [] }).shut.map(({ path }) => path);
    assert.deepEqual(shut(), []);
    chmodSync(join(root, "var/lib/heartbeat/cores/nobody"), 0o700);
    assert.deepEqual(shut(), [join(root, "var/lib/heartbeat/cores/nobody")]);
    chmodSync(join(root, "var/lib/heartbeat"), 0o750);
    assert.deepEqual(shut(), [join(root, "var/lib/heartbeat")]);
  }));

test("who may enter a directory is decided as the kernel does: the first of owner, group and others that fits", () => {
  const directory = (mode: number, uid = 0, gid = 0) => ({ mode, uid, gid, isDirectory: () => true });
  const user = { uid: 890, gid: 891 };
  assert.equal(obstacle(directory(0o755), user), undefined);
  assert.match(obstacle(directory(0o750), user) ?? "", /mode 0750, owner 0:0; others may not enter/);
  assert.equal(obstacle(directory(0o750, 0, 891), user), undefined);
  assert.match(obstacle(directory(0o077, 890, 891), user) ?? "", /the owner may not enter/);
  assert.match(obstacle({ ...directory(0o755), isDirectory: () => false }, user) ?? "", /no directory/);
});
