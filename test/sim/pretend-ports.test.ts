import { Luck } from "../../src/sim/luck.js";
import { MachineClock, PretendClock } from "../../src/sim/pretend-clock.js";
import { PretendAddresses, PretendMedium } from "../../src/sim/pretend-ports.js";
import { Schedule } from "../../src/sim/schedule.js";
import { Wires } from "../../src/sim/wires.js";
import { addressesContract } from "../contracts/addresses.js";
import { clockContract } from "../contracts/clock.js";
import { mediumContract } from "../contracts/medium.js";

const usual = { prefix: 24, device: "ens38", label: undefined, wantsLabel: false, broadcast: undefined } as const;

addressesContract(
  "the simulator's",
  () => ({
    addresses: new PretendAddresses(["ens38"], () => {}),
    one: { ...usual, family: "ipv4", address: "10.0.0.1" },
    other: { ...usual, family: "ipv4", address: "10.0.0.2" },
    ipv6: { ...usual, family: "ipv6", address: "2001:db8::1", prefix: 64 },
    close: () => {},
  }),
  undefined,
);

clockContract("the simulator's", () => {
  const schedule = new Schedule();
  const machine = new MachineClock(schedule, { offset: 12_345.678, rate: 1.0003 });
  const clock = new PretendClock({ schedule, clock: machine, luck: new Luck(1), latency: () => 5 });
  return { clock, pass: async (duration) => schedule.runUntil(schedule.now + duration) };
});

mediumContract(
  "the simulator's",
  async () => {
    const schedule = new Schedule();
    const clock = new MachineClock(schedule, { offset: 0, rate: 1 });
    const nodes = ["here", "there"];
    const wires = new Wires({ schedule, luck: new Luck(1), nodes, links: ["ens33"] });
    const [here, there] = nodes.map((from, i) => {
      const to = nodes[1 - i] ?? "";
      return new PretendMedium("ens33", "ucast ens33", (bytes) => wires.carry({ from, link: "ens33", bytes }, to));
    }) as [PretendMedium, PretendMedium];
    for (const [name, medium] of [
      ["here", here],
      ["there", there],
    ] as const) {
      const take = ({ bytes }: { readonly bytes: Uint8Array }): void => medium.receive(bytes, clock.now());
      wires.connect(name, { isReading: () => true, take });
    }
    return {
      here,
      there,
      settle: async () => schedule.runUntil(schedule.now + 100),
      close: () => {
        here.close();
        there.close();
      },
    };
  },
  undefined,
);
