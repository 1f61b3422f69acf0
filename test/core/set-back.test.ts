import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, message, textOf } from "../../src/core/message.js";
import { pair } from "./rig.js";

/** The message with other numbers. */
function leapt(heard: Message, numbers: Readonly<Record<string, number>>): Message {
  const others = heard.filter((field) => !(field.name in numbers));
  const changed = Object.entries(numbers).map(([name, by]) => [
    name,
    (Number.parseInt(textOf(heard, name) ?? "0", 16) + by).toString(16),
  ]);
  return [...others, ...message(Object.fromEntries(changed))];
}

for (const numbers of [{ hbn: 5_000 }, { seq: 400, hbn: 5_000 }, { seq: 100_000, hbn: 1_000_000 }])
  test(`numbers that somebody with the key made leap (${JSON.stringify(numbers)}) do not silence the genuine node`, () => {
    const { world, alpha } = pair();
    world.run(10_000);
    alpha.takeLog();
    for (let i = 1; i <= 3; i++) {
      const last = world.sent.findLast(({ from, message: m }) => from === "bravo" && textOf(m, "t") === "status");
      assert.ok(last !== undefined);
      alpha.hear(leapt(last.message, { ...numbers, hbn: numbers.hbn + i }));
      alpha.hear(leapt(last.message, { ...numbers, hbn: numbers.hbn + i + 1, seq: (numbers.seq ?? 0) + i }));
      world.run(500);
    }
    world.run(30_000);
    assert.deepEqual(
      alpha.takeLog().filter((line) => /is dead/.test(line)),
      [],
    );
    const { reportAt } = alpha.peer("bravo");
    assert.ok(reportAt !== undefined && world.now - reportAt < 2_000, "what bravo says is not believed any more");
  });

test("a virtual machine that was set back to a snapshot is heard again before its deadtime", () => {
  const { world, alpha, bravo } = pair();
  world.run(10_000);
  const snapshot = bravo.state;
  world.run(60_000);
  const { nextBeat, dueAt } = bravo.state;
  bravo.state = { ...snapshot, nextBeat, dueAt };
  alpha.takeLog();
  world.run(20_000);
  assert.deepEqual(
    alpha.takeLog().filter((line) => /is dead/.test(line)),
    [],
  );
  assert.equal(alpha.peer("bravo").liveness.kind, "up");
  const { reportAt } = alpha.peer("bravo");
  assert.ok(reportAt !== undefined && world.now - reportAt < 2_000, "what bravo says is not believed any more");
});
