import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as libc from "../../src/io/libc.js";
import { peerCredentials } from "../../src/io/peer-credentials.js";
import { fileMappings } from "../../src/io/realtime.js";

describe("system calls", () => {
  it("a refusal is a value with the call, the number, the name and the words", () => {
    assert.deepEqual(libc.ifNameToIndex("nosuch0"), {
      ok: false,
      call: "if_nametoindex",
      errno: 19,
      name: "ENODEV",
      message: "No such device",
    });
    const closed = libc.close(1_000_000);
    assert.ok(!closed.ok);
    assert.equal(libc.describeError(closed), "close: Bad file descriptor (EBADF)");
  });
  it("reading an empty socket answers at once", () => {
    const fd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM, 0);
    assert.ok(fd.ok);
    const empty = libc.recv(fd.value, new Uint8Array(10));
    libc.close(fd.value);
    assert.equal(empty.ok ? "" : empty.name, "EAGAIN");
  });
});

describe("peer credentials", () => {
  it("the other end of a unix socket is known by pid and user", async () => {
    const path = join(tmpdir(), `heartbeat-credentials-${process.pid}`);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const client = connect(path);
    const socket = await accepted;
    const credentials = peerCredentials(socket);
    client.destroy();
    socket.destroy();
    server.close();
    rmSync(path, { force: true });
    const expected = { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() };
    assert.deepEqual(credentials, { ok: true, value: expected });
    assert.equal(peerCredentials(socket).ok, false, "a closed socket has no peer");
  });
});

describe("locked memory", () => {
  it("files, the C heap and the stack are locked; the JavaScript heap and guard pages are not", () => {
    const maps = `00400000-00b00000 r--p 00000000 fe:00 123    /usr/bin/node
00b00000-00c00000 r-xp 00700000 fe:00 123    /usr/bin/node
01000000-01001000 ---p 00000000 fe:00 123    /usr/bin/node
02000000-02100000 rw-p 00000000 00:00 0      [heap]
7f0000000000-7f0000100000 rw-p 00000000 00:00 0
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0      [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0      [vsyscall]`;
    assert.deepEqual(
      fileMappings(maps).map(({ length, executable }) => [length, executable]),
      [
        [0x700000, false],
        [0x100000, true],
        [0x100000, false],
        [0x21000, false],
      ],
    );
  });
});
