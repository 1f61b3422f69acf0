/** A real daemon whose peers are at the end of a serial cable. No root, no lab: the test listens at the other end. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { textOf } from "../../src/core/message.js";
import { milliseconds } from "../../src/core/time.js";
import { digests } from "../../src/io/digests.js";
import { openSerialMedium } from "../../src/io/serial-medium.js";
import { createCodec } from "../../src/wire/codec.js";
import { createMessageStream, STREAM_LIMITS } from "../../src/wire/stream.js";
import { cable, noCable } from "../io/null-modem.js";
import { until } from "../io/temporary.js";
import { installation } from "./installation.js";

const skip = noCable();
if (skip !== undefined) console.error(`*** SERIAL DAEMON SKIPPED: ${skip}`);

test("over a serial line a daemon beats in the original's encoding, and its guardian tells of its death", {
  skip: skip ?? false,
  timeout: 60_000,
}, async (t) => {
  const laid = await cable();
  t.after(() => laid.remove());
  const codec = createCodec({
    keys: {
      sendIndex: 1,
      byIndex: new Map([[1, { index: 1, method: "sha1", secret: Buffer.from("a-long-secret-for-this-test-only") }]]),
    },
    digests,
  });
  const types: string[] = [];
  const { medium } = openSerialMedium(
    { kind: "serial", device: laid.two, baud: 115_200 },
    {
      patience: milliseconds(500),
      messages: createMessageStream(),
      deaf: milliseconds(0),
      longest: STREAM_LIMITS.bytes,
    },
  );
  t.after(() => medium.close());
  medium.onDatagram((bytes) => {
    const decoded = codec.decode(bytes);
    assert.ok(decoded.ok, "what comes is signed with the key");
    assert.equal(textOf(decoded.message, "src"), hostname());
    const type = textOf(decoded.message, "t") ?? "";
    if (type !== "NS_died") assert.equal(Buffer.from(bytes.subarray(0, 4)).toString(), ">>>\n");
    types.push(type);
  });
  const here = installation(t, ["baud 115200", `serial ${laid.one}`]);
  const started = await here.run();
  assert.equal(started.code, 0, started.error);
  await until(() => types.filter((type) => type === "status").length > 5, 5_000, "heartbeats on the line");
  assert.match(here.log(), new RegExp(`glib: Starting serial heartbeat on tty ${laid.one} \\(115200 baud\\)`));
  process.kill(here.children().daemon, "SIGKILL");
  await until(() => types.includes("NS_died"), 5_000, "the guardian's word");
  await here.run("-k");
});
