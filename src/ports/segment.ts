import type { VirtualAddress } from "./addresses.js";

/** The service LAN, asked who has an address (ARP probe, RFC 5227; neighbour solicitation, RFC 4862). Calls never wait and never throw. */
export interface Segment {
  /** Sends one question; what came in before it answers nothing. An interface that does not work is as silent as an address that nobody has. */
  ask(address: VirtualAddress): void;
  /** Reads what has come in; answers go to the listener. Cheap when nothing was asked. */
  poll(): void;
  /** `by`: who has it, for people: `52:54:00:12:34:56 on ens38`. Never this host. */
  onAnswer(listener: (address: VirtualAddress, by: string) => void): void;
}
