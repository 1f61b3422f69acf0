/** Marks a place that the compiler knows to be unreachable; a new variant that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`);
}
