/** `heartbeat doctor` on a real pair: each trouble is planted on the machines, found, and mended by the very command that it prints. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Finding } from "../../src/doctor/finding.js";
import { quote, until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { checkout } from "../../src/lab/tree.js";
import {
  NAMES,
  type Name,
  pairFiles,
  pairTopology,
  phaseOf,
  snapshotOf,
  tellLogs,
  ucast33,
  ucast38,
} from "./our-pair.js";
import { labSkip } from "./support.js";

const heartbeat = quote(`${checkout}/bin/heartbeat`);
const shortTimes = { keepalive: "100ms", deadtime: "1", warntime: "500ms", initdead: "2" };

describe("heartbeat doctor on a pair", { skip: labSkip(), timeout: 600_000 }, () => {
  let lab: Lab;
  before(async () => {
    const files = pairFiles({ ...shortTimes, media: (node) => [ucast33(node), ucast38(node)] });
    lab = await openLab({ topology: pairTopology(), files });
  });
  after(async () => {
    await tellLogs(lab);
    await lab.close();
  });

  const must = async (name: string, command: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.machine(name).run(command);
    assert.equal(code, 0, `${name}: ${command}: ${stdout}${stderr}`);
    return stdout;
  };
  const doctor = async (
    name: Name,
  ): Promise<{ readonly findings: readonly Finding[]; readonly code: number | null }> => {
    const { code, stdout, stderr } = await lab.node(name).run(`${heartbeat} doctor --json`);
    assert.ok(stdout.startsWith("{"), stdout + stderr);
    return { findings: (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings, code };
  };
  /** Asserts that the node's doctor finds all of these, by code and by a pattern for its sentence. @returns the first one. */
  const found = async (name: Name, ...wanted: readonly (readonly [code: string, says: RegExp])[]): Promise<Finding> => {
    const { findings } = await doctor(name);
    const all = wanted.map(([code, says]) => {
      const finding = findings.find((one) => one.code === code && says.test(one.what));
      assert.ok(finding !== undefined, `${name}: no ${code} ${says} among ${JSON.stringify(findings, undefined, 1)}`);
      return finding;
    });
    return all[0] ?? assert.fail();
  };
  const start = async (): Promise<void> => {
    await lab.start();
    for (const name of NAMES) await phaseOf(lab.node(name), "active");
  };
  const stop = (): Promise<unknown> => Promise.all(NAMES.map((name) => lab.node(name).stop()));

  test("before the start: an address that another machine has, a program on the port, a file for a FIFO, a cable that is out", async () => {
    await must("client", "ip addr add 172.30.105.201/24 dev ens38");
    await must(
      "master1",
      "touch /var/lib/heartbeat/fifo || { mkdir -p /var/lib/heartbeat && touch /var/lib/heartbeat/fifo; }",
    );
    await must("master1", "rm -f /run/heartbeat.pid; echo '    999999' >/run/heartbeat.pid");
    const squatter = 'require("dgram").createSocket("udp4").bind(694)';
    await must(
      "master1",
      `setsid node -e ${quote(squatter)} </dev/null >/dev/null 2>&1 & echo $! >/run/squatter; sleep 1`,
    );
    await lab.cut("master1:ens33", { unplug: true });
    const { findings, code } = await doctor("master1");
    const codes = new Map(findings.map((one) => [one.code, one]));
    assert.equal(code, 2);
    assert.match(
      codes.get("address-active-elsewhere")?.what ?? "",
      /172\.30\.105\.201 is active on another machine already, [0-9a-f:]{17} on ens38/,
    );
    assert.match(codes.get("port-taken")?.what ?? "", /udp port 694 is taken by node -e .*\(pid \d+\)/);
    for (const expected of ["fifo-is-a-file", "stale-pid-file", "no-carrier", "not-running"])
      assert.ok(codes.has(expected), `${expected}: ${[...codes.keys()].join(" ")}`);
    await must("master1", codes.get("fifo-is-a-file")?.mend[0]?.split("    ")[0] ?? "false");
    await must("master1", "kill $(cat /run/squatter)");
    await must("client", "ip addr del 172.30.105.201/24 dev ens38");
    await lab.heal();
    await until("the carrier to be back", 5_000, async () => {
      const { findings: now } = await doctor("master1");
      return !now.some(({ severity }) => severity === "error");
    });
  });

  test("somebody who is not root is told what could not be looked at", async () => {
    const { stdout } = await lab.node("master1").run(`setpriv --reuid 65534 --clear-groups ${heartbeat} doctor`);
    for (const what of ["the rules of the firewall", "which processes use heartbeat's port", "who answers for"])
      assert.match(stdout, new RegExp(`not looked at: ${what}`));
  });

  test("a pair that works has no errors", async () => {
    await start();
    for (const { findings } of await Promise.all(NAMES.map(doctor)))
      assert.deepEqual(
        findings.filter(({ severity }) => severity === "error"),
        [],
      );
  });

  test("a rule that drops port 694 is named, and the printed command opens it", async () => {
    const rules =
      "table inet filter { chain input { type filter hook input priority 0; policy accept; iifname ens33 udp dport 694 counter drop; }; }";
    await must("master2", `nft ${quote(rules)}`);
    const finding = await found("master2", [
      "firewall-drops-heartbeats",
      /come in on ens33 from 172\.30\.105\.101, udp port 694 \(nft, table inet filter, chain input/,
    ]);
    await until("the link to be dead", 5_000, async () =>
      (await snapshotOf(lab.node("master2"))).nodes.some((node) => node.links.some((link) => !node.self && !link.up)),
    );
    await found("master2", ["link-dead", /master1 arrives over ens33/]);
    await must("master2", finding.mend[0] ?? "false");
    const { findings } = await doctor("master2");
    assert.ok(!findings.some(({ code }) => code === "firewall-drops-heartbeats"), JSON.stringify(findings));
    await must("master2", "nft flush ruleset");
  });

  test("an address that a second machine has too is found on both nodes", async () => {
    await must("client", "ip addr add 172.30.105.201/24 dev ens38");
    await Promise.all([
      found("master1", ["address-twice", /172\.30\.105\.201 is answered for by 2 machines: this host, /]),
      found("master2", ["address-twice", /172\.30\.105\.201 is answered for by 2 machines: [0-9a-f:]{17}, /]),
    ]);
    await must("client", "ip addr del 172.30.105.201/24 dev ens38");
    await stop();
  });

  test("a cloned disk, clocks apart, another deadtime and other groups are seen from either side", async () => {
    const uuid = await must("master1", "base64 /var/lib/heartbeat/hb_uuid");
    await must("master2", `echo ${uuid.trim()} | base64 -d >/var/lib/heartbeat/hb_uuid`);
    const master2 = lab.node("master2");
    await must("master2", "sed -i 's/^deadtime .*/deadtime 1500ms/' /etc/ha.d/ha.cf");
    await master2.furnish({ haresources: "master2 172.30.105.202/24/ens38\n" });
    // No namespace has a wall clock of its own; the daemon over there reads another one.
    const shifted = "--import data:text/javascript,const%20now=Date.now;Date.now=()=>now()+90000";
    await lab.node("master1").start();
    await must("master2", `export NODE_OPTIONS=${quote(shifted)}; ${master2.daemon.start}`);
    for (const name of NAMES) await phaseOf(lab.node(name), "active");
    await until("the deadtimes to be known", 10_000, async () =>
      (await snapshotOf(lab.node("master1"))).nodes.some((node) => node.announcedDeadtime === 1_500),
    );
    const { findings } = await doctor("master1");
    const said = new Map(findings.map(({ code, what }) => [code, what]));
    assert.match(said.get("clocks-apart") ?? "", /The clock of master2 is (89|90|91) s ahead of this node's/);
    assert.match(said.get("different-deadtime") ?? "", /The deadtime of master2 is 1500 ms, here it is 1000 ms/);
    assert.match(said.get("different-haresources") ?? "", /groups of master2 are not those of this node/);
    assert.match(said.get("same-uuid") ?? "", /same uuid/);
    await found("master2", ["same-uuid", /same uuid/], ["clocks-apart", /master1 is (89|90|91) s behind/]);
    await stop();
  });

  test("a peer with another key, and a peer that does not hear us, are told apart", async () => {
    const [one, two] = [lab.node("master1"), lab.node("master2")];
    await two.furnish({ authkeys: "auth 2\n2 sha1 another-key-than-that-of-the-tutorial\n" });
    await lab.start();
    await until("master1 to give master2 up", 10_000, async () =>
      (await snapshotOf(one)).nodes.some((node) => node.name === "master2" && node.liveness === "dead"),
    );
    const key = await found("master1", ["wrong-key", /bad-digest: \d+/]);
    assert.equal(key.severity, "error");
    assert.match(key.why, /^master2 is not heard: its authkeys/);
    await two.stop();
    const right = (await must("master1", "base64 -w0 /etc/ha.d/authkeys")).trim();
    await must("master2", `echo ${right} | base64 -d >/etc/ha.d/authkeys`);
    await must(
      "master2",
      "nft 'table inet filter { chain input { type filter hook input priority 0; policy drop; iif lo accept; }; }'",
    );
    await two.start();
    await Promise.all([
      found("master1", ["peer-does-not-hear-us", /master2 is heard, but does not hear us/]),
      found(
        "master2",
        ["peer-not-heard", /master1 is not heard on any link/],
        ["firewall-drops-heartbeats", /its policy is drop/],
      ),
    ]);
    await stop();
  });
});
