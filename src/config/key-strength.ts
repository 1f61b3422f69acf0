import { type Fault, fault } from "./report.js";

// Keys that stand in samples and in well-read notes on the internet: whoever attacks tries them first.
const published = new Set([
  "HI!",
  "Hello!",
  "hello",
  "secret",
  "password",
  "changeme",
  "heartbeat",
  "linux-ha",
  "mysecret",
  "UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta",
]);
/** 16 characters of base64 hold 96 bits; shorter ones are in reach of somebody who recorded one packet. */
const shortest = 16;
const fewest = 6;

/** @returns why somebody on the network could speak for a node with this method and key, `undefined` when it is sound. */
export function weakness(method: "crc" | "md5" | "sha1", secret: string): Fault | undefined {
  const make = "heartbeat keygen makes a random key; put it on both nodes.";
  if (method === "crc")
    return fault(
      "crc-is-no-protection",
      "crc finds damaged packets, but anybody on the network can forge good ones.",
      `Use sha1 unless the link is a cable between the two nodes. ${make}`,
    );
  if (published.has(secret))
    return fault("weak-key", "This key is known to everybody: it stands in published samples.", make);
  if (secret.length < shortest)
    return fault("weak-key", `This key has only ${secret.length} characters and can be guessed.`, make);
  if (new Set(secret).size < fewest)
    return fault("weak-key", "This key repeats very few characters and can be guessed.", make);
  return undefined;
}
