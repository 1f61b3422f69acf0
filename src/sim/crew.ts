import { Worker } from "node:worker_threads";
import { addUp, type Campaign, type Course, newCampaign, runSeed } from "./campaign.js";
import type { Portion } from "./worker.js";

/** How a campaign is run. */
export interface Orders {
  readonly first: number;
  /** Seeds; Infinity: until it is stopped. */
  readonly count: number;
  /** Threads. */
  readonly jobs: number;
  readonly course: (from: number) => Course;
  /** Stop at the first failure. */
  readonly stopsAtFailure: boolean;
  /** Asked after each portion. */
  readonly isOver: () => boolean;
  /** Called after each portion with the sum so far. */
  readonly onPortion: (total: Campaign) => void;
}

const portion = 20;

/** Runs seeds in order, dealt out in portions. @returns the sum of all that were finished. */
export async function runCampaign(orders: Orders): Promise<Campaign> {
  const total = newCampaign();
  let next = orders.first;
  const end = orders.first + orders.count;
  const isOver = (): boolean => next >= end || orders.isOver() || (orders.stopsAtFailure && total.failed.length > 0);
  const deal = (): Portion | undefined => {
    if (isOver()) return undefined;
    const from = next;
    next = Math.min(end, from + portion);
    return { from, count: next - from, course: orders.course(from) };
  };
  const take = (part: Campaign): void => {
    addUp(total, part);
    orders.onPortion(total);
  };
  await Promise.all(
    Array.from({ length: orders.jobs }, () => (orders.jobs === 1 ? workHere(deal, take) : work(deal, take))),
  );
  return total;
}

/** In this very thread; signals are heard between two portions. */
async function workHere(deal: () => Portion | undefined, take: (part: Campaign) => void): Promise<void> {
  for (let given = deal(); given !== undefined; given = deal()) {
    const part = newCampaign();
    for (let seed = given.from; seed < given.from + given.count; seed++) runSeed(part, seed, given.course);
    take(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function work(deal: () => Portion | undefined, take: (part: Campaign) => void): Promise<void> {
  const worker = new Worker(new URL("./worker.js", import.meta.url));
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const given = deal();
      if (given === undefined) resolve();
      else worker.postMessage(given);
    };
    worker.on("message", (part: Campaign) => {
      take(part);
      next();
    });
    worker.on("error", reject);
    next();
  });
  await worker.terminate();
}
