/** Listening to a wire of the lab, and sending what one likes on it. */
import type { ChildProcess } from "node:child_process";
import { ended, until } from "../../src/lab/child.js";
import type { Machine } from "../../src/lab/machine.js";

/** A UDP datagram that passed a card. */
export interface Passed {
  /** Source and destination as text, without ports. */
  readonly from: string;
  readonly to: string;
  readonly payload: Uint8Array;
}

/** Frames of one card since the tap was set. */
export class Tap {
  readonly #child: ChildProcess;
  #bytes = Buffer.alloc(0);
  #errors = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on("data", (part: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, part]);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
  }

  /** Resolves when tcpdump listens. `filter` is its own language. */
  static async set(machine: Machine, card: string, filter = "udp port 694"): Promise<Tap> {
    const options = ["-Z", "root", "-i", card, "-U", "--immediate-mode", "-s", "0", "-w", "-"];
    const tap = new Tap(machine.spawn(["tcpdump", ...options, filter]));
    await until(`tcpdump on ${card}`, 10_000, () => /listening on/.test(tap.#errors));
    return tap;
  }

  /** The datagrams that passed so far, both ways. */
  get datagrams(): readonly Passed[] {
    return this.frames.flatMap((frame) => datagramOf(frame) ?? []);
  }

  /** Whole Ethernet frames. */
  get frames(): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 24; at + 16 <= this.#bytes.length; ) {
      const length = this.#bytes.readUInt32LE(at + 8);
      if (at + 16 + length > this.#bytes.length) break;
      frames.push(this.#bytes.subarray(at + 16, at + 16 + length));
      at += 16 + length;
    }
    return frames;
  }

  async remove(): Promise<void> {
    this.#child.kill("SIGTERM");
    await ended(this.#child);
  }
}

function datagramOf(frame: Uint8Array): Passed | undefined {
  const bytes = Buffer.from(frame);
  const type = bytes.readUInt16BE(12);
  if (type === 0x0800) {
    const header = ((bytes[14] ?? 0) & 15) * 4;
    const dotted = (at: number) => [...bytes.subarray(at, at + 4)].join(".");
    return { from: dotted(26), to: dotted(30), payload: udpPayload(bytes, 14 + header) };
  }
  if (type !== 0x86dd) return undefined;
  const hex = (at: number) => bytes.subarray(at, at + 16).toString("hex");
  return { from: hex(22), to: hex(38), payload: udpPayload(bytes, 54) };
}

const udpPayload = (bytes: Buffer, at: number): Uint8Array =>
  Uint8Array.from(bytes.subarray(at + 8, at + bytes.readUInt16BE(at + 4)));

const SENDER = `
const { createSocket } = require("node:dgram");
const { to, port, pause, payloads } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const socket = createSocket("udp4");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  for (const [index, payload] of payloads.entries()) {
    await new Promise((done) => socket.send(Buffer.from(payload, "hex"), port, to, done));
    if (pause > 0 || index % 50 === 49) await wait(pause || 2);
  }
  socket.close();
})();`;

/** Sends datagrams from a machine, in their order, with a pause (milliseconds) between them. */
export async function sendFrom(
  machine: Machine,
  to: string,
  payloads: readonly Uint8Array[],
  pause = 0,
): Promise<void> {
  const input = JSON.stringify({
    to,
    port: 694,
    pause,
    payloads: payloads.map((one) => Buffer.from(one).toString("hex")),
  });
  const { code, stderr } = await machine.run([process.execPath, "-e", SENDER], { input, timeout: 60_000 });
  if (code !== 0) throw new Error(`the sender on ${machine.name} failed: ${stderr}`);
}
