/**
 * The README's "Two real servers, step by step", typed as it stands there on two bare nodes of the lab: no heartbeat user, no /etc/ha.d,
 * both cards in one network without a host route, and a firewall that lets nothing in. Only `apt-get`, `git clone` and `systemctl` are
 * left out, and the copy to the other server does not go over ssh.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { page } from "../../src/lab/acts.js";
import { type Outcome, until } from "../../src/lab/child.js";
import { ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { nginxFiles } from "../../src/lab/seed.js";
import { seedTopology, type Topology } from "../../src/lab/topology.js";
import { checkout } from "../../src/lab/tree.js";
import { blocks, document, section, spans } from "../docs/readme-commands.js";
import { ADDRESS, FIRST, NAMES, type Name, phaseOf } from "./our-pair.js";
import { labSkip } from "./support.js";
import { Tap } from "./wire-tap.js";

const steps = section(document("README.md"), "Two real servers, step by step");
const atThree = section(document("README.md"), "At 3 a.m.");
const typed = (word: string): string => {
  const [command, ...others] = [...blocks(steps, "sh").join("\n").replaceAll("\\\n", " ").split("\n")].filter((line) =>
    line.startsWith(word),
  );
  assert.ok(command !== undefined && others.length === 0, `the README has not exactly one command ${word}…`);
  return command;
};

/** A firewall in the table and chain of Debian's example that lets nothing of ours in. */
const FIREWALL = `table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, icmpv6 } accept
    tcp dport 80 accept
    reject
  }
}
`;

/** The tutorial's machines without the host route that the README does not ask for. */
function bareTopology(): Topology {
  const plan = seedTopology();
  const nodes = plan.nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map(({ routes: _, ...card }) => card),
  }));
  return { ...plan, nodes };
}

describe("two real servers, step by step", {
  skip: labSkip({ nginx: "nginx-light", tcpdump: "tcpdump" }),
  timeout: 600_000,
}, () => {
  let lab: Lab;
  before(async () => {
    const { prepare: _, ...bare } = ourDaemon();
    const nothing = (name: Name) => ({ haCf: "", authkeys: "", haresources: "", extra: nginxFiles(name) });
    const files = { master1: nothing("master1"), master2: nothing("master2") };
    lab = await openLab({ topology: bareTopology(), files, daemon: bare });
    for (const name of NAMES) await type(name, `rm -r /etc/ha.d; ln -s ${checkout} /opt/heartbeat`);
    for (const name of NAMES) {
      const { code, stderr } = await lab.node(name).run(["nft", "-f", "-"], { input: FIREWALL });
      assert.equal(code, 0, stderr);
    }
  });
  after(() => lab?.close());

  const type = (name: string, command: string): Promise<Outcome> =>
    lab.machine(name).run(["bash", "-c", command], {
      timeout: 60_000,
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    });
  const must = async (name: string, command: string): Promise<string> => {
    const { code, stdout, stderr } = await type(name, command);
    const log = code === 0 ? "" : (await lab.node(name).log()).split("\n").slice(-25).join("\n");
    assert.equal(code, 0, `${name}: ${command}: ${stdout}${stderr}\n${log}`);
    return stdout;
  };
  const held = (by: Name): Promise<unknown> =>
    until(`${by} to show its page`, 30_000, async () => (await page(lab)) === by, 100);

  test("steps 1 to 6: link the programs, write the files, copy them, check them", async () => {
    for (const name of NAMES) await must(name, typed("ln -s"));
    const said = await must("master1", typed("heartbeat init"));
    assert.match(said, /wrote \/etc\/ha\.d\/authkeys/);
    // As the README has it, but without ssh: the same folder, the same modes.
    assert.match(typed("ssh root@172.30.105.102"), /mkdir -p \/etc\/ha\.d$/);
    assert.match(
      typed("scp -p"),
      /^scp -p \/etc\/ha\.d\/\{ha\.cf,authkeys,haresources\} root@172\.30\.105\.102:\/etc\/ha\.d\/$/,
    );
    const copy = await must("master1", "tar -C / -cf - etc/ha.d/{ha.cf,authkeys,haresources} | base64");
    await lab.node("master2").run(["sh", "-c", "base64 -d | tar -C / -xpf -"], { input: copy });
    for (const name of NAMES) {
      const checked = await must(name, "heartbeat check");
      assert.match(checked, /no errors, 2 warnings/);
      assert.match(checked, /only one heartbeat link, ens33/);
      assert.match(checked, /Invalid uid \[hacluster\]/);
    }
    assert.equal(await must("master2", "stat -c %a /etc/ha.d/authkeys"), "600\n");
  });

  test("steps 7 and 8: through the opened firewall both are active, master1 serves, no heartbeat leaves by the other card", async () => {
    const [rule, ...others] = spans(steps, "nft ");
    assert.ok(rule !== undefined && others.length === 0);
    for (const name of NAMES) await must(name, rule);
    const service = await Tap.set(lab.node("master1"), "ens38");
    await Promise.all(NAMES.map((name) => must(name, "heartbeat")));
    await held("master1");
    for (const name of NAMES) await phaseOf(lab.node(name), "active");
    assert.match(await must("master2", "heartbeat status"), /held by master1/);
    assert.match((await type("master1", "timeout 2 heartbeat status --watch")).stdout, /master2 is up/);
    await sleep(2_000);
    assert.equal(service.datagrams.length, 0);
    await service.remove();
  });

  test("the rehearsal and the commands of the night: standby, takeover, what the files hold", async () => {
    assert.match((await type("master1", "hb_standby")).stderr, /Going standby \[all\]\.\n$/);
    await held("master2");
    await must("master1", "hb_takeover");
    await held("master1");
    await must("master1", "hb_standby");
    await held("master2");
    await phaseOf(lab.node("master1"), "active");
    assert.deepEqual(spans(atThree, "heartbeat takeover"), ["heartbeat takeover local"]);
    await must("master1", "heartbeat takeover local");
    await held("master1");
    assert.deepEqual(spans(atThree, "/var/log"), ["/var/log/heartbeat.jsonl"]);
    assert.match(await lab.node("master1").log("heartbeat.jsonl"), /"what":"clearance","detail":\{.*"because":/);
    assert.match(await lab.node("master1").log("ha-debug"), /Starting nginx daemon: nginx/);
    assert.match(
      await lab.node("master2").log(),
      new RegExp(`Acquiring resource group: master1 ${ADDRESS(201)} nginx`),
    );
  });

  test("the second link: added on one node after the other, and the first one cut, nothing moves", async () => {
    const lines = spans(steps, "ucast ");
    assert.equal(lines.length, 2);
    const rule = (spans(steps, "nft ")[0] ?? "").replace("ens33", "ens38");
    for (const name of NAMES) {
      await must(name, rule);
      const haCf = await lab.node(name).read("/etc/ha.d/ha.cf");
      await lab.node(name).furnish({ haCf: haCf.replace(/(^ucast .*\n)(?!ucast)/m, `$1${lines.join("\n")}\n`) });
      await must(name, "heartbeat -k");
      await must(name, "heartbeat");
      await phaseOf(lab.node(name), "active", 40_000);
    }
    assert.match(await must("master1", "heartbeat check"), /no errors, 1 warning\n/);
    const before = await lab.holders(FIRST);
    await lab.cut("master1:ens33");
    for (const name of NAMES) await lab.node(name).logged(/info: Link master[12]:ens33 dead\./);
    await sleep(2_000);
    assert.deepEqual(await lab.holders(FIRST), before);
    for (const name of NAMES) await phaseOf(lab.node(name), "active");
    assert.equal(before.length, 1);
  });
});
