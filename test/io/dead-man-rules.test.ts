import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { install, tablesOf, uninstall } from "../../src/io/dead-man-rules.js";
import { parseAttributes, parseMessages } from "../../src/io/netlink-format.js";
import type { Request } from "../../src/io/nftables-format.js";

const rules = {
  name: "heartbeat",
  mark: 0x4842_0001,
  limit: 33,
  ipv4: [Uint8Array.from([172, 30, 105, 201])],
  ipv6: [Uint8Array.from([0xfd, ...new Array<number>(14).fill(0), 1])],
};
/** Type of each message, and the name of the table that it is about. */
const read = (requests: readonly Request[]): readonly (readonly [type: number, table: string])[] =>
  requests.map((request, at) => {
    const bytes = request(at + 1);
    assert.equal(bytes.length % 4, 0);
    const [message, ...others] = parseMessages(bytes);
    assert.ok(message?.kind === "data" && others.length === 0);
    assert.equal(message.sequence, at + 1);
    const name = parseAttributes(message.payload.subarray(4)).get(1);
    return [message.type & 0xff, name === undefined ? "" : Buffer.from(name).toString("latin1").replace("\0", "")];
  });

describe("the rules of the dead-man's switch", () => {
  it("are put in place of whatever stands there, in one transaction that touches no table but ours", () => {
    const messages = read(install(rules, undefined));
    assert.equal(messages[0]?.[0], 0x10);
    assert.equal(messages.at(-1)?.[0], 0x11);
    assert.ok(messages.slice(1, -1).every(([, table]) => table === "heartbeat"));
    assert.deepEqual(
      messages.slice(1, 7).map(([type]) => type),
      [0, 2, 0, 0, 2, 0],
    );
    assert.equal(messages.filter(([type]) => type === 6).length, 7);
  });
  it("open only for as long as the last refresh is still good, and not at all when there was none", () => {
    const elements = (remaining: number | undefined) =>
      read(install(rules, remaining)).filter(([type]) => type === 12).length;
    assert.equal(elements(undefined), 3);
    assert.equal(elements(20), 5);
  });
  it("go without a trace, whether they are there or not", () => {
    assert.deepEqual(
      read(uninstall("heartbeat")).map(([type]) => type),
      [0x10, 0, 0, 2, 2, 0x11],
    );
    assert.deepEqual(
      tablesOf("heartbeat").map(({ family }) => family),
      ["inet", "arp"],
    );
  });
});
