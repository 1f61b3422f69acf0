/** Reproducible luck: a seed goes in, a number and the next seed come out (mulberry32). Never for secrets. */

/** @returns a number in [0, 1) and the seed for the next draw. */
export function draw(seed: number): readonly [number, number] {
  const next = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296, next];
}

/** @returns `digits` hexadecimal digits and the seed for the next draw. */
export function drawHex(seed: number, digits: number): readonly [string, number] {
  let text = "";
  let current = seed;
  while (text.length < digits) {
    const [luck, next] = draw(current);
    text += Math.floor(luck * 16).toString(16);
    current = next;
  }
  return [text, current];
}
