/** The shell scripts that lie in share/ as they lie on an installed system, run as they are. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openFifo } from "../../src/io/fifo.js";
import { temporaryDirectory, until } from "../io/temporary.js";

const share = fileURLToPath(new URL("../../../share", import.meta.url));

/** An installation in a directory, with a service that writes down what is asked of it. */
function world() {
  const root = temporaryDirectory();
  const confDir = join(root, "ha.d");
  mkdirSync(join(confDir, "resource.d"), { recursive: true });
  mkdirSync(join(confDir, "rc.d"));
  const svc = join(confDir, "resource.d/svc");
  writeFileSync(
    svc,
    `#!/bin/sh
echo "$*" >>${root}/did
case $2 in
start) [ "$1" = bad ] && exit 1; touch ${root}/on.$1;;
stop) rm -f ${root}/on.$1;;
status) [ -f ${root}/on.$1 ] && echo "$1 is running" || echo "$1 is not running";;
esac
`,
  );
  chmodSync(svc, 0o755);
  writeFileSync(
    join(confDir, "haresources"),
    "# groups\nMASTER1 svc::a \\\n  svc::x # comment\nmaster2 svc::b\nmaster2 svc::a.b\nmaster1 svc::g svc::bad svc::h\n",
  );
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HA_DIR: confDir,
    HA_FUNCS: join(share, "ha.d/shellfuncs"),
    HA_CURHOST: "master1",
    HA_FIFO: join(root, "fifo"),
    HA_LOGFILE: join(root, "ha-log"),
    HA_DEBUGLOG: join(root, "ha-debug"),
    OCF_ROOT: join(root, "no-ocf"),
  };
  const call = (program: string, args: readonly string[] = [], input = "") => {
    const end = spawnSync(join(share, program), args, { env: environment, input, encoding: "utf8", timeout: 30_000 });
    return { code: end.status, out: end.stdout, err: end.stderr };
  };
  const read = (name: string): string => (existsSync(join(root, name)) ? readFileSync(join(root, name), "utf8") : "");
  const manager = (...args: string[]) => call("heartbeat/ResourceManager", args);
  return { root, confDir, environment, call, manager, read };
}

describe("ResourceManager", () => {
  it("lists the keys and resources of nodes, whatever the case of their names, with continued lines and comments", () => {
    const { manager } = world();
    assert.deepEqual(manager("listkeys", "Master1"), { code: 0, out: "svc::a\nsvc::g\n", err: "" });
    assert.deepEqual(manager("listkeys", "nobody"), { code: 0, out: "", err: "" });
    assert.equal(manager("allkeys").out, "svc::a\nsvc::b\nsvc::a.b\nsvc::g\n");
    assert.equal(manager("ourkeys").out, "svc::a svc::x svc::g svc::bad svc::h \n");
    assert.equal(manager("otherkeys").out, "svc::b svc::a.b \n");
  });

  it("starts from left to right what does not run, stops from right to left, and answers in the original's exit codes", () => {
    const { manager, read } = world();
    assert.equal(manager("status", "svc::a").code, 3);
    assert.equal(manager("takegroup", "svc::a").code, 0);
    assert.equal(manager("status", "svc::a").code, 0);
    const idle = manager("verifyallidle");
    assert.equal(idle.code, 1);
    assert.match(idle.err, /^CRITICAL: Resource svc::a is active, and should not be!$/m);
    assert.equal(manager("givegroup", "svc::a").code, 0);
    assert.equal(manager("verifyallidle").code, 0);
    assert.deepEqual(
      read("did")
        .split("\n")
        .filter((line) => !/status|^$/.test(line)),
      ["a start", "x start", "x stop", "a stop"],
    );
    assert.match(
      read("ha-log"),
      /ResourceManager\(default\)\[\d+\]: {4}info: Acquiring resource group: master1 svc::a svc::x$/m,
    );
    assert.match(read("ha-log"), /info: Running \S+\/resource.d\/svc a start$/m);
  });

  it("takes a key literally, and gives a group up whose start fails", () => {
    const { manager, read, root } = world();
    assert.equal(manager("takegroup", "svc::a.b").code, 0);
    assert.deepEqual(read("did").match(/.* start/g), ["a.b start"]);
    assert.equal(manager("takegroup", "svc::g").code, 1);
    assert.equal(existsSync(join(root, "on.g")), false);
    assert.match(read("ha-log"), /CRIT: Giving up resources due to failure of svc::bad/);
    assert.equal(manager("takegroup", "svc::nosuch").code, 1);
    assert.equal(manager("bogus").code, 1);
  });

  it("does not start or stop behind the back of a heartbeat that runs", (t) => {
    const { manager, environment, read } = world();
    const fifo = openFifo({ path: environment.HA_FIFO, onMessage: () => {}, onProblem: assert.fail });
    t.after(() => fifo?.close());
    const refused = manager("takegroup", "svc::b");
    assert.equal(refused.code, 1);
    assert.match(refused.err, /heartbeat runs here and alone starts and stops resource groups/);
    assert.equal(/start/.test(read("did")), false);
  });
});

