import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/message.js";
import { answersTo } from "../../src/daemon/clients/requests.js";
import { pair } from "../cli/snapshots.js";

const uuids = new Map([["master1", Uint8Array.from({ length: 16 }, (_, i) => i)]]);
/** Each answer as `name=value` words without its type. */
const answersOf = (reqtype: string, fields: Readonly<Record<string, string | Uint8Array>> = {}): readonly string[] => {
  const request = message({ t: "hbapi-req", reqtype, dest: "master1", pid: "850", from_id: "850", ...fields });
  const answers = answersTo(request, { snapshot: pair, uuids }) ?? [];
  return answers.map((answer) =>
    answer
      .filter(({ name }) => name !== "t" && name !== "reqtype")
      .map(({ name, value }) => `${name}=${typeof value === "string" ? value : Buffer.from(value).toString("base64")}`)
      .join(" "),
  );
};
const refused = ["result=badreq info=EINVAL"];

test("every request is answered with the fields of 3.0.6, in its order; lists end with result=OK", () => {
  const [ping = ""] = pair.nodes.flatMap((node) => (node.type === "ping" ? [node.name] : []));
  assert.deepEqual(answersOf("nodelist"), [
    "node=master1 nodetype=normal st=active result=ok/more",
    "node=master2 nodetype=normal st=active result=ok/more",
    `node=${ping} nodetype=ping st=ping result=OK`,
  ]);
  const rows: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>, readonly string[]])[] = [
    ["nodestatus", { node: "Master2" }, ["st=active result=OK"]],
    ["nodestatus", { node: "nosuch" }, refused],
    ["nodestatus", {}, refused],
    ["nodetype", { node: ping }, ["nodetype=ping result=OK"]],
    ["nodeweight", { node: "master1" }, ["weight=100 result=OK"]],
    ["nodesite", { node: "master1" }, ["site= result=OK"]],
    ["iflist", { node: "master2" }, ["ifname=ens33 st=up result=OK"]],
    ["iflist", { node: ping }, [`ifname=${ping} st=up result=OK`]],
    ["iflist", {}, refused],
    ["ifstatus", { node: "master2", ifname: "ens33" }, ["st=up result=OK"]],
    ["ifstatus", { node: "master2", ifname: "x" }, refused],
    ["getparm", { pname: "deadtime" }, [`pvalue=${pair.parameters["deadtime"]} result=OK`]],
    ["getparm", { pname: "constructor" }, ["result=OK"]],
    ["getparm", {}, refused],
    ["getrsc", {}, [`rsc_hold=${pair.holds} result=OK`]],
    ["getuuid", { queryname: "master1" }, ["queryuuid=AAECAwQFBgcICQoLDA0ODw== result=OK"]],
    ["getuuid", { queryname: "nosuch" }, ["result=OK"]],
    ["getuuid", {}, ["result=badreq info=no query node name found"]],
    ["getnodename", { queryuuid: uuids.get("master1") ?? "" }, ["queryname=master1 result=OK"]],
    ["getnodename", { queryuuid: "x" }, ["result=badreq info=no query node name found"]],
    ["nosuchrequest", {}, []],
  ];
  for (const [type, fields, expected] of rows) assert.deepEqual(answersOf(type, fields), expected, type);
});

test("a node that was never heard has all the links of this node, dead: an empty list would keep its reader waiting", () => {
  const nodes = pair.nodes.map((node) => (node.name === "master2" ? { ...node, links: [] } : node));
  const request = message({ t: "hbapi-req", reqtype: "iflist", node: "master2" });
  const answers = answersTo(request, { snapshot: { ...pair, nodes }, uuids });
  assert.deepEqual(answers, [
    message({ t: "hbapi-resp", reqtype: "iflist", ifname: "ens33", st: "dead", result: "OK" }),
  ]);
});
