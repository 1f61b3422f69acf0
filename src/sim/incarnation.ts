import { createHmac } from "node:crypto";
import type { Config } from "../config/config.js";
import { generation, nodeName } from "../core/names.js";
import { type Loop, runLoop } from "../daemon/loop.js";
import type { Guardian } from "../ports/guardian.js";
import { createCodec } from "../wire/codec.js";
import type { Digests } from "../wire/digests.js";
import { Crash, fragileAddresses, fragileGuardian, fragileScripts } from "./fragile.js";
import type { Luck } from "./luck.js";
import type { Machine } from "./machine.js";
import type { PretendEnd } from "./pretend-arbiter.js";
import { PretendClock } from "./pretend-clock.js";
import { PretendFencer } from "./pretend-fencer.js";
import { PretendMedium, PretendPinger } from "./pretend-ports.js";
import type { Later } from "./pretend-scripts.js";
import { PretendScripts } from "./pretend-scripts.js";
import { PretendSegment } from "./pretend-segment.js";
import type { Datagram } from "./wires.js";
import type { World } from "./world.js";

/** A daemon from its start to its end: the real loop and the real core, around them a pretend machine. */
export interface Birthplace {
  readonly world: World;
  readonly machine: Machine;
  readonly config: Config;
  readonly guardian: Guardian;
  readonly generation: number;
  readonly luck: Luck;
  readonly later: Later;
}

/** Datagrams that wait in the socket of a stopped daemon; more are dropped by the kernel. */
const socketRoom = 256;

const digests: Digests = { hmac: (method, key, data) => createHmac(method, key).update(data).digest() };

export class Incarnation {
  readonly clock: PretendClock;
  readonly number: number;
  loop: Loop | undefined;
  /** Handed everything over and ended by itself. */
  ended = false;
  dead = false;
  #stopped = false;
  readonly #place: Birthplace;
  readonly #scripts: PretendScripts;
  readonly #fencer: PretendFencer;
  readonly #media: readonly PretendMedium[];
  readonly #arbiter: PretendEnd | undefined;
  readonly #waiting: (() => void)[] = [];
  #datagrams: Datagram[] = [];
  #callsLeft: number | undefined;

