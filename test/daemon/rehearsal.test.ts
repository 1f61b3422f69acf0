import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../src/daemon/rehearsal.js";
import { createClock } from "../../src/io/clock.js";
import { digests } from "../../src/io/digests.js";
import { type Codec, createCodec } from "../../src/wire/codec.js";
import { settingsOf } from "../core/rig.js";

const secret = new TextEncoder().encode("not a secret");
const keys = { sendIndex: 1, byIndex: new Map([[1, { index: 1, method: "sha1" as const, secret }]]) };

/** Counts what goes through the codec, so that a rehearsal which plays nothing is noticed. */
function counting(codec: Codec): { readonly codec: Codec; readonly types: Set<string> } {
  const types = new Set<string>();
  return {
    types,
    codec: {
      ...codec,
      encode(message, strength) {
        const [first] = message
          .filter((field) => field.name === "t" || field.name === "info")
          .map((field) => field.value);
        types.add(String(first));
        return codec.encode(message, strength);
      },
    },
  };
}

test("the rehearsal plays hand-overs through the real core and codec, and ends in its time", () => {
  const { codec, types } = counting(createCodec({ keys, digests }));
  const begun = performance.now();
  rehearse(settingsOf("alpha"), codec, createClock(), 1_000);
  assert.ok(performance.now() - begun < 3_000);
  for (const type of ["status", "ask_resources", "hb_takeover", "shutdone"])
    assert.ok(types.has(type), [...types].join(" "));
});
