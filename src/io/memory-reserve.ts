/** `memreserve`: memory that is had before the first heartbeat, so that a later allocation does not wait for a page. */
import * as libc from "./libc.js";

/** Larger blocks would be mapped apart, and given back when they are freed. */
const block = 64 * 1024;

/**
 * Takes so many KiB of the C heap, touches every page and gives them back to the heap, which keeps them from now on.
 * @returns KiB that were had: less when there is no more, 0 where the C library cannot keep them.
 */
export function reserveMemory(kib: number): number {
  if (!libc.keepFreedMemory()) return 0;
  const blocks: bigint[] = [];
  while (blocks.length * block < kib * 1024) {
    const address = libc.touchedBlock(block);
    if (address === undefined) break;
    blocks.push(address);
  }
  for (const address of blocks) libc.freeBlock(address);
  return (blocks.length * block) / 1024;
}
