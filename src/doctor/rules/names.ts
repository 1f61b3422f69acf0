import { sameAddress } from "../../config/ip-address.js";
import type { Facts } from "../facts.js";
import { type Finding, note, warning } from "../finding.js";
import type { Subjects } from "../subjects.js";

/** What the name service says about the nodes. Heartbeat goes by names that it never looks up; people and scripts do look them up. */
export function nameFindings({ self, nodes }: Subjects, { names, links }: Facts): readonly Finding[] {
  return (names ?? []).flatMap(({ name, addresses }) => {
    if (name === self || !nodes.includes(name)) return [];
    if (addresses.length === 0)
      return [
        note(
          "name-not-resolved",
          `The name ${name} has no address here (neither /etc/hosts nor DNS).`,
          "It does not matter to heartbeat, which never looks node names up; ssh, scp and scripts may miss it.",
          `echo '<address> ${name}' >> /etc/hosts`,
        ),
      ];
    const own = links?.flatMap((link) => link.addresses.map(({ address }) => address)) ?? [];
    const wrong = addresses.find(
      (address) => address.startsWith("127.") || own.some((mine) => sameAddress(mine, address)),
    );
    if (wrong === undefined) return [];
    return [
      warning(
        "peer-name-is-here",
        `The name of the other node, ${name}, leads to ${wrong}, which is this very host.`,
        "Heartbeat does not mind; ssh, scp and scripts that mean the other node change this one.",
        `mend the line of ${name} in /etc/hosts`,
      ),
    ];
  });
}
