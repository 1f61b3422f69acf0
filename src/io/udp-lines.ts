/** What the original says in ha-log when it opens a medium, word for word where people's log watchers may look for it. Pure. */
import type { UdpMediumSettings } from "./udp-sockets.js";

/** @returns the lines of a medium that has been opened, in the original's order, without the time stamp and level (info). */
export function openingLines(settings: UdpMediumSettings): readonly string[] {
  const { device, port } = settings;
  switch (settings.kind) {
    case "ucast":
    case "ucast6":
      return [
        `write socket priority set to IPTOS_LOWDELAY on ${device}`,
        `bound send socket to device: ${device}`,
        "set SO_REUSEPORT(w)",
        "set SO_REUSEADDR",
        `bound receive socket to device: ${device}`,
        "set SO_REUSEPORT",
        `started on port ${port} interface ${device} to ${settings.address}`,
      ].map((words) => `glib: ${settings.kind}: ${words}`);
    case "bcast":
      return [`glib: UDP Broadcast heartbeat started on port ${port} (${port}) interface ${device}`];
    case "mcast":
    case "mcast6": {
      const limits = `(ttl=${settings.ttl} loop=${settings.loop ? 1 : 0})`;
      return [
        `glib: UDP multicast heartbeat started for group ${settings.group} port ${port} interface ${device} ${limits}`,
      ];
    }
  }
}

/** @returns what is said of a medium that cannot be used now. Ours: the original ends in this case. */
export const closingLines = (settings: UdpMediumSettings, problem: string): readonly string[] => [
  `glib: ${settings.kind}: cannot use ${settings.device} yet, will try again: ${problem}`,
];
