import { parentPort } from "node:worker_threads";
import { type Course, newCampaign, runSeed } from "./campaign.js";

/** Lives through a handful of seeds at a time, in a thread of its own. */
export interface Portion {
  readonly from: number;
  readonly count: number;
  readonly course: Course;
}

parentPort?.on("message", ({ from, count, course }: Portion) => {
  const campaign = newCampaign();
  for (let seed = from; seed < from + count; seed++) runSeed(campaign, seed, course);
  parentPort?.postMessage(campaign);
});
