/** Which pairs are played. */
import type { Pairing } from "./compat-scenes.js";

const sides = ["master1", "master2"] as const;
const media = ["ucast", "bcast", "mcast", "serial"] as const;
const digests = ["sha1", "md5", "crc"] as const;

/**
 * Every medium with every format, ours on either side; the other settings of auto_failback over ucast; two originals to compare with.
 * The digests take turns, so that each meets each medium, each format and each side.
 */
export function pairings(): readonly Pairing[] {
  const made: Pairing[] = [];
  const add = (one: Partial<Pairing> & Pick<Pairing, "ours">): void => {
    const digest = digests[made.length % digests.length] ?? "sha1";
    made.push({ medium: "ucast", format: "classic", digest, failback: "on", ...one });
  };
  for (const medium of media) for (const ours of sides) add({ medium, ours });
  for (const failback of ["off", "legacy"] as const) for (const ours of sides) add({ failback, ours });
  const netstring = { format: "netstring" } as const;
  for (const medium of media) for (const ours of sides) add({ medium, ours, ...netstring });
  for (const failback of ["off", "legacy"] as const) for (const ours of sides) add({ failback, ours, ...netstring });
  for (const format of ["classic", "netstring"] as const)
    for (const failback of ["on", "off", "legacy"] as const) add({ ours: "nobody", format, failback });
  // What goes wrong on a slow cable may be the cable's doing.
  add({ ours: "nobody", medium: "serial" });
  return made;
}

/** Where heartbeats are lost at random; minutes are long, so these are few: both sides over ucast, and each other medium with either side. */
export function lossyPairings(): readonly Pairing[] {
  const common = { digest: "sha1", failback: "on" } as const;
  const overUcast = (["classic", "netstring"] as const).flatMap((format) =>
    (["master1", "master2", "nobody"] as const).map((ours): Pairing => ({ ...common, medium: "ucast", format, ours })),
  );
  const elsewhere = (["bcast", "mcast", "serial"] as const).flatMap((medium): readonly Pairing[] => [
    { ...common, medium, format: "classic", ours: "master1" },
    { ...common, medium, format: "netstring", ours: "master2" },
  ]);
  return [...overUcast, ...elsewhere];
}
