/**
 * Debian's resource agents and the original's own scripts, unchanged, under our daemon: agents of every kind are started, seen to work,
 * moved by the original's hb_standby, and stopped; harc, rc.d, ResourceManager and the FIFO are those that heartbeat 3.0.6 ships.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Snapshot } from "../../src/control/snapshot.js";
import { run, until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { FileSpec, Files } from "../../src/lab/machine.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal } from "../../src/lab/original.js";
import { findProgram } from "../../src/lab/requirements.js";
import { seedFiles } from "../../src/lab/seed.js";
import { type Interface, seedTopology } from "../../src/lab/topology.js";
import { checkout } from "../../src/lab/tree.js";
import { labSkip, originalSkip } from "./support.js";

const original = await fetchOriginal();
const agents = await run([join(checkout, "scripts/agents.sh")], { timeout: 600_000 });

const programs = labSkip({ nginx: "nginx-light", "mkfs.ext4": "e2fsprogs", losetup: "mount" });
const skip = originalSkip("RESOURCE AGENTS", original, programs, [
  existsSync("/dev/loop-control") ? undefined : "there are no loop devices here",
  agents.code === 0 ? undefined : `scripts/agents.sh: ${agents.stderr.trim().slice(-300)}`,
]);

/** A disk that both nodes see, as DRBD or a SAN would give it: a loop device of the host, formatted, with a page on it. */
function makeDisk() {
  const folder = mkdtempSync(join(tmpdir(), "heartbeat-disk-"));
  const image = join(folder, "disk");
  const host = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: "utf8" }).trim();
  host("truncate", "-s", "16M", image);
  host("mkfs.ext4", "-q", image);
  const device = host("losetup", "--find", "--show", image);
  const remove = (): void => {
    host("losetup", "-d", device);
    rmSync(folder, { recursive: true });
  };
  return { device, number: device.slice("/dev/loop".length), remove };
}

const withIpv6 = (card: Interface, number: number): Interface =>
  card.name === "ens38" ? { ...card, addresses: [...card.addresses, `fd00:30:105::${number}/64`] } : card;

/** A card with one network only, and without metric: IPsrcaddr cannot put back the route of a card with two. */
const cardForSource = (number: number): Interface => ({ name: "ens39", addresses: [`10.77.0.${number}/24`] });

const executable = (content: string): FileSpec => ({ content: `#!/bin/sh\n${content}`, mode: 0o755 });
const nginxConf = `user root;
worker_processes 1;
error_log /var/log/nginx-error.log;
pid /run/nginx-lab.pid;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path /tmp/n1; proxy_temp_path /tmp/n2; fastcgi_temp_path /tmp/n3; uwsgi_temp_path /tmp/n4; scgi_temp_path /tmp/n5;
  server { listen 80; location / { root /srv/data; index index.html; } }
}
`;
const apacheConf = `ServerRoot /etc/apache-lab
PidFile /run/apache-lab.pid
Listen 8080
ServerName lab
User nobody
Group nogroup
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
DocumentRoot /etc/apache-lab/pages
ErrorLog /var/log/apache-error.log
`;

/** What stands in for programs that a test machine lacks writes down how it was called; so do the hooks and a plain service. */
const extra = (name: string): Files => ({
  "/usr/sbin/drbdadm": executable(`echo "drbdadm $*" >>/var/log/did
role=/run/drbd-role
case $1 in
role) cat $role 2>/dev/null || echo Secondary/Secondary;;
primary) echo Primary/Secondary >$role;;
secondary) rm -f $role;;
esac
`),
  "/usr/bin/mailx": executable('{ echo "mail: $*"; cat; } >>/var/log/mail-sent\n'),
  "/usr/bin/mail": executable('{ echo "mail: $*"; cat; } >>/var/log/mail-sent\n'),
  "/etc/nginx-lab.conf": nginxConf,
  "/etc/apache-lab/httpd.conf": apacheConf,
  "/etc/apache-lab/pages/index.html": `apache on ${name}\n`,
  "/etc/ha.d/resource.d/svc": executable(`echo "svc $*" >>/var/log/did
case $2 in
start) sleep 1; touch /run/svc.$1;;
stop) rm -f /run/svc.$1;;
status) [ -f /run/svc.$1 ] && echo running || echo stopped;;
esac
`),
  "/etc/ha.d/rc.d/deploy": executable(
    'echo "$1 from $HA_src: $HA_text ($HA_keepalive $HA_CURHOST $HA_CUSTOM)" >>/var/log/hooked\n',
  ),
});

