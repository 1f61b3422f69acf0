import { createClock } from "../../src/io/clock.js";
import { clockContract } from "../contracts/clock.js";

clockContract("of this machine", () => ({
  clock: createClock(),
  pass: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
}));
