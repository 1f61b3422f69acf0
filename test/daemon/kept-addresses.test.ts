import assert from "node:assert/strict";
import { test } from "node:test";
import { deskOf } from "./rig.js";

test("an address that somebody took away is put back and announced within a second, and that is said", () => {
  const desk = deskOf("alpha");
  desk.start();
  desk.clock.run(20_000);
  assert.ok(desk.addresses.present.delete("10.0.0.2"));
  desk.addresses.announced.length = 0;
  desk.clock.run(1_000);
  assert.ok(desk.addresses.present.has("10.0.0.2"));
  assert.ok(desk.addresses.announced.includes("10.0.0.2"));
  assert.match(desk.lines.join("\n"), /10\.0\.0\.2\S* was taken from its interface by somebody else; putting it back/);
});

test("an address that cannot be put back is not announced: the neighbours must not look for it here", () => {
  const desk = deskOf("alpha");
  desk.start();
  desk.clock.run(20_000);
  desk.addresses.present.delete("10.0.0.2");
  desk.addresses.announced.length = 0;
  desk.addresses.failing.set("add", "no such device");
  desk.clock.run(60_000);
  assert.equal(desk.addresses.announced.includes("10.0.0.2"), false);
});

test("somebody who takes an address away again and again does not fill the log", () => {
  const desk = deskOf("alpha");
  desk.start();
  desk.clock.run(20_000);
  for (let i = 0; i < 25; i++) {
    desk.addresses.present.delete("10.0.0.2");
    desk.clock.run(1_000);
    assert.ok(desk.addresses.present.has("10.0.0.2"), `second ${i}`);
  }
  const said = desk.lines.filter((line) => line.includes("by somebody else"));
  assert.deepEqual(
    said.map((line) => /\((\d+) times/.exec(line)?.[1]),
    [undefined, "10"],
  );
});
