import type { FirewallFacts } from "../../ports/survey.js";
import { isOnPath, type Ran, runBriefly } from "./programs.js";

const patience = 5_000;

/** The rules of this network namespace, as the tools that are there list them; `undefined`: none of them is there, or none answered. */
export async function surveyPacketFilters(): Promise<FirewallFacts | undefined> {
  const listed = await Promise.all([
    ask("nft", ["-j", "list", "ruleset"]),
    ask("iptables-save", []),
    ask("ip6tables-save", []),
  ]);
  const [nft, iptables, ip6tables] = listed;
  if (listed.every((text) => text === undefined)) return undefined;
  return { nft: nft === undefined ? undefined : parsed(nft), iptables, ip6tables };
}

async function ask(program: string, words: readonly string[]): Promise<string | undefined> {
  if (!isOnPath(program)) return undefined;
  const ran: Ran = await runBriefly(program, words, { limit: patience });
  return ran.kind === "exited" && ran.code === 0 ? ran.stdout : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
