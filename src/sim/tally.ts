/**
 * What really happened to the pretend clusters of a campaign. A fault that was drawn may strike nobody (a link is cut while nothing is sent);
 * these counters are kept where the fault takes effect, and a campaign in which one of them stays at zero has not tested what it claims.
 */
export const marks = [
  "datagram lost",
  "datagram came twice",
  "datagram overtook another",
  "datagram came again much later",
  "datagram damaged",
  "datagram cut off, another link carried on",
  "datagram cut off one way only",
  "datagram cut off on all links",
  "daemon killed",
  "daemon crashed in the middle of a turn",
  "daemon hung",
  "daemon's timer late",
  "machine frozen, its clock running",
  "machine frozen, its clock standing",
  "power lost",
  "heartbeat stopped",
  "wall clock jumped",
  "clock drifted",
  "address taken away",
  "service died",
  "script slow",
  "script failed",
  "script hung",
  "ping node out of reach",
  "operator's wish",
  "reset by a fencing device",
  "fencing device failed",
  "fencing device hung",
  "fencing device lied",
  "everything of heartbeat killed",
  "everything of heartbeat stopped",
  "cut off from the service LAN",
  "cut off from the service LAN one way",
  "address asked for, and answered",
  "arbiter down",
  "arbiter out of reach",
  "arbiter's answer lost",
  "arbiter slow",
  "arbiter lost its memory",
  "arbiter's disk failed",
  "lease granted",
  "lease held by another",
  "holder gave up what it had lost the right to",
  "machine poisoned over the disk",
  "reset by the watchdog",
  "death confirmed by an operator",
] as const;

export type Mark = (typeof marks)[number];

export class Tally {
  readonly #counts = new Map<Mark, number>();

  note(mark: Mark, times = 1): void {
    this.#counts.set(mark, (this.#counts.get(mark) ?? 0) + times);
  }

  add(counts: Iterable<readonly [Mark, number]>): void {
    for (const [mark, times] of counts) this.note(mark, times);
  }

  /** @returns every mark with its count, those that never happened included. */
  entries(): readonly (readonly [Mark, number])[] {
    return marks.map((mark) => [mark, this.#counts.get(mark) ?? 0] as const);
  }

  /** @returns what never happened. */
  missing(): readonly Mark[] {
    return marks.filter((mark) => !this.#counts.has(mark));
  }
}
