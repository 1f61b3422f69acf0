import assert from "node:assert/strict";
import { test } from "node:test";
import { type Applicant, admit, type ClientRule } from "../../src/daemon/clients/admission.js";

const rule = (client: string, uids: readonly number[], gids: readonly number[] = []): ClientRule => ({
  client,
  uids: new Set(uids),
  gids: new Set(gids),
});
/** The original's defaults, with hacluster 890 and haclient 891. */
const defaults = [rule("ipfail", [890]), rule("ccm", [890]), rule("anon", [0], [891])];

const applicant = (name: string, uid: number, gid: number, claimed: Partial<Applicant["claimed"]> = {}): Applicant => ({
  name,
  known: { pid: 77, uid, gid },
  claimed: { pid: "77", uid: String(uid), gid: String(gid), ...claimed },
});
const verdict = (who: Applicant, rules: readonly ClientRule[] = defaults, taken: readonly string[] = []): string => {
  const admission = admit(who, rules, new Set(taken));
  return admission.admitted ? "admitted" : admission.because;
};

test("who may sign on under which name, with the original's defaults and its words of refusal", () => {
  const rows: readonly (readonly [string, number, number, string])[] = [
    ["ipfail", 890, 891, "admitted"],
    ["ipfail", 0, 0, "client failed authorization"],
    ["ipfail", 65534, 891, "client failed authorization"],
    ["ccm", 890, 0, "admitted"],
    ["77", 0, 0, "admitted"],
    ["77", 65534, 891, "admitted"],
    ["77", 65534, 65534, "client failed authorization"],
    ["stranger", 0, 0, "no default client auth"],
  ];
  for (const [name, uid, gid, expected] of rows)
    assert.equal(verdict(applicant(name, uid, gid)), expected, `${name} as ${uid}:${gid}`);
});

test("a rule called default admits names that have none of their own, and no other", () => {
  const rules = [...defaults, rule("default", [65534])];
  assert.equal(verdict(applicant("stranger", 65534, 65534), rules), "admitted");
  assert.equal(verdict(applicant("ipfail", 65534, 65534), rules), "client failed authorization");
});

test("what a client says of itself must be what the kernel says of it, and two cannot have one name", () => {
  assert.equal(verdict(applicant("ipfail", 890, 891, { uid: "0" })), "incorrect/false credentials");
  assert.equal(verdict(applicant("ipfail", 890, 891, { gid: "" })), "incorrect/false credentials");
  assert.equal(verdict(applicant("ipfail", 890, 891, { pid: "1" })), "bad pid");
  assert.equal(verdict(applicant("ipfail", 890, 891), defaults, ["ipfail"]), "duplicate add request");
});
