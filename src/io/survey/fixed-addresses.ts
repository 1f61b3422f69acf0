import type { System } from "./system.js";

/** Where systems write down the addresses that an interface gets at boot; a directory stands for its files. */
const places = [
  "/etc/network/interfaces",
  "/etc/network/interfaces.d/",
  "/etc/netplan/",
  "/etc/sysconfig/network-scripts/",
  "/etc/NetworkManager/system-connections/",
  "/etc/systemd/network/",
  "/etc/rc.local",
];

/** @returns `path:line` of the first place that gives `address` to this host at boot. Comments do not count. */
export function fixedIn(system: System, address: string): string | undefined {
  const text = address.replace(/[.]/g, "\\.");
  const named = new RegExp(`(?<![\\d.:a-fA-F])${text}(?![\\d.:a-fA-F])`);
  for (const path of places.flatMap((place) => filesOf(system, place))) {
    const lines = system.text(path)?.split("\n") ?? [];
    const line = lines.findIndex((one) => !/^\s*[#;]/.test(one) && !isOther(one) && named.test(one));
    if (line >= 0) return `${path}:${line + 1}`;
  }
  return undefined;
}

/** An address can be named without being given to the host. */
const isOther = (line: string): boolean => /gateway|nameserver|dns|route|ping|^\s*via\b/i.test(line);

const filesOf = (system: System, place: string): readonly string[] =>
  place.endsWith("/")
    ? system
        .entries(place)
        .map((entry) => `${place}${entry}`)
        .sort()
    : [place];
