/** The original's own client programs, unchanged, with our daemon: Debian's cl_status, ipfail and ccm. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { until } from "../../src/lab/child.js";
import { type ClientAnswer, playStates, states } from "../../src/lab/client-states.js";
import { differences } from "../../src/lab/client-table.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { checkout } from "../../src/lab/tree.js";
import { onSteadyMachine, tellLogs } from "./our-pair.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();

const skip = originalSkip("CLIENTS OF THE ORIGINAL", original);
/** Ours, with the original's programs on the disk beside it. */
const ours = (): DaemonPlan => ({ ...ourDaemon(), packages: original.kind === "unpacked" ? [original.root] : [] });

/**
 * `hbstatus -v` shows what ccm has said by the time it looks, and is often quicker than ccm; what ccm knows is asked of ccm itself below.
 */
const withoutCcm = (answers: readonly ClientAnswer[]): ClientAnswer[] =>
  answers.map((one) => ({ ...one, stdout: one.stdout.replace(/ccm membership.*\n(\t.*\n)*\n/, "") }));

describe("Debian's unchanged cl_status", { skip, timeout: 600_000 }, () => {
  test("prints and returns with our daemon what it does with its own: every sub-command in nine states of a node", () =>
    onSteadyMachine(async () => {
      const vectors = readFileSync(join(checkout, "test/vectors/cl_status-states-3.0.6.json"), "utf8");
      const { answers: theirs } = JSON.parse(vectors) as { answers: ClientAnswer[] };
      assert.equal(new Set(theirs.map(({ state }) => state)).size, states.length);
      const answers = await playStates({ daemon: ours(), lines: [] }, (state) => console.log(state));
      assert.deepEqual(differences(withoutCcm(theirs), withoutCcm(answers)), []);
    }));
});

const [FIRST] = SEED_ADDRESSES;
const respawn = ["ipfail", "ccm"].map((client) => `respawn hacluster /usr/libexec/heartbeat/${client}`);

/** Loses and regains the first node's way to the ping node, with the original's ipfail running on it as a client of our daemon. */
async function playIpfail(lab: Lab): Promise<void> {
  const first = lab.node("master1");
  const online = async (node: string, client: string): Promise<boolean> =>
    (await first.run(`/usr/bin/cl_status clientstatus ${node} ${client} 2000`)).stdout === "online\n";
  for (const node of ["master1", "master2"])
    for (const client of ["ipfail", "ccm"])
      await until(`${client} on ${node}`, 60_000, () => online(node, client), 250);
  const holder = (node: string) =>
    until(`${node} to hold the address`, 30_000, async () => (await lab.holders(FIRST)).join() === node, 100);
  await holder("master1");
  await first.logged(/ipfail: \[\d+\]: info: (Ping node count is balanced|No giveup timer to abort)\./);
  await until("calm", 30_000, async () => (await first.run("/usr/bin/cl_status rscstatus")).stdout === "local\n", 250);
  await lab.cut("master1:ens38");
  await holder("master2");
  await first.logged(/ipfail: \[\d+\]: info: giveup\(\) called \(timeout worked\)/);
  await lab.heal();
  await holder("master1");
}

async function withLab(
  daemon: (node: string) => DaemonPlan,
  lines: (node: string) => string,
  body: (lab: Lab) => Promise<void>,
) {
  const plain = seedFiles({ keepalive: "500ms", deadtime: "3", warntime: "2", initdead: "8", extra: respawn });
  const files = Object.fromEntries(
    Object.entries(plain).map(([name, file]) => [name, { ...file, haCf: `${file.haCf}${lines(name)}` }]),
  );
  const lab = await openLab({ files, daemon });
  try {
    await lab.start();
    await body(lab);
  } catch (error) {
    await tellLogs(lab);
    throw error;
  } finally {
    await lab.close();
  }
}

describe("the original's ipfail and ccm as respawned clients", { skip, timeout: 600_000 }, () => {
  const external = "builtin_ipfail off\n";

  test("of a pair of ours: the groups follow the ping node, both nodes are members for ccm, and a killed ipfail is back in a second", () =>
    onSteadyMachine(() =>
      withLab(
        () => ours(),
        () => external,
        async (lab) => {
          await playIpfail(lab);
          const first = lab.node("master1");
          const { stdout, stderr } = await first.run("timeout 4 /usr/libexec/heartbeat/ccm_testclient");
          assert.match(`${stdout}${stderr}`, /instance=\d+, nodes=2,/);
          const pid = async (): Promise<string> => (await first.run("pgrep -x ipfail")).stdout.trim();
          const killed = await pid();
          assert.equal((await first.run(`stat -c %U /proc/${killed}`)).stdout, "hacluster\n");
          await first.run(`kill -9 ${killed}`);
          const line = `Managed /usr/libexec/heartbeat/ipfail process ${killed} killed by signal 9`;
          await first.logged(new RegExp(line));
          await until("ipfail to be back", 5_000, async () => ![killed, ""].includes(await pid()), 100);
          assert.equal((await first.stop()).code, 0);
          assert.match(await first.log(), /killing \/usr\/libexec\/heartbeat\/ipfail process group \d+ with signal 15/);
          assert.equal(await pid(), "");
        },
      ),
    ));

  const long = process.env["LAB_LONG"] === undefined ? "LAB_LONG=1 plays it" : false;
  for (const node of ["master1", "master2"])
    test(`of ours on ${node}, beside an original with its own`, { skip: long }, () =>
      withLab(
        (name) => (name === node ? ours() : originalDaemon(original)),
        (name) => (name === node ? external : ""),
        playIpfail,
      ),
    );
});
