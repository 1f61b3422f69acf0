import type { PingConfig } from "./config.js";
import { ipv4, ipv6 } from "./ip-address.js";
import type { MediaContext } from "./media.js";
import { fault } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";

/** A ping node, and the word that named it. */
export interface PingLine {
  readonly ping: PingConfig;
  readonly name: Word;
}

/** Reads `ping HOST …` and `ping6 HOST …`: each host a ping node, named as written. */
export function readPing({ directive, values }: Statement, context: MediaContext): readonly PingLine[] {
  return values.flatMap((name) => {
    const family = directive.text === "ping6" ? "ipv6" : "ipv4";
    const host = pingHost(name, family, context);
    if (host === undefined) {
      context.report.error(name, fault("unknown-host", `unknown host: ${name.text}`, unknownHint(name.text, family)));
      return [];
    }
    return [{ ping: { name: name.text, kind: "ping" as const, hosts: [host] }, name }];
  });
}

/** Reads `ping_group NAME HOST …`; a host that cannot be resolved is left out, as the original does. */
export function readPingGroup({ directive, values }: Statement, context: MediaContext): readonly PingLine[] {
  const { report } = context;
  const [name, ...hosts] = values;
  if (name === undefined || hosts.length === 0) {
    report.error(
      directive,
      fault(
        "bad-ping-group",
        "ping_group needs a name and at least one host.",
        "Like: ping_group routers 172.30.105.254 172.30.105.253",
      ),
    );
    return [];
  }
  const known = hosts.flatMap((host) => {
    const address = pingHost(host, "either", context);
    if (address === undefined)
      report.warn(
        host,
        fault(
          "unknown-host",
          `unknown host: ${host.text}`,
          "This host of the group is not asked; write its numeric address.",
        ),
      );
    return address === undefined ? [] : [address];
  });
  return [{ ping: { name: name.text, kind: "ping_group", hosts: known }, name }];
}

type Family = "ipv4" | "ipv6" | "either";

function unknownHint(text: string, family: Family): string {
  if (family === "ipv4" && ipv6(text) !== undefined) return `An IPv6 address stands in a ping6 line: ping6 ${text}`;
  if (family === "ipv6" && ipv4(text) !== undefined) return `An IPv4 address stands in a ping line: ping ${text}`;
  return "Write the numeric address of the ping node, or mend /etc/hosts.";
}

const isOf = (family: Family, text: string): boolean =>
  (family !== "ipv6" && ipv4(text) !== undefined) || (family !== "ipv4" && ipv6(text) !== undefined);

function pingHost({ text }: Word, family: Family, { facts }: MediaContext): string | undefined {
  if (isOf(family, text)) return text;
  // Digits and dots that are no address would be sent to a name server, which answers slowly and never rightly.
  if (/^[\d.]+$/.test(text) || text.includes(":")) return undefined;
  return facts.resolved === undefined ? text : facts.resolved.get(text)?.find((address) => isOf(family, address));
}
