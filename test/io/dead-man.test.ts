import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "../../src/core/time.js";
import { type DeadManSettings, openDeadMan } from "../../src/io/dead-man.js";
import type { DeadManFilter } from "../../src/io/dead-man-filter.js";
import type * as libc from "../../src/io/libc.js";

const settings: DeadManSettings = {
  rules: { name: "heartbeat", mark: 0x4842_0001, limit: 60, ipv4: [Uint8Array.of(172, 30, 105, 201)], ipv6: [] },
  noFilter: undefined,
  spans: undefined,
  deadtime: 100,
};
const done: libc.SystemResult<void> = { ok: true, value: undefined };

/** A packet filter that keeps what it is told, and does what is to be done elsewhere when the test says so. */
class PretendFilter implements DeadManFilter {
  isHere = false;
  readonly elsewhere: (() => void)[] = [];

  install(): libc.SystemResult<void> {
    this.isHere = true;
    return done;
  }
  installElsewhere(then: (outcome: libc.SystemResult<void>) => void): void {
    this.elsewhere.push(() => {
      then(this.install());
    });
  }
  canRefresh = (): boolean => true;
  refresh = () => (this.isHere ? "taken" : "passed");
  isWhole = (): boolean => this.isHere;
  isThere = (): boolean => this.isHere;
  remove(): void {
    this.isHere = false;
  }
  removeElsewhere(): void {
    this.elsewhere.push(() => this.remove());
  }
}

function opened() {
  const filter = new PretendFilter();
  const said: string[] = [];
  const hands = {
    addresses: { renew: () => {} },
    log: { line: ({ text }: { text: string }) => void said.push(text), record: () => {} },
  };
  const deadMan = openDeadMan(settings, hands, () => ({ ok: true, value: filter }));
  const refresh = (): void => deadMan.refresh(milliseconds(1_000), []);
  return { deadMan, filter, said, refresh };
}

test("rules that somebody took away are put back, and the log says so", () => {
  const { deadMan, filter, said, refresh } = opened();
  deadMan.prepare();
  filter.remove();
  refresh();
  for (const work of filter.elsewhere.splice(0)) work();
  assert.ok(filter.isHere);
  assert.match(said.join("\n"), /somebody removed rules/);
});

test("after a clean stop nothing is put back: neither by a heartbeat that was due, nor by work that was under way elsewhere", () => {
  const { deadMan, filter, said, refresh } = opened();
  deadMan.prepare();
  filter.remove();
  refresh();
  said.length = 0;
  deadMan.close();
  refresh();
  for (const work of filter.elsewhere.splice(0)) work();
  assert.equal(filter.isHere, false);
  assert.deepEqual(said, []);
});
