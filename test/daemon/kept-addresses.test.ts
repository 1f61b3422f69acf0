import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeName } from "../../src/core/names.js";
import { deskOf } from "./rig.js";

/** Holds everything; about the other node, which is silent, an operator has said that it is down. */
function holderAlone() {
  const desk = deskOf("alpha");
  const loop = desk.start();
  desk.clock.run(20_000);
  loop.confirm(nodeName("bravo"), "root", () => {});
  return desk;
}

test("an address that somebody took away is put back and announced within a second, and that is said", () => {
  const desk = holderAlone();
  assert.ok(desk.addresses.present.delete("10.0.0.2"));
  desk.addresses.announced.length = 0;
  desk.clock.run(1_000);
  assert.ok(desk.addresses.present.has("10.0.0.2"));
  assert.ok(desk.addresses.announced.includes("10.0.0.2"));
  assert.match(desk.lines.join("\n"), /10\.0\.0\.2\S* was taken from its interface by somebody else; putting it back/);
});

test("with a silent peer that may live, an address that somebody took away is back when a deadtime has passed", () => {
  const desk = deskOf("alpha");
  desk.start();
  desk.clock.run(20_000);
  desk.addresses.present.delete("10.0.0.2");
  const { deadtime } = desk.config.settings.timing;
  desk.clock.run(deadtime - 1_000);
  assert.equal(desk.addresses.present.has("10.0.0.2"), false);
  desk.clock.run(2_100);
  assert.ok(desk.addresses.present.has("10.0.0.2"));
});

test("an address that cannot be put back is not announced: the neighbours must not look for it here", () => {
  const desk = holderAlone();
  desk.addresses.present.delete("10.0.0.2");
  desk.addresses.announced.length = 0;
  desk.addresses.failing.set("add", "no such device");
  desk.clock.run(60_000);
  assert.equal(desk.addresses.announced.includes("10.0.0.2"), false);
});

test("somebody who takes an address away again and again does not fill the log", () => {
  const desk = holderAlone();
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
