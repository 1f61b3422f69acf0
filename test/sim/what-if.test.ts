import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allGuarantees } from "../../src/sim/guarantees.js";
import { type OwnCluster, openOwnCluster } from "../../src/sim/own-cluster.js";
import { simulateCommand } from "../../src/sim/simulate-command.js";
import { watch } from "../../src/sim/watching.js";
import { NotUnderstood, parseWhatIf } from "../../src/sim/what-if.js";

const haCf = [
  "keepalive 1",
  "deadtime 5",
  "initdead 10",
  "ucast ens33 10.1.0.1",
  "ucast ens33 10.1.0.2",
  "node master-1 master-2",
];
const filesWith = (...lines: readonly string[]) => ({
  haCf: { path: "ha.cf", text: `${[...haCf, ...lines].join("\n")}\n` },
  authkeys: { path: "authkeys", text: undefined },
  haresources: { path: "haresources", text: "master-1 10.0.0.1/24/ens38 nginx\n" },
});

function clusterWith(...lines: readonly string[]): OwnCluster {
  const opened = openOwnCluster(filesWith("auto_failback on", ...lines), undefined);
  if (!opened.ok) assert.fail(opened.problems.map(({ text }) => text).join("\n"));
  return opened.cluster;
}

const fateOf = (question: string, cluster: OwnCluster) => watch(cluster, parseWhatIf(question, cluster)).fates[0];

describe("heartbeat simulate", () => {
  it("tells how a group moves when its node crashes, and that it comes home", () => {
    const cluster = clusterWith();
    const crashed = fateOf("master-1 crashes", cluster);
    assert.deepEqual([crashed?.outcome, crashed?.after], ["moves", "master-2"]);
    assert.ok((crashed?.unserved ?? 0) > 4_000 && (crashed?.unserved ?? 0) < 6_500, `${crashed?.unserved} ms`);
    const back = fateOf("master-1 crashes, then master-1 comes back", cluster);
    assert.deepEqual([back?.outcome, back?.after], ["stays", "master-1"]);
  });

  it("tells that a cut of the only link makes two holders where nobody asks the address, and that a second link prevents it", () => {
    const [unasked, second] = ["ask_address off", "bcast ens34"];
    assert.equal(fateOf("master-1 loses ens33", clusterWith(unasked))?.outcome, "two holders");
    assert.equal(fateOf("master-1 loses ens33", clusterWith(unasked, second))?.outcome, "stays");
    assert.equal(fateOf("master-1 loses ens33 and ens34", clusterWith(unasked, second))?.outcome, "two holders");
  });

  it("tells that asking the address saves it while the service LAN is whole, and a witness when a node is cut off altogether", () => {
    assert.equal(fateOf("master-1 loses ens33", clusterWith())?.outcome, "stays");
    assert.equal(fateOf("master-1 is cut off", clusterWith())?.outcome, "two holders");
    const files = filesWith("auto_failback on", "arbiter witness 192.0.2.9");
    const haresources = { path: "haresources", text: "master-1 10.0.0.1/24/ens38\n" };
    const witnessed = openOwnCluster({ ...files, haresources }, undefined);
    assert.equal(witnessed.ok && fateOf("master-1 is cut off", witnessed.cluster)?.outcome, "moves");
  });

  it("understands every line of its own list, and says what there is when it does not", () => {
    const cluster = clusterWith(
      "ping 10.0.0.254",
      "stonith_host * null master-1 master-2",
      "arbiter witness 192.0.2.9",
    );
    const lines = [
      "master-1 loses 10.0.0.254",
      "master-1 loses its ping nodes",
      "master-1 is cut off",
      "master-1's daemon dies",
    ];
    const others = [
      "master-1 freezes",
      "master-1 stops",
      "master-1 goes standby",
      "master-2 takes over",
      "link ens33 fails",
    ];
    for (const line of [
      ...lines,
      ...others,
      "all links fail",
      "everything heals",
      "nginx hangs on master-2",
      "fencing fails",
    ])
      assert.equal(parseWhatIf(line, cluster)[0]?.[0]?.text, line);
    assert.throws(() => parseWhatIf("master-1 loses eth7", cluster), NotUnderstood);
    assert.throws(() => parseWhatIf("master3 crashes", cluster), /nodes master-1, master-2; links ens33/);
  });

  it("prints a time line or JSON, and refuses files that heartbeat would not start with", async () => {
    const said: string[] = [];
    const outside = (files: ReturnType<typeof filesWith>) => ({
      confDir: "/etc/ha.d",
      loadFiles: () => files,
      hostFacts: () => ({}),
      out: (text: string) => void said.push(text),
      error: (text: string) => void said.push(text),
    });
    assert.equal(await simulateCommand(["master-1", "crashes"], outside(filesWith("auto_failback on"))), 0);
    assert.match(said.join(""), /[45]\.\d s +master-2 +answers for 10\.0\.0\.1/);
    said.length = 0;
    assert.equal(await simulateCommand(["--json", "master-1 stops"], outside(filesWith("auto_failback on"))), 0);
    assert.equal(JSON.parse(said.join("")).groups[0].outcome, "moves");
    assert.equal(await simulateCommand(["master-1 flies"], outside(filesWith("auto_failback on"))), 64);
    assert.equal(await simulateCommand(["master-1 stops"], outside(filesWith("auto_failback perhaps"))), 1);
  });
});

describe("heartbeat check --guarantees", () => {
  it("finds the failures that lead to two holders, and the line that mends each, by trying", () => {
    const files = filesWith("auto_failback on", "ask_address off");
    const { singles } = allGuarantees(clusterWith("ask_address off"), { files, resolved: undefined });
    const outcomeOf = (failure: string) => singles.find((one) => one.failure === failure);
    assert.equal(outcomeOf("master-1 crashes")?.outcome, "moves");
    assert.equal(outcomeOf("link ens33 fails")?.outcome, "two holders");
    const mending = outcomeOf("link ens33 fails")?.mendedBy ?? [];
    assert.ok(
      mending.includes("one more link: bcast INTERFACE") && mending.includes("ask_address on"),
      mending.join("; "),
    );
    assert.ok(!mending.includes("auto_failback off"));
  });
});
