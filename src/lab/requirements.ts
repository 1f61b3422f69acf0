/**
 * What the lab needs from the machine, and how it says that something is missing. Nothing is installed from here: the message names the
 * Debian package.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { checkout } from "./tree.js";

/** How namespaces can be had here: as root, as an ordinary user through a user namespace, or not at all, and then why. */
export type Availability =
  | { readonly kind: "root" }
  | { readonly kind: "rootless" }
  | { readonly kind: "unavailable"; readonly reason: string };

/** Program → Debian package, for everything the lab itself runs. */
const NEEDED: Readonly<Record<string, string>> = {
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "mount",
  pivot_root: "util-linux",
  ip: "iproute2",
  nft: "nftables",
  base64: "coreutils",
  hostname: "hostname",
};

const { PATH = "" } = process.env;

/** Where an administrator's programs are, whether or not the operator's PATH has them; and what `scripts/setup.sh` unpacked. */
export const SEARCH_PATH = [
  ...PATH.split(delimiter),
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
  join(checkout, ".cache/nginx/usr/sbin"),
];

/** The full path of a program, if it is installed. */
export function findProgram(name: string): string | undefined {
  for (const folder of SEARCH_PATH) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return undefined;
}

/** One line per missing program, ready for the operator; empty if all is there. */
export function missingPrograms(wanted: Readonly<Record<string, string>> = NEEDED): readonly string[] {
  const missing = Object.entries(wanted).filter(([program]) => findProgram(program) === undefined);
  return missing.map(([program, debian]) => `${program} is missing: apt-get install ${debian}`);
}

const PROBE = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--mount-proc", "true"];
let known: Availability | undefined;

/** Tries it out rather than guessing from version numbers: sandboxes differ in what they refuse. */
export function availability(): Availability {
  known ??= tryOut();
  return known;
}

function tryOut(): Availability {
  const missing = missingPrograms();
  if (missing.length > 0) return { kind: "unavailable", reason: missing.join("; ") };
  const root = process.getuid?.() === 0;
  const userFlags = root ? [] : ["--user", "--map-root-user"];
  const outcome = spawnSync("unshare", [...userFlags, ...PROBE], { encoding: "utf8", timeout: 10_000 });
  if (outcome.status === 0) return { kind: root ? "root" : "rootless" };
  const how = root ? "namespaces are refused to root here" : "not root, and user namespaces are refused here";
  return { kind: "unavailable", reason: `${how}: ${outcome.stderr.trim() || `status ${outcome.status}`}` };
}
