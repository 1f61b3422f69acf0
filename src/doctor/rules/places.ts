import type { Facts } from "../facts.js";
import { error, type Finding, warning } from "../finding.js";

/** Files and directories: what is left over, shut or full. */
export function placeFindings({ places }: Facts): readonly Finding[] {
  if (places === undefined) return [];
  return [...leftovers(places), ...shutPlaces(places), ...rootDirectory(places), ...disks(places)];
}

type Places = NonNullable<Facts["places"]>;

function leftovers({ fifo, fifoPath, pidFile, pidPath }: Places): readonly Finding[] {
  const found: Finding[] = [];
  if (fifo === "other")
    found.push(
      error(
        "fifo-is-a-file",
        `${fifoPath} is a file, not a FIFO.`,
        "The original's tools leave one behind when they are called while heartbeat is stopped; messages of scripts then vanish in it.",
        `rm ${fifoPath}    (heartbeat makes the FIFO anew when it starts)`,
      ),
    );
  if (pidFile === "stale")
    found.push(
      warning(
        "stale-pid-file",
        `${pidPath} names a process that is gone, or is not heartbeat.`,
        "heartbeat did not end by itself the last time. Addresses and services may have been left behind; scripts that only read the number may signal a stranger.",
        `rm ${pidPath}`,
        "look into ha-log for the reason before the next start",
      ),
    );
  return found;
}

const shutPlaces = ({ shut }: Places): readonly Finding[] =>
  shut.map(({ path, user, because }) =>
    error(
      "place-shut",
      `${user} cannot enter ${path}: ${because}.`,
      "Programs of respawn lines run there; they end at once with: Cannot chdir to … Permission denied.",
      `chown ${user} ${path}    (or chmod a+x, when others must enter it too)`,
      `chmod 0755 ${path}`,
    ),
  );

function rootDirectory({ rootWritable }: Places): readonly Finding[] {
  if (!rootWritable) return [];
  return [
    warning(
      "root-directory-writable",
      "The root directory / may be written by others than root.",
      "Some notes on heartbeat advise chmod g+rwx /. It mends nothing, and lets every member of the group replace /etc.",
      "chmod 755 /",
    ),
  ];
}

const full = 1024 * 1024;
const nearlyFull = 50 * full;

function disks({ disks: all }: Places): readonly Finding[] {
  return all.flatMap(({ path, free, writable }) => {
    if (!writable)
      return [
        error(
          "disk-read-only",
          `${path} cannot be written.`,
          "No line of a takeover would be logged there, and a start that cannot store its generation is refused.",
          `findmnt --target ${path}    (mounted read-only after an error of the disk?)`,
        ),
      ];
    if (free >= nearlyFull) return [];
    const amount = `${Math.floor(free / 1024)} KiB`;
    return [
      (free < full ? error : warning)(
        "disk-full",
        `The disk of ${path} has ${amount} free.`,
        "Log lines are lost (heartbeats are not), and services that heartbeat starts may fail on a full disk.",
        `du -x -h --max-depth=2 ${path} | sort -h | tail`,
      ),
    ];
  });
}
