import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { test } from "node:test";
import { until } from "../io/temporary.js";
import { installation } from "./installation.js";

test("what a tool writes into the FIFO of a running heartbeat goes through the cluster and runs the hook of its name", async (t) => {
  const here = installation(t, ["env COLOUR=blue"]);
  here.write(
    "etc/ha.d/rc.d/mine",
    '#!/bin/sh\necho "$HA_src $HA_text $HA_COLOUR $HA_keepalive" >>$HEARTBEAT_ROOT/hooked\n',
    0o755,
  );
  assert.equal((await here.run()).code, 0);
  const fifo = here.file("var/lib/heartbeat/fifo");
  await until(() => here.log().includes("Local status now set to: 'active'"), 30_000, "the node to be active");
  const write = "printf '>>>\\nt=mine\\ntext=hello\\nsrc=stranger\\n<<<\\n' >\"$0\"";
  execFileSync("/bin/sh", ["-c", write, fifo], { timeout: 30_000 });
  await until(() => here.read("hooked") !== "", 30_000, "the hook");
  assert.equal(here.read("hooked"), `${hostname().toLowerCase()} hello blue 100ms\n`);
  const said = /harc\(default\)\[\d+\]: {4}info: Running \S+rc\.d\/mine mine/;
  await until(() => said.test(here.log()), 30_000, "a line in the log");
  assert.equal((await here.run("-k")).code, 0);
  assert.equal(existsSync(fifo), false);
});