  constructor(place: Birthplace) {
    const { world, machine, config, luck } = place;
    this.#place = place;
    this.number = place.generation;
    this.clock = new PretendClock({
      schedule: world.schedule,
      clock: machine.clock,
      luck: luck.stream("timer"),
      latency: () => world.parameters.timerLatency + machine.lag,
      wallOffset: () => machine.wallOffset,
      run: (wake) => this.#guarded(wake),
    });
    this.#scripts = new PretendScripts({
      later: place.later,
      services: machine.services,
      whenAwake: (action) => this.#whenAwake(action),
    });
    this.#fencer = new PretendFencer({
      later: place.later,
      temper: (device) => machine.fencingBy.get(device) ?? machine.fencing,
      perform: ({ node, device, action }) => {
        const target = world.machine(node);
        if (action === "reset") target.reset();
        else target.switchSupply(device, action);
      },
      whenAwake: (action) => this.#whenAwake(action),
      tally: world.tally,
    });
    this.#arbiter = world.arbiter?.end(nodeName(machine.name), {
      now: () => this.clock.now(),
      whenAwake: (action) => this.#whenAwake(action),
    });
    this.#media = config.media.map((medium) => {
      const target = medium.kind === "ucast" ? medium.address : "everybody";
      const recipients = world.recipients(machine.name, medium.device, target);
      return new PretendMedium(medium.device, `${medium.kind} ${medium.device} ${target}`, (bytes) => {
        this.#touch();
        world.noteSent(machine.name);
        for (const to of recipients) world.wires.carry({ from: machine.name, link: medium.device, bytes }, to);
      });
    });
  }

  /** The daemon starts: its first heartbeat goes out now. */
  begin(): void {
    const { world, machine, config, guardian, luck } = this.#place;
    const touch = (): void => this.#touch();
    world.wires.noteStart(machine.name);
    const pingers = config.pings.map((ping) => {
      const echo = (payload: Uint8Array, answer: (payload: Uint8Array) => void): void => {
        if ((machine.pingLostSince !== undefined || !machine.lan.isWhole) && !machine.hasSabotage("pings-lie")) return;
        if (machine.pingsLost.has(ping.name)) return;
        world.schedule.in(0.3, () => answer(payload));
      };
      return new PretendPinger(nodeName(ping.name), { echo, now: () => this.clock.now() });
    });
    this.#guarded(() => {
      this.loop = runLoop({
        config,
        identity: {
          uuid: machine.uuid,
          generation: generation(this.number),
          processId: 1000 + this.number,
          strong: true,
        },
        seed: luck.whole(0, 2 ** 31 - 1),
        nonce: luck.hex(16),
        clock: this.clock,
        media: this.#media,
        pingers,
        addresses: fragileAddresses(machine.addresses, touch),
        deadMan: machine.deadMan,
        scripts: fragileScripts(this.#scripts, touch),
        fencer: this.#fencer,
        segment: new PretendSegment(world, machine),
        arbiter: this.#arbiter,
        guardian: fragileGuardian(guardian, touch),
        clients: { start: () => {}, stop: () => {} },
        log: {
          line: (entry) => world.trace.log(machine.name, entry),
          record: (what, detail) => {
            if (what === "right-lost") world.tally.note("holder gave up what it had lost the right to");
            if (what === "confirmed-dead") world.tally.note("death confirmed by an operator");
            world.trace.record(machine.name, what, detail);
          },
        },
        resourceDir: "/etc/ha.d/resource.d",
        codec: world.mailroom?.codec() ?? createCodec({ keys: config.keys, digests }),
        onEnd: () => this.#end(),
      });
    });
  }

  get isReading(): boolean {
    return !this.dead && !this.#stopped;
  }

  /** A datagram reached the socket. */
  take(datagram: Datagram): void {
    if (this.dead) return;
    if (this.#stopped) {
      if (this.#datagrams.length < socketRoom) this.#datagrams.push(datagram);
      return;
    }
    this.#read(datagram);
  }

  #read(datagram: Datagram): void {
    const { world, machine } = this.#place;
    if (datagram.isWorthless !== true) world.wires.noteRead(datagram.from, machine.name);
    // With several peers on one device the kernel gives the datagram to one socket; the link is what counts.
    const medium = this.#media.find((candidate) => candidate.link === datagram.link);
    this.#guarded(() => medium?.receive(datagram.bytes, this.clock.now()));
  }

  /** Runs what may change the daemon; whatever it throws is its own fault and ends it. */
  #guarded(action: () => void): void {
    if (this.dead) return;
    try {
      action();
      if (this.clock.armedForThePast > 20) throw new Error("the next deadline never comes to lie in the future");
    } catch (error) {
      const { world, machine } = this.#place;
      if (error instanceof Crash) {
        world.tally.note("daemon crashed in the middle of a turn");
        return machine.killDaemon();
      }
      world.violation("the daemon threw", `${machine.name}: ${error instanceof Error ? error.stack : String(error)}`);
      machine.killDaemon();
    }
  }

  /** The process will die when it is about to do its call number `calls` from now: a message, an address, a script, a word to the guardian. */
  crashAfter(calls: number): void {
    this.#callsLeft = calls;
  }

  #touch(): void {
    if (this.#callsLeft !== undefined && this.#callsLeft-- <= 0) throw new Crash();
  }

  #whenAwake(action: () => void): void {
    if (this.#stopped) this.#waiting.push(action);
    else this.#guarded(action);
  }

  /** Something from outside the daemon's own timer and sockets (an operator). */
  call(action: (loop: Loop) => void): void {
    this.#whenAwake(() => {
      if (this.loop !== undefined) action(this.loop);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.clock.stop();
  }

  /** Wakes up: timer and sockets are found ready in the one order or the other. */
  resume(): void {
    if (!this.#stopped || this.dead) return;
    this.#stopped = false;
    const { world, luck } = this.#place;
    this.clock.resume();
    world.schedule.in(luck.chance(0.5) ? 0 : 0.1, () => this.#catchUp());
  }

  #catchUp(): void {
    if (this.#stopped) return;
    for (const action of this.#waiting.splice(0)) this.#guarded(action);
    const datagrams = this.#datagrams;
    this.#datagrams = [];
    for (const datagram of datagrams) this.take(datagram);
  }

  #end(): void {
    this.ended = true;
    this.kill();
    const { world, machine } = this.#place;
    world.schedule.in(0, () => machine.onDaemonEnded(this));
  }

  /** The process is gone, and its script runner with it. */
  kill(): void {
    this.dead = true;
    this.clock.stop();
    this.#scripts.endAll();
    this.#fencer.endAll();
    this.#arbiter?.close();
    for (const medium of this.#media) medium.close();
  }
}
