/** What people do to a running pair with their own hands, as the tutorial tells them to, or as they should not. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { page } from "../../src/lab/acts.js";
import { until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { now } from "../../src/lab/moment.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { FIRST, gapOf, NAMES, type Name, other, phaseOf, SECOND, settled } from "./our-pair.js";
import { labSkip } from "./support.js";

describe("a pair of ours in the hands of its operators", {
  skip: labSkip({ nginx: "nginx-light" }),
  timeout: 600_000,
}, () => {
  let lab: Lab;
  let probe: ProbeRun;
  before(async () => {
    lab = await openLab({ files: seedFiles({ services: ["nginx"], extra: ["announce_interval 1"] }) });
    await lab.start();
    probe = await lab.probe(SEED_ADDRESSES);
    await home();
  });
  after(() => lab?.close());

  const shows = (name: Name): Promise<unknown> =>
    until(`the page of ${name}`, 20_000, async () => (await page(lab)) === name, 50);
  const home = async (): Promise<void> => {
    await settled(lab, probe);
    await shows("master1");
  };
  const bothWith = async (name: Name): Promise<void> => {
    for (const address of SEED_ADDRESSES) await probe.answeredBy(address, name);
  };
  const run = (name: Name, command: string) => lab.node(name).run(command);

  test("active/active: whichever node dies, the other one holds both addresses, and gives one back", async () => {
    for (const name of NAMES) {
      await lab.node(name).crash();
      await bothWith(other(name));
      await shows(other(name));
      await lab.node(name).revive();
      await home();
    }
    assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
  });

  test("the processes have the titles that people look for", async () => {
    const titles = (await lab.node("master1").processes()).map((one) => one.command);
    for (const title of ["master control process", "daemon", "script runner"])
      assert.equal(titles.filter((one) => one === `heartbeat: ${title}`).length, 1, titles.join("\n"));
  });

  test("a service that dies moves nothing: heartbeat is about servers, as it was", async () => {
    const since = now();
    assert.equal((await run("master1", "kill -QUIT $(cat /usr/local/nginx/logs/nginx.pid)")).code, 0);
    await until("nginx to be gone", 10_000, async () => (await page(lab)) === "");
    await sleep(3_000);
    assert.deepEqual(await lab.holders(FIRST), ["master1"]);
    assert.ok((await gapOf(probe, FIRST, since)) < 20);
    assert.equal((await run("master1", "/etc/init.d/nginx start")).code, 0);
    await shows("master1");
  });

  test("a held address that somebody deletes is back at the next announcement, and the log says so", async () => {
    const since = now();
    assert.equal((await run("master1", `ip addr del ${FIRST}/24 dev ens38`)).code, 0);
    await until("the address to be back", 5_000, async () => (await lab.holders(FIRST)).join() === "master1", 20);
    const gap = await gapOf(probe, FIRST, since);
    console.log(`deleted by hand: gap ${gap.toFixed(0)} ms (announce_interval 1 s)`);
    assert.ok(gap < 1_500, `${gap}`);
    assert.match(await lab.node("master1").log(), /WARN: .*172\.30\.105\.201/);
  });

  test("hb_takeover prints nothing; both addresses have labels of their own, and the own one is not touched", async () => {
    const since = now();
    const monitor = lab.node("master2").spawn("exec ip monitor address");
    let changes = "";
    monitor.stdout?.setEncoding("utf8").on("data", (part: string) => {
      changes += part;
    });
    await sleep(200);
    const { code, stdout, stderr } = await run("master2", lab.node("master2").daemon.takeover);
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
    await bothWith("master2");
    await shows("master2");
    monitor.kill();
    assert.match(changes, /172\.30\.105\.201/);
    // What the monitor tells of it are longer lifetimes, never that it was gone.
    assert.doesNotMatch(changes, /Deleted.*172\.30\.105\.202/);
    assert.ok((await gapOf(probe, SECOND, since)) < 20);
    const shown = (await run("master2", "ip addr show dev ens38")).stdout;
    assert.match(shown, /inet 172\.30\.105\.202\/24 brd 172\.30\.105\.255 scope global secondary dynamic ens38:0/);
    assert.match(shown, /inet 172\.30\.105\.201\/24 brd 172\.30\.105\.255 scope global secondary dynamic ens38:1/);
  });

  test("a router's entry for the address follows it", async () => {
    const router = lab.machine("gateway");
    const ask = async (): Promise<string> => {
      await router.run(["bash", "-c", `exec 3<>/dev/tcp/${FIRST}/80`]);
      return (await router.run(["ip", "neigh", "show", FIRST])).stdout;
    };
    await phaseOf(lab.node("master1"), "active");
    assert.match(await ask(), new RegExp(lab.wires.macOf("master2", "ens38")));
    assert.equal((await run("master1", `${lab.node("master1").daemon.takeover} local`)).code, 0);
    await probe.answeredBy(FIRST, "master1");
    // Not asked again: what changed it is the announcement.
    const entry = (await router.run(["ip", "neigh", "show", FIRST])).stdout;
    assert.match(entry, new RegExp(lab.wires.macOf("master1", "ens38")));
    await home();
  });

  test("a service that somebody has started beforehand is no obstacle to a takeover", async () => {
    assert.equal((await run("master2", "/etc/init.d/nginx start")).code, 0);
    assert.equal((await run("master1", lab.node("master1").daemon.standby)).code, 0);
    await bothWith("master2");
    await shows("master2");
    await phaseOf(lab.node("master2"), "active");
    assert.equal((await run("master1", `${lab.node("master1").daemon.takeover} local`)).code, 0);
    await home();
  });
});
