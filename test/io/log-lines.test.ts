import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { facilityNumber, harmless, logForms } from "../../src/io/log-lines.js";

const at = new Date(2026, 10, 22, 15, 31, 7);
const forms = logForms({ host: "master1", pid: 16, syslogFormat: true });
const heartbeat = { level: "info", program: "heartbeat", text: "Local status now set to: 'up'" };
const script = {
  level: "info",
  program: "ResourceManager",
  text: "Acquiring resource group: master1 IPaddr::172.30.105.201/24/ens38 nginx",
};

describe("log lines have the original's form", () => {
  it("of a program in the logfile and in the debugfile", () => {
    const line = "Nov 22 15:31:07 master1 heartbeat: [16]: info: Local status now set to: 'up'\n";
    assert.equal(forms.logfile(heartbeat, at), line);
    assert.equal(forms.debugfile(heartbeat, at), line);
  });

  it("of a shell script in the logfile", () => {
    assert.equal(
      forms.logfile(script, at),
      "2026/11/22_15:31:07  ResourceManager(default)[16]:    info: Acquiring resource group: master1 IPaddr::172.30.105.201/24/ens38 nginx\n",
    );
  });

  it("of a shell script in the debugfile", () => {
    assert.equal(
      forms.debugfile(script, at),
      "ResourceManager(default)[16]:\t2026/11/22_15:31:07 info: Acquiring resource group: master1 IPaddr::172.30.105.201/24/ens38 nginx\n",
    );
  });

  it("of the two that are special: ip-request-resp has no level, the address scripts an INFO with two blanks", () => {
    const answer = {
      level: "info",
      program: "ip-request-resp",
      text: "received ip-request-resp IPaddr::172.30.105.201/24/ens38 OK yes",
    };
    assert.equal(
      forms.logfile(answer, at),
      "2026/11/22_15:31:07  ip-request-resp(default)[16]:    received ip-request-resp IPaddr::172.30.105.201/24/ens38 OK yes\n",
    );
    const address = {
      level: "INFO",
      program: "/usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_172.30.105.201)",
      text: "Resource is stopped",
    };
    assert.equal(
      forms.logfile(address, at),
      "2026/11/22_15:31:07  /usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_172.30.105.201)[16]:    INFO:  Resource is stopped\n",
    );
  });

  it("of an address script's debug line in the debugfile", () => {
    const announced = {
      level: "debug",
      program: "IPaddr(IPaddr_10.253.252.251)",
      text: "Sending Gratuitous Arp for 10.253.252.251 on eth0",
    };
    assert.equal(
      forms.debugfile(announced, at),
      "IPaddr(IPaddr_10.253.252.251)[16]:\t2026/11/22_15:31:07 DEBUG: Sending Gratuitous Arp for 10.253.252.251 on eth0\n",
    );
  });

  it("with `syslogmsgfmt false`, without a host name", () => {
    const plain = logForms({ host: "master1", pid: 2218, syslogFormat: false });
    assert.equal(
      plain.logfile({ ...heartbeat, text: "text" }, at),
      "heartbeat[2218]: 2026/11/22_15:31:07 info: text\n",
    );
  });

  it("for syslog, with the priority of facility and level", () => {
    const local1 = facilityNumber("local1") ?? assert.fail("local1 is a facility");
    const priorities = ["info", "WARN", "ERROR", "CRIT"].map((level) =>
      forms.syslog({ ...heartbeat, level, text: "text" }, at, local1),
    );
    assert.deepEqual(priorities, [
      "<142>Nov 22 15:31:07 heartbeat: [16]: info: text\0",
      "<140>Nov 22 15:31:07 heartbeat: [16]: WARN: text\0",
      "<139>Nov 22 15:31:07 heartbeat: [16]: ERROR: text\0",
      "<138>Nov 22 15:31:07 heartbeat: [16]: CRIT: text\0",
    ]);
    assert.equal(facilityNumber("nonsense"), undefined);
  });

  it("whatever the text holds, one entry is one line", () => {
    assert.equal(
      harmless("a\r\nNov 22 heartbeat: [1]: info: forged\x1b[2J"),
      "a\\r\\nNov 22 heartbeat: [1]: info: forged\\x1b[2J",
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 9000 }), (text) => {
        const line = forms.logfile({ ...heartbeat, text }, at);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
        assert.match(line, /^[^\x00-\x08\x0a-\x1f\x7f-\x9f]*\n$/);
        assert.ok(line.length < 20_000);
      }),
    );
  });
});
