import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { nextIdentity } from "../../src/io/identity.js";
import { readPidFile, removePidFile, writePidFile } from "../../src/io/pid-file.js";
import { temporaryDirectory } from "./temporary.js";

const placesIn = () => {
  const directory = join(temporaryDirectory(), "var/lib/heartbeat");
  return { directory, generation: join(directory, "hb_generation"), uuid: join(directory, "hb_uuid") };
};

describe("the identity of a node", () => {
  it("begins with a generation from the clock and a new uuid, and says so in the original's words", () => {
    const places = placesIn();
    const first = nextIdentity(places, 1795361466.5);
    assert.deepEqual(first.lines, [
      { level: "WARN", text: "No Previous generation - starting at 1795361467" },
      { level: "info", text: "Heartbeat generation: 1795361467" },
      { level: "info", text: "No uuid found for current node - generating a new uuid." },
    ]);
    assert.equal(readFileSync(places.generation, "latin1"), "     1795361467\n");
    assert.deepEqual(new Uint8Array(readFileSync(places.uuid)), first.uuid);
    assert.equal(first.uuid.length, 16);
    assert.deepEqual(readdirSync(places.directory).sort(), ["hb_generation", "hb_uuid"]);
  });

  it("counts the generation up at every start and keeps the uuid, whatever the clock says", () => {
    const places = placesIn();
    const first = nextIdentity(places, 1000);
    const second = nextIdentity(places, 10);
    assert.equal(second.generation, first.generation + 1);
    assert.deepEqual(second.uuid, first.uuid);
    assert.deepEqual(second.lines, [{ level: "info", text: "Heartbeat generation: 1002" }]);
  });

  it("takes its generation from the clock when hbgenmethod is time, but never an older one than the last", () => {
    const places = placesIn();
    const methods = { generation: "time", uuid: { from: "file" } } as const;
    const generations = [1000.9, 5000, 10].map((wall) => nextIdentity(places, wall, methods).generation);
    assert.deepEqual(generations, [1000, 5000, 5001]);
    const nowhere = { generation: "/etc/passwd/hb_generation", uuid: places.uuid };
    assert.equal(nextIdentity(nowhere, 7000, methods).generation, 7000);
    assert.throws(() => nextIdentity(nowhere, 7000));
  });

  it("has a uuid that follows from the name when uuidfrom is nodename, and says the original's number", () => {
    const of = (node: string) =>
      nextIdentity(placesIn(), 1000, { generation: "time", uuid: { from: "nodename", node } });
    const master1 = of("master1");
    assert.deepEqual(master1.lines.at(-1), { level: "info", text: "seed is 840442383" });
    assert.deepEqual(master1.uuid, of("master1").uuid);
    assert.notDeepEqual(master1.uuid, of("master2").uuid);
    assert.equal(master1.uuid.length, 16);
  });

  it("survives garbled files", () => {
    const places = placesIn();
    nextIdentity(places, 1000);
    writeFileSync(places.generation, "not a number\n");
    writeFileSync(places.uuid, "short");
    const again = nextIdentity(places, 5000);
    assert.equal(again.generation, 5001);
    assert.equal(again.lines.length, 3);
  });
});

describe("the pid file", () => {
  it("has the original's eleven bytes and is removed only by the one it names", () => {
    const path = join(temporaryDirectory(), "heartbeat.pid");
    writePidFile(path, 4711);
    assert.equal(readFileSync(path, "latin1"), "      4711\n");
    removePidFile(path, 4712);
    assert.equal(readFileSync(path, "latin1"), "      4711\n");
    removePidFile(path, 4711);
    assert.deepEqual(readPidFile(path), { kind: "none" });
  });

  it("that names a stranger is stale: the process is looked at", () => {
    const path = join(temporaryDirectory(), "heartbeat.pid");
    writePidFile(path, 1);
    assert.deepEqual(readPidFile(path), { kind: "stale", pid: 1 });
    writePidFile(path, process.pid);
    assert.deepEqual(readPidFile(path), { kind: "stale", pid: process.pid });
    for (const text of ["", "-1\n", "0\n", "x".repeat(5000)]) {
      writeFileSync(path, text);
      assert.deepEqual(readPidFile(path), { kind: "none" });
    }
  });
});
