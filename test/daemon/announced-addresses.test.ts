import assert from "node:assert/strict";
import { test } from "node:test";
import { deskOf } from "./rig.js";

test("each acquisition of an address is one line of the debugfile, however often the address is announced", () => {
  const desk = deskOf("alpha");
  const said = () => desk.lines.filter((line) => line.startsWith("Sending Gratuitous Arp"));
  desk.start();
  desk.clock.run(60_000);
  assert.deepEqual(
    said(),
    ["10.0.0.1", "10.0.0.2"].map((one) => `Sending Gratuitous Arp for ${one} on eth9`),
  );
  const rounds = desk.addresses.announced.filter((one) => one === "10.0.0.2").length;
  assert.ok(rounds > 3, `${rounds} rounds`);
  // Put back after a theft: nothing was acquired, and another line says what happened.
  desk.addresses.present.delete("10.0.0.2");
  desk.clock.run(5_000);
  assert.equal(said().length, 2);
});
