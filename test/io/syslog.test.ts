import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { AF_UNIX, bind, close, recv, SOCK_DGRAM, socket } from "../../src/io/libc.js";
import { openLog } from "../../src/io/log.js";
import { unixAddress } from "../../src/io/socket-address.js";
import { openSyslog } from "../../src/io/syslog.js";
import { temporaryDirectory } from "./temporary.js";

/** A syslog daemon as small as can be: a datagram socket that is read on demand. */
function syslogAt(t: TestContext, path: string) {
  const opened = socket(AF_UNIX, SOCK_DGRAM, 0);
  assert.ok(opened.ok);
  assert.ok(bind(opened.value, unixAddress(path) ?? assert.fail("path too long")).ok);
  t.after(() => close(opened.value));
  return {
    next(): string {
      const into = new Uint8Array(8192);
      const length = recv(opened.value, into);
      return length.ok ? Buffer.from(into.subarray(0, length.value)).toString() : "";
    },
    end: () => {
      close(opened.value);
      rmSync(path);
    },
  };
}

const settings = {
  logfile: undefined,
  debugfile: undefined,
  facility: "local1",
  debugLevel: 0,
  syslogFormat: true,
  journal: undefined,
};

describe("syslog", () => {
  it("gets the original's datagrams, final NUL included", (t) => {
    const path = join(temporaryDirectory(), "log");
    const daemon = syslogAt(t, path);
    const log = openLog({ settings, host: "alpha", pid: 32, syslogSocket: path });
    log.line({ level: "WARN", program: "heartbeat", text: "text" });
    assert.match(daemon.next(), /^<140>[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d heartbeat: \[32\]: WARN: text\0$/);
  });

  it("is found again after its restart", (t) => {
    const path = join(temporaryDirectory(), "log");
    const first = syslogAt(t, path);
    const syslog = openSyslog(path);
    syslog.send("one\0");
    assert.equal(first.next(), "one\0");
    first.end();
    const second = syslogAt(t, path);
    syslog.send("two\0");
    assert.equal(second.next(), "two\0");
    assert.equal(syslog.lost, 0);
  });

  it("costs nothing but a counter when it is missing or does not read", (t) => {
    const directory = temporaryDirectory();
    const missing = openSyslog(join(directory, "nobody"));
    missing.send("lost\0");
    assert.equal(missing.lost, 1);
    syslogAt(t, join(directory, "log"));
    const deaf = openSyslog(join(directory, "log"));
    const before = performance.now();
    for (let n = 0; n < 5000; n += 1) deaf.send("x".repeat(200));
    assert.ok(deaf.lost > 0, "the socket never filled");
    assert.ok(performance.now() - before < 1000, "a full socket made us wait");
  });
});
