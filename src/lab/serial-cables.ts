/**
 * Null modem cables between the machines. Each end is a pseudo-terminal that `socat` opens on the machine under the name of a serial
 * port; what it says passes through this process to the other end, so a cable can be cut, be noisy or be as slow as its baud rate.
 */
import type { ChildProcess } from "node:child_process";
import type { SerialCable } from "./topology.js";

/** One end: its machine and its device. */
interface End {
  readonly machine: string;
  readonly device: string;
  readonly cable: Cable;
  socat: ChildProcess | undefined;
  /** Instant (performance.now) until which the line to this end is busy. */
  busyUntil: number;
}

interface Cable {
  readonly plan: SerialCable;
  cut: boolean;
  /** Of so many per cent of what is said in one breath a byte is changed. */
  noise: number;
}

/** More than a line holds in a second at the highest speed is lost, as in a real port that nobody reads. */
const mostUnread = 16 * 1024;

export class SerialCables {
  readonly #ends: End[] = [];

  /** Lays the cables of a plan. */
  lay(plans: readonly SerialCable[]): void {
    for (const plan of plans) {
      const cable: Cable = { plan, cut: false, noise: 0 };
      for (const text of plan.ends) {
        const [machine = "", device = ""] = text.split(":");
        this.#ends.push({ machine, device, cable, socat: undefined, busyUntil: 0 });
      }
    }
  }

  /** Plugs in all cables of a machine that has just got power. `spawn` starts a program on it. */
  plugIn(machine: string, spawn: (command: string) => ChildProcess): readonly string[] {
    const ends = this.#ends.filter((end) => end.machine === machine);
    for (const end of ends) {
      const socat = spawn(`exec socat - PTY,link=${end.device},raw,echo=0,ignoreeof`);
      end.socat = socat;
      socat.stdin?.on("error", () => undefined);
      socat.on("error", () => undefined);
      socat.once("exit", () => {
        if (end.socat === socat) end.socat = undefined;
      });
      socat.stdout?.on("data", (bytes: Buffer) => this.#carry(end, bytes));
    }
    return ends.map((end) => end.device);
  }

  has(machine: string, device: string): boolean {
    return this.#ends.some((end) => end.machine === machine && end.device === device);
  }

  /** Cuts the cable that ends there; neither side is told. */
  cut(machine: string, device: string): void {
    this.#end(machine, device).cable.cut = true;
  }

  /** Changes a byte in so many per cent of what passes, in both directions: those messages are lost. */
  disturb(machine: string, device: string, percent: number): void {
    this.#end(machine, device).cable.noise = percent;
  }

  /** Repairs one cable, those of a machine, or all. */
  heal(machine?: string, device?: string): void {
    for (const end of this.#ends)
      if ((machine ?? end.machine) === end.machine && (device ?? end.device) === end.device) {
        end.cable.cut = false;
        end.cable.noise = 0;
      }
  }

  /** What is wrong, in words. */
  describe(): readonly string[] {
    const wrong = this.#ends.filter(({ cable }) => cable.cut || cable.noise > 0);
    return wrong.map(({ machine, device, cable }) => `${machine}:${device} ${cable.cut ? "cut" : "disturbed"}`);
  }

  #end(machine: string, device: string): End {
    const found = this.#ends.find((end) => end.machine === machine && end.device === device);
    if (found) return found;
    const all = this.#ends.map((end) => `${end.machine}:${end.device}`).join(", ");
    throw new Error(`there is no ${machine}:${device}; there are ${all}`);
  }

  #carry(from: End, bytes: Buffer): void {
    const to = this.#ends.find((end) => end !== from && end.cable === from.cable);
    if (to === undefined || from.cable.cut) return;
    const { baud } = from.cable.plan;
    if (baud === undefined) return deliver(to, bytes);
    const now = performance.now();
    const start = Math.max(now, to.busyUntil);
    if (((start - now) * baud) / 10_000 > mostUnread) return;
    to.busyUntil = start + (bytes.length * 10_000) / baud;
    setTimeout(() => deliver(to, bytes), to.busyUntil - now).unref();
  }
}

function deliver({ socat, cable }: End, bytes: Buffer): void {
  if (cable.cut || socat?.stdin?.writable !== true || socat.stdin.writableLength > mostUnread) return;
  socat.stdin.write(Math.random() * 100 < cable.noise ? spoiled(bytes) : bytes);
}

function spoiled(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[Math.floor(Math.random() * copy.length)] = 0x7e;
  return copy;
}
