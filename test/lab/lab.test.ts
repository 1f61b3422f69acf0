import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { ended, pause, until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { now } from "../../src/lab/moment.js";
import { checkout } from "../../src/lab/tree.js";
import { labSkip } from "./support.js";

const skip = labSkip({ socat: "socat" });
const VIP = "172.30.105.201";
const files = { haCf: "node master1 master2\n", authkeys: "auth 1\n1 crc\n", haresources: "master1 172.30.105.201\n" };

describe("the lab without any daemon", { skip, timeout: 600_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab({ files: { master1: files, master2: files } });
  });
  after(() => lab?.close());

  test("every node has its own name, files with the right modes, network and processes", async () => {
    const { stdout } = await lab
      .node("master1")
      .run("uname -n; stat -c %a /etc/ha.d/authkeys; ls /sys/class/net | sort -r | tr '\\n' ' '");
    assert.equal(stdout.trim(), "master1\n600\nlo ens38 ens33");
    assert.deepEqual(await lab.node("master1").processes(), []);
    assert.equal((await lab.node("master2").run("uname -n")).stdout, "master2\n");
  });

  test("what one node writes, no other node and not the host has", async () => {
    await lab.node("master1").write({ "/etc/only-here": "x", "/usr/local/only-here": "y" });
    assert.equal((await lab.node("master2").run("ls /etc/only-here")).code !== 0, true);
    assert.equal(existsSync("/etc/only-here") || existsSync("/usr/local/only-here"), false);
  });

  test("the checkout is there to run from, and cannot be written", async () => {
    const { code } = await lab
      .node("master1")
      .run(`test -r ${checkout}/package.json && ! touch ${checkout}/spoiled 2>/dev/null`);
    assert.equal(code, 0);
  });

  test("a cut of a tenth of a second is measured to a few milliseconds", async () => {
    await lab.node("master1").run(`ip addr add ${VIP}/24 dev ens38`);
    const probe = await lab.probe([VIP]);
    assert.equal((await probe.answered(10_000)).get(VIP), "master1");
    const begun = now();
    await lab.cut("master1:ens38");
    const surelyCut = now();
    await pause(100);
    const notYetHealed = now();
    await lab.heal("master1:ens38");
    const healed = now();
    await pause(400);
    const figures = await probe.stop();
    const gaps = [...probe.gapsOf(VIP, begun)].sort((a, b) => b.length - a.length);
    const [gap, ...others] = gaps;
    assert.ok(gap, `no gap was found; ${JSON.stringify(probe.gaps)}`);
    // The prober's own sleep, on a machine that does other things, is no gap of the address.
    assert.deepEqual(
      others.filter((one) => one.asleep < 1),
      [],
    );
    assert.deepEqual([gap.before, gap.after], ["master1", "master1"]);
    const slack = 3 + figures.worst + gap.asleep;
    assert.ok(
      gap.length >= notYetHealed - surelyCut - slack && gap.length <= healed - begun + slack,
      JSON.stringify({ gap, figures }),
    );
  });

  test("a one-way cut lets the other way through", async () => {
    // Both have to know each other's MAC already: whoever cannot be answered cannot ask for it either.
    await lab.node("master1").run("echo x | socat -u - UDP-SENDTO:172.30.105.102:9; sleep 0.1");
    await lab.cut("master1:ens33", { direction: "in" });
    const receive = ["socat", "-u", "UDP-RECVFROM:694", "-"];
    const [there, back] = [lab.node("master2").spawn(receive), lab.node("master1").spawn(receive)];
    await pause(500);
    await lab.node("master1").run("echo x | socat -u - UDP-SENDTO:172.30.105.102:694");
    await lab.node("master2").run("echo x | socat -u - UDP-SENDTO:172.30.105.101:694");
    await until("the datagram to arrive at the other node", 5_000, () => there.exitCode === 0);
    await pause(200);
    assert.equal(back.exitCode, null, "a datagram came through the cut direction");
    back.kill();
    await lab.heal();
  });

  test("an unplugged card has no carrier, a cut one has", async () => {
    const carrier = async () => (await lab.node("master2").run("cat /sys/class/net/ens33/carrier")).stdout.trim();
    await lab.cut("master2:ens33");
    assert.equal(await carrier(), "1");
    await lab.cut("master2:ens33", { unplug: true });
    assert.equal(await carrier(), "0");
    assert.deepEqual(lab.wires.describe(), ["master2:ens33 cut", "master2:ens33 unplugged"]);
    await lab.heal("master2");
    assert.equal(await carrier(), "1");
    assert.deepEqual(lab.wires.describe(), []);
  });

  test("two holders of an address are seen and named", async () => {
    const probe = await lab.probe([VIP]);
    await probe.answered(10_000);
    assert.equal(probe.sawTwoHolders, false);
    await lab.node("master2").run(`ip addr add ${VIP}/24 dev ens38`);
    await until("two holders to be seen", 5_000, () => probe.sawTwoHolders);
    assert.deepEqual(await lab.holders(VIP), ["master1", "master2"]);
    await lab.node("master2").run(`ip addr del ${VIP}/24 dev ens38`);
    await until("two holders to be over", 5_000, () => probe.twoHolders.length > 0);
    assert.deepEqual(probe.twoHolders[0]?.macs, ["master1", "master2"]);
    await probe.stop();
  });

  test("an IPv6 address is watched like an IPv4 one, duplicates included", async () => {
    const vip = "fd00:105::201";
    const add = (node: string, address: string) => lab.machine(node).run(`ip addr add ${address}/64 dev ens38 nodad`);
    await add("client", "fd00:105::50");
    await add("master1", vip);
    const probe = await lab.probe([vip]);
    assert.equal((await probe.answered(10_000)).get(vip), "master1");
    await add("master2", vip);
    await until("two holders to be seen", 5_000, () => probe.sawTwoHolders);
    await probe.stop();
  });

  test("after a power loss nothing of the node is left but its disk", async () => {
    const node = lab.node("master1");
    await node.write({ "/var/log/kept": "kept", "/run/lost": "lost" });
    await node.run("setsid sleep 1000 >/dev/null 2>&1 </dev/null &");
    assert.equal((await node.processes()).length, 1);
    const { pid } = node;
    await node.crash();
    assert.equal(existsSync(`/proc/${pid}`), false);
    await assert.rejects(async () => node.run("true"), /no power/);
    await node.powerOn();
    assert.deepEqual([await node.read("/var/log/kept"), await node.read("/run/lost")], ["kept", ""]);
    assert.deepEqual(
      (await node.addresses()).filter((seen) => seen.address === VIP),
      [],
    );
    assert.equal((await node.read("/proc/sys/kernel/hostname")).trim(), "master1");
  });

  test("a frozen node's processes stop and a thawed node's go on", async () => {
    const node = lab.node("master2");
    await node.run("setsid sleep 1000 >/dev/null 2>&1 </dev/null &");
    const states = async () => (await node.processes()).map((one) => one.state);
    await node.freeze();
    assert.deepEqual(await states(), ["T"]);
    await node.thaw();
    assert.deepEqual(await states(), ["S"]);
  });
});

describe("whatever ends the lab's owner", { skip, timeout: 600_000 }, () => {
  const program = join(checkout, "dist/test/lab/owner.js");
  for (const how of ["SIGKILL", "SIGTERM", "SIGINT", "throw"] as const) {
    test(`${how} leaves no process, no interface and no folder`, async () => {
      const owner = spawn(process.execPath, [program, how], { stdio: ["ignore", "pipe", "ignore"] });
      const [line = ""] = await Promise.race([
        new Promise<string[]>((resolve) =>
          createInterface({ input: owner.stdout }).once("line", (text) => resolve([text])),
        ),
        ended(owner).then(() => []),
      ]);
      const { pids, directory } = JSON.parse(line) as { pids: number[]; directory: string };
      // Who throws right after it has spoken may have tidied up by now.
      if (how !== "throw") {
        assert.equal(existsSync(directory), true);
        owner.kill(how);
      }
      await ended(owner);
      await until("the lab's processes to be gone", 5_000, () => pids.every((pid) => !existsSync(`/proc/${pid}`)));
      await until("its folder to be gone", 5_000, () => !existsSync(directory));
    });
  }
});
