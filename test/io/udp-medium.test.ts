import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openingLines } from "../../src/io/udp-lines.js";
import { createUdpMedia } from "../../src/io/udp-medium.js";

/** A port per pair, so that no test hears another one. */
let port = 20_000 + (process.pid % 500) * 20;

async function settle(arrived: () => boolean): Promise<void> {
  const end = performance.now() + 300;
  while (!arrived() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Two media of one process on loopback: each sends to the port of the other. */
function loopbackPair(kind: "ucast" | "ucast6") {
  const address = kind === "ucast" ? "127.0.0.1" : "::1";
  port += 1;
  const media = createUdpMedia();
  const medium = media.open({ kind, device: "lo", address, port }).medium;
  return { here: medium, there: medium, settle, close: () => medium.close() };
}

describe("UDP media on loopback", () => {
  it("a medium hears what is sent to its own address, byte for byte", async () => {
    for (const kind of ["ucast", "ucast6"] as const) {
      const { here, close } = loopbackPair(kind);
      const heard: string[] = [];
      here.onDatagram((bytes) => heard.push(Buffer.from(bytes).toString()));
      here.send(Buffer.from("###\n"));
      await settle(() => heard.length > 0);
      close();
      assert.deepEqual(heard, ["###\n"]);
    }
  });
  it("two media on one interface and port share a socket: nothing is lost to the other, nothing is heard twice", async () => {
    port += 1;
    const media = createUdpMedia();
    const pair = ["127.0.0.1", "127.0.0.2"].map((address) =>
      media.open({ kind: "ucast", device: "lo", address, port }),
    );
    let heard = 0;
    for (const { medium } of pair) medium.onDatagram(() => void heard++);
    for (let i = 0; i < 50; i++) for (const { medium } of pair) medium.send(Uint8Array.of(i));
    await settle(() => heard >= 100);
    await settle(() => false);
    for (const { medium } of pair) medium.close();
    assert.equal(heard, 100);
  });
  it("an interface that is missing at start is a problem with words, not an exception", () => {
    const { medium, problem, lines } = createUdpMedia().open({ kind: "bcast", device: "nosuch0", port: 46_940 });
    medium.send(Uint8Array.of(1));
    medium.close();
    assert.match(problem ?? "", /bcast nosuch0: .*No such device \(ENODEV\)/);
    assert.equal(lines.length, 1);
    assert.deepEqual([medium.counters.sent, medium.counters.sendErrors], [0, 1]);
  });
  it("an address that is none is a problem with words", () => {
    const { medium, problem } = createUdpMedia().open({
      kind: "ucast",
      device: "lo",
      address: "master2",
      port: 46_940,
    });
    medium.close();
    assert.match(problem ?? "", /address master2: Invalid argument/);
  });
  it("a ucast medium is announced in the words of the original's log", () => {
    assert.deepEqual(openingLines({ kind: "ucast", device: "ens33", address: "172.30.106.102", port: 694 }), [
      "glib: ucast: write socket priority set to IPTOS_LOWDELAY on ens33",
      "glib: ucast: bound send socket to device: ens33",
      "glib: ucast: set SO_REUSEPORT(w)",
      "glib: ucast: set SO_REUSEADDR",
      "glib: ucast: bound receive socket to device: ens33",
      "glib: ucast: set SO_REUSEPORT",
      "glib: ucast: started on port 694 interface ens33 to 172.30.106.102",
    ]);
  });
});