const CHAIN = (device: string): string =>
  `drbddisk::r0 Filesystem::${device}::/srv/data::ext4 ocf:heartbeat:nginx::configfile=/etc/nginx-lab.conf 172.30.105.201/24/ens38`;
const haresources = (device: string): string => `master1 ${CHAIN(device)}
master1 IPaddr2::10.77.0.203/24/ens39 IPsrcaddr::10.77.0.203 SendArp::10.77.0.203/ens39 portblock::tcp::8081::block MailTo::root@localhost::lab ocf:heartbeat:Delay::startdelay=1::stopdelay=0::mondelay=0
master1 ocf:heartbeat:IPaddr2::ip=172.30.105.204::cidr_netmask=24::nic=ens38 apache::/etc/apache-lab/httpd.conf
master1 IPv6addr::fd00:30:105::99/64/ens38
master2 svc::a
`;

const tool = (name: string): string => `/usr/share/heartbeat/${name}`;
const manager = (node: Node, words: string) =>
  node.run(
    `HA_CURHOST=${node.name} HA_LOGFILE=/var/log/by-hand HA_DEBUGLOG=/var/log/by-hand ${tool("ResourceManager")} ${words}`,
    { timeout: 30_000 },
  );

describe("Debian's resource agents and the original's scripts under our daemon", {
  skip,
  timeout: 600_000,
}, () => {
  let lab: Lab;
  let disk: ReturnType<typeof makeDisk>;
  const out = async (node: Node, command: string): Promise<string> => (await node.run(command)).stdout;

  before(async () => {
    disk = makeDisk();
    const nginx = findProgram("nginx") ?? "nginx";
    const base = ourDaemon();
    const plan: DaemonPlan = {
      ...base,
      packages: [agents.stdout.trim(), original.kind === "unpacked" ? original.root : ""],
      prepare: `${base.prepare}
mkdir -p /run/resource-agents /srv/data /var/lib/heartbeat; [ -e ${disk.device} ] || mknod ${disk.device} b 7 ${disk.number}
[ -x /usr/sbin/nginx ] || ln -sf ${nginx} /usr/sbin/nginx
ip route add default via 10.77.0.254 dev ens39`,
    };
    const seed = seedFiles({
      // Nothing here waits for it; on a busy machine the guardian would think a starved daemon dead.
      deadtime: "10",
      warntime: "5",
      initdead: "20",
      extra: ["address_agent script", "env CUSTOM=seen"],
    });
    const files = (name: "master1" | "master2") => ({
      ...seed[name],
      haresources: haresources(disk.device),
      extra: extra(name),
    });
    const topology = seedTopology();
    const nodes = topology.nodes.map((node, index) => ({
      ...node,
      interfaces: [...node.interfaces.map((card) => withIpv6(card, 12 + index)), cardForSource(12 + index)],
    }));
    lab = await openLab({
      topology: { ...topology, nodes },
      files: { master1: files("master1"), master2: files("master2") },
      daemon: plan,
    });
    await lab.start();
  });
  after(async () => {
    await lab?.close();
    disk?.remove();
  });

  const allHeldBy = async (holder: string, groups: readonly number[], timeout = 45_000): Promise<void> => {
    const node = lab.node(holder);
    try {
      await until(
        `${holder} to hold all its groups`,
        timeout,
        async () => {
          const snapshot = JSON.parse((await out(node, `${node.daemon.status} --json`)) || "{}") as Partial<Snapshot>;
          return groups.every(
            (index) => snapshot.groups?.[index]?.holder === holder && snapshot.groups[index].state === "held",
          );
        },
        250,
      );
    } catch (error) {
      const look = `${node.daemon.status} 2>&1; ps -eo pid,ppid,stat,wchan,time,args; tail -n 80 /var/log/ha-log`;
      console.log(await out(node, look));
      throw error;
    }
  };

  /** Everything that the agents are there for, on the node that should have it. */
  async function everythingWorksOn(node: Node): Promise<void> {
    const addresses = await out(node, "ip -o addr show");
    for (const address of [
      /172\.30\.105\.201\/24 .*ens38:0/,
      /10\.77\.0\.203\/24/,
      /172\.30\.105\.204\/24/,
      /fd00:30:105::99\/64/,
    ])
      assert.match(addresses, address);
    assert.match(await out(node, "ip route get 192.0.2.1"), /dev ens39 src 10\.77\.0\.203 /);
    assert.match(await out(node, "iptables -S INPUT"), /-p tcp .*--dports? 8081 -j DROP/);
    assert.match(await out(node, "mount"), new RegExp(`${disk.device} on /srv/data type ext4`));
    assert.equal(await out(node, "cat /run/drbd-role"), "Primary/Secondary\n");
    const from = (url: string) =>
      until(
        `the page ${url}`,
        10_000,
        async () => {
          const answer = await lab.client.run(`curl -s --max-time 2 ${url}`);
          return answer.code === 0 && answer.stdout !== "" ? answer.stdout.trim() : undefined;
        },
        200,
      );
    assert.equal(await from("http://172.30.105.201/"), "page on the disk");
    assert.equal(await from("http://172.30.105.204:8080/index.html"), `apache on ${node.name}`);
    const said = await manager(node, "status drbddisk::r0");
    assert.equal(said.code, 0, `${said.stdout}${said.stderr}`);
  }

  /** But for portblock's rule: Debian 12's iptables 1.8.9 lists tcp as 6, so the agent does not find its rule and leaves it. */
  async function nothingIsLeftOn(node: Node): Promise<void> {
    assert.equal(/172\.30\.105\.20|10\.77\.0\.203|fd00:30:105::99/.test(await out(node, "ip -o addr show")), false);
    assert.equal(/10\.77\.0\.203/.test(await out(node, "ip route show table all")), false);
    assert.equal(/srv\/data/.test(await out(node, "mount")), false);
    assert.equal(/nginx-lab|apache/.test((await node.processes()).map((one) => one.command).join("\n")), false);
  }

  test("every agent is started and works; addresses by their scripts, because address_agent says so", async () => {
    const one = lab.node("master1");
    await until("the disk to be mounted", 30_000, async () => /srv\/data/.test(await out(one, "mount")), 100);
    await one.run('echo "page on the disk" >/srv/data/index.html');
    await allHeldBy("master1", [0, 1, 2, 3]);
    await everythingWorksOn(one);
    await nothingIsLeftOn(lab.node("master2"));
    assert.match(
      await one.log(),
      /ResourceManager\(default\)\[\d+\]: {4}info: Running \/etc\/ha.d\/resource.d\/IPaddr 172.30.105.201\/24\/ens38 start/,
    );
    assert.match(await one.log(), /IPaddr\(IPaddr_172.30.105.201\)\[\d+\]:\s+INFO: {2}Success/);
  });

  test("the original's ResourceManager reads the same groups, and counts what is active", async () => {
    const one = lab.node("master1");
    assert.equal((await manager(one, "listkeys master2")).stdout, "svc::a\n");
    assert.equal((await manager(one, "allkeys")).stdout.split("\n")[0], "drbddisk::r0");
    assert.match((await manager(one, "verifyallidle")).stderr, /Resource drbddisk::r0 is active, and should not be!/);
  });

  test("the original's hb_standby moves everything, the chain of drbd, file system, nginx and address in order", async () => {
    const [one, two] = [lab.node("master1"), lab.node("master2")];
    await one.run(tool("hb_standby"));
    await allHeldBy("master2", [0, 1, 2, 3, 4]);
    await everythingWorksOn(two);
    await nothingIsLeftOn(one);
    const order = (log: string, verb: string): readonly string[] =>
      [...log.matchAll(new RegExp(`Running \\S*/(drbddisk|Filesystem|nginx|IPaddr) .*${verb}$`, "gm"))].map(
        (match) => match[1] ?? "",
      );
    assert.deepEqual(order(await one.log(), "stop"), ["IPaddr", "nginx", "Filesystem", "drbddisk"]);
    assert.deepEqual(order(await two.log(), "start"), ["drbddisk", "Filesystem", "nginx", "IPaddr"]);
    assert.deepEqual(
      (await one.log("did")).split("\n").filter((line) => /primary|secondary/.test(line)),
      ["drbdadm primary r0", "drbdadm secondary r0"],
    );
    assert.match(await one.log("mail-sent"), /lab Takeover in progress [\s\S]*lab Migrating resource away/);
  });

  test("a message in the FIFO runs the hook of its name on both nodes, through the original's harc, with the message and the directives", async () => {
    const [one, two] = [lab.node("master1"), lab.node("master2")];
    const message = ">>>\\nt=deploy\\ntext=version 7\\nsrc=somebody\\n<<<\\n";
    assert.equal((await one.run(`printf '${message}' >/var/lib/heartbeat/fifo`)).code, 0);
    for (const node of [one, two]) {
      await node.logged(/harc\(default\)\[\d+\]: {4}info: Running \/etc\/ha.d\/+rc.d\/deploy deploy/);
      await until(`the hook on ${node.name}`, 5_000, async () => (await node.log("hooked")) !== "", 100);
      assert.equal(await node.log("hooked"), `deploy from master1: version 7 (200ms ${node.name} seen)\n`);
    }
  });

  test("when a node goes, the original's rc.d/status runs, and starts nothing a second time", async () => {
    const [one, two] = [lab.node("master1"), lab.node("master2")];
    assert.match(await one.log(), /harc\(default\)\[\d+\]: {4}info: Running \/etc\/ha.d\/+rc.d\/status status/);
    const before = (await one.log()).match(/rc.d\/status status/g)?.length ?? 0;
    assert.equal((await two.stop()).code, 0);
    await nothingIsLeftOn(two);
    await allHeldBy("master1", [0, 1, 2, 3, 4]);
    await everythingWorksOn(one);
    await until(
      "rc.d/status",
      10_000,
      async () => ((await one.log()).match(/rc.d\/status status/g)?.length ?? 0) > before,
      100,
    );
    const starts = (await one.log("did")).split("\n").filter((line) => line === "svc a start");
    assert.equal(starts.length, 1);
    // The daemon writes these lines by itself; the original's mach_down would do so under a number of its own.
    const log = await one.log();
    const writers = new Set([...log.matchAll(/mach_down\(default\)\[(\d+)\]/g)].map((match) => match[1]));
    assert.deepEqual([...writers], [/heartbeat: \[(\d+)\]: info: Received shutdown notice/.exec(log)?.[1]]);
  });

  test("after a stop nothing is left, and the tools say that heartbeat does not run", async () => {
    const one = lab.node("master1");
    assert.equal((await one.stop()).code, 0);
    await nothingIsLeftOn(one);
    assert.equal((await manager(one, "verifyallidle")).code, 0);
    const refused = await one.run(
      `HA_FUNCS=${checkout}/share/ha.d/shellfuncs ${checkout}/share/heartbeat/hb_addnode master3`,
    );
    assert.equal(refused.code, 3);
  });

  test("our own IPaddr sets an address by hand, looks for it, takes it away, and answers as the original's does", async () => {
    const one = lab.node("master1");
    const byHand = async (verb: string) => {
      const { code, stdout } = await one.run(
        `${checkout}/share/ha.d/resource.d/IPaddr 172.30.105.205/24/ens38 ${verb}`,
      );
      return [code, stdout];
    };
    assert.deepEqual(await byHand("status"), [7, "INFO:  Resource is stopped\n"]);
    assert.deepEqual(await byHand("start"), [0, "INFO:  Success\n"]);
    assert.deepEqual(await byHand("status"), [0, "INFO:  Running OK\n"]);
    assert.match(await out(one, "ip -o addr show dev ens38"), /172\.30\.105\.205\/24 .*ens38:0/);
    assert.deepEqual(await byHand("stop"), [0, "INFO:  Success\n"]);
    assert.deepEqual(await byHand("status"), [7, "INFO:  Resource is stopped\n"]);
  });
});
