/** SIGHUP on a machine of one: another daemon goes on, or nothing happens at all; the service runs on in any case. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alive } from "../io/runner-world.js";
import { until } from "../io/temporary.js";
import { installation } from "./installation.js";

/** Milliseconds. Each of these takes tenths of a second, on a machine that has the time. */
const LONG = 90_000;

describe("a reload", () => {
  it("of a changed ha.cf puts another daemon in the place of the former, of other keys only the keys; the service is started once", async (t) => {
    const at = installation(t);
    assert.equal((await at.run()).code, 0);
    const [master, former] = [at.master(), at.children().daemon];
    await until(() => at.read("did") === "start\n", LONG, "the service");
    const ask = async (text: string): Promise<void> => {
      assert.equal((await at.run("-r")).code, 0);
      await until(() => at.log().includes(text), LONG, text);
    };
    at.write("etc/ha.d/ha.cf", `${at.read("etc/ha.d/ha.cf")}deadping 7\n`);
    await ask("Restarted in place; no heartbeat for");
    await until(() => !alive(former), LONG, "the end of the former daemon");
    assert.equal(at.master(), master);
    const shown = JSON.parse((await at.run("status", "--json")).out) as { readonly parameters: Record<string, string> };
    assert.equal(shown.parameters["deadping"], "7");
    // Only touched: the operator wishes another daemon, as with the original.
    const second = at.children().daemon;
    const times = (text: string): number => at.log().split(text).length - 1;
    at.write("etc/ha.d/ha.cf", at.read("etc/ha.d/ha.cf"));
    assert.equal((await at.run("-r")).code, 0);
    await until(() => times("Restarted in place") === 2, LONG, "the second restart in place");
    assert.equal(times("Performing heartbeat restart exec."), 2);
    assert.equal(times(`Signalling heartbeat pid ${master} to reread config files`), 2);
    await until(() => !alive(second), LONG, "the end of the second daemon");
    const next = at.children().daemon;
    at.write(
      "etc/ha.d/authkeys",
      "auth 2\n1 sha1 a-long-secret-for-this-test-only\n2 sha1 another-long-secret\n",
      0o600,
    );
    await ask("Rereading authentication file.");
    await ask("Configuration unchanged.");
    at.write("etc/ha.d/ha.cf", `${at.read("etc/ha.d/ha.cf")}badword\n`);
    process.kill(master, "SIGHUP");
    await until(() => at.log().includes("Config errors: Heartbeat NOT restarted"), LONG, "the refusal");
    assert.equal(at.children().daemon, next);
    assert.equal(at.read("did"), "start\n");
    assert.equal((await at.run("-k")).code, 0);
    assert.equal(at.read("did"), "start\nstop\n");
  });
});