describe("the message tools", () => {
  it("write the original's messages into the FIFO", async (t) => {
    const { call, environment } = world();
    const heard: string[] = [];
    const fifo = openFifo({ path: environment.HA_FIFO, onMessage: (text) => heard.push(text), onProblem: assert.fail });
    fifo?.setTaken(true);
    t.after(() => fifo?.close());
    assert.equal(call("heartbeat/hb_addnode", ["master3"]).code, 0);
    assert.equal(call("heartbeat/hb_delnode", ["master3", "master4"]).code, 0);
    assert.equal(call("heartbeat/hb_setweight", ["master2", "5"]).code, 0);
    assert.equal(call("heartbeat/hb_setsite", ["master2", "here"]).code, 0);
    assert.equal(call("heartbeat/ha_clustermsg", ["t=mine", "text=a b"]).code, 0);
    assert.equal(call("heartbeat/ha_clustermsg", [], "t=other\n").code, 0);
    await until(() => heard.length === 6, 30_000, "six messages");
    assert.deepEqual(
      heard.map((text) => text.slice(4, -4).trim().split("\n")),
      [
        ["t=addnode", "nodelist=master3"],
        ["t=delnode", "nodelist=master3 master4"],
        ["t=setweight", "node=master2", "weight=5"],
        ["t=setsite", "node=master2", "site=here"],
        ["t=mine", "text=a b"],
        ["t=other"],
      ],
    );
  });

  it("say that heartbeat does not run, and return 3: no file is made, nobody waits", () => {
    const { call, environment } = world();
    const refused = call("heartbeat/hb_addnode", ["master3"]);
    assert.deepEqual([refused.code, existsSync(environment.HA_FIFO)], [3, false]);
    assert.match(refused.err, /hb_addnode: heartbeat is not running here/);
    spawnSync("mkfifo", [environment.HA_FIFO]);
    const begun = performance.now();
    assert.equal(call("heartbeat/ha_clustermsg", ["t=x"]).code, 3);
    assert.ok(performance.now() - begun < 25_000);
  });

  it("have the original's usage texts and codes", () => {
    const { call } = world();
    for (const tool of ["hb_addnode", "hb_delnode"])
      for (const args of [[], ["--help"]])
        assert.deepEqual(call(`heartbeat/${tool}`, args), {
          code: 1,
          out: `usage: ${tool} <node> <node> ...\n`,
          err: "",
        });
  });
});

describe("harc and rc.d", () => {
  it("run the hook with a line in ha-log, and complain about one that cannot be executed", () => {
    const { call, confDir, read } = world();
    const hook = join(confDir, "rc.d/mine");
    writeFileSync(hook, '#!/bin/sh\necho "$1 $HA_DIR" >"$HA_DIR/../hooked"\n');
    assert.equal(call("ha.d/harc", ["mine"]).code, 1);
    assert.match(read("ha-log"), /harc\(default\)\[\d+\]: {4}ERROR: \S+rc.d\/mine: not executable/);
    chmodSync(hook, 0o755);
    assert.equal(call("ha.d/harc", ["mine"]).code, 0);
    assert.equal(read("hooked"), `mine ${confDir}\n`);
    assert.match(read("ha-log"), /harc\(default\)\[\d+\]: {4}info: Running \S+rc.d\/mine mine$/m);
    assert.match(read("ha-debug"), /^harc\(default\)\[\d+\]:\t\d{4}\/\d\d\/\d\d_\d\d:\d\d:\d\d info: Running/m);
  });

  it("log the answer to an ip-request in the original's words", () => {
    const { environment, read } = world();
    const fields = { HA_dest: "master1", HA_ipaddr: "IPaddr::10.0.0.1", HA_ok: "OK", HA_weown: "yes" };
    const end = spawnSync(join(share, "ha.d/rc.d/ip-request-resp"), [], { env: { ...environment, ...fields } });
    assert.equal(end.status, 0);
    assert.match(
      read("ha-log"),
      /ip-request-resp\(default\)\[\d+\]: {4}received ip-request-resp IPaddr::10.0.0.1 OK yes$/m,
    );
  });
});
