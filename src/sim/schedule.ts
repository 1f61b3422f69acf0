/**
 * Pretend time: a queue of appointments. Nothing waits; the clock jumps from one appointment to the next, so an hour of a quiet
 * cluster costs as much as its heartbeats. Appointments at the same instant are kept in the order in which they were made.
 */
export class Schedule {
  /** Milliseconds since the world began. */
  now = 0;
  #made = 0;
  readonly #heap: Appointment[] = [];

  /** Makes an appointment; one in the past is kept as soon as possible. */
  at(time: number, action: () => void): Appointment {
    const appointment: Appointment = { time: Math.max(time, this.now), order: this.#made++, action, cancelled: false };
    this.#heap.push(appointment);
    this.#rise(this.#heap.length - 1);
    return appointment;
  }

  /** Makes an appointment `delay` milliseconds from now. */
  in(delay: number, action: () => void): Appointment {
    return this.at(this.now + delay, action);
  }

  /** Keeps all appointments up to and including `end`; then it is `end`. */
  runUntil(end: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.time <= end; next = this.#heap[0]) {
      this.#takeFirst();
      if (next.cancelled) continue;
      this.now = next.time;
      next.action();
    }
    this.now = end;
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    for (let at = start, parent = (at - 1) >> 1; at > 0 && this.#swapIfLater(parent, at); parent = (at - 1) >> 1) {
      at = parent;
    }
  }

  #sink(start: number): void {
    for (let at = start; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = this.#isBefore(right, left) ? right : left;
      if (left >= this.#heap.length || !this.#swapIfLater(at, child)) return;
      at = child;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  }

  #swapIfLater(upper: number, lower: number): boolean {
    const a = this.#heap[upper];
    const b = this.#heap[lower];
    if (a === undefined || b === undefined || !this.#isBefore(lower, upper)) return false;
    this.#heap[upper] = b;
    this.#heap[lower] = a;
    return true;
  }
}

export interface Appointment {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
  /** Set to make the appointment come to nothing. */
  cancelled: boolean;
}
