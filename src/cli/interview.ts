import { isIP } from "node:net";
import type { HostFacts, InterfaceFacts } from "../config/host-facts.js";
import type { Plan, PlannedGroup, PlannedNode } from "./plan.js";

/** The questions of `heartbeat init`. Each shows what it would take; an empty answer takes it. */
export interface Interviewer {
  ask(prompt: string): Promise<string>;
  say(text: string): void;
}

/** Asks for everything that `plan` lacks. Fails only as `ask` does. */
export async function askPlan(person: Interviewer, plan: Plan, host: HostFacts): Promise<Plan> {
  person.say("Three files for a pair of nodes. Enter takes the answer in [brackets], ^C writes nothing.\n");
  const links = plan.links.length > 0 ? plan.links : await askLinks(person, host);
  const nodes = plan.nodes.length >= 2 ? plan.nodes : await askNodes(person, plan.nodes, links, host);
  const groups = plan.groups.length > 0 ? plan.groups : await askGroups(person, nodes, links, host);
  const pings =
    plan.pings.length > 0
      ? plan.pings
      : words(await asked(person, "Host to ping, mostly the gateway (- for none)", "-"));
  return { ...plan, links, nodes, groups, pings };
}

async function asked(person: Interviewer, what: string, fallback: string | undefined): Promise<string> {
  for (;;) {
    const answer = (await person.ask(`${what}${fallback === undefined ? "" : ` [${fallback}]`}: `)).trim();
    if (answer !== "") return answer;
    if (fallback !== undefined) return fallback;
  }
}

/** Asks again, saying why, until `complaintAbout` has nothing to say about the answer. */
async function askedRight(
  person: Interviewer,
  question: { readonly what: string; readonly fallback: string | undefined },
  complaintAbout: (answer: string) => string | undefined,
): Promise<string> {
  for (;;) {
    const answer = await asked(person, question.what, question.fallback);
    const complaint = complaintAbout(answer);
    if (complaint === undefined) return answer;
    person.say(`  ${complaint}`);
  }
}

const askedAddress = (person: Interviewer, what: string, fallback: string | undefined): Promise<string> =>
  askedRight(person, { what, fallback }, (answer) =>
    isIP(answer.split("/")[0] ?? "") === 0 ? `${answer} is no IP address.` : undefined,
  );

function complaintAboutName(name: string, taken: readonly string[]): string | undefined {
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)) return `${name} is no host name.`;
  return taken.includes(name.toLowerCase()) ? `${name} is the first node already.` : undefined;
}

const words = (answer: string): string[] =>
  answer === "-" ? [] : answer.split(/[\s,]+/).filter((word) => word !== "");

const usable = (host: HostFacts): InterfaceFacts[] =>
  (host.interfaces ?? []).filter(({ name, addresses }) => name !== "lo" && addresses.length > 0);

const firstAddress = (host: HostFacts, link: string | undefined): string | undefined =>
  host.interfaces?.find(({ name }) => name === link)?.addresses.find(({ address }) => isIP(address) === 4)?.address;

async function askLinks(person: Interviewer, host: HostFacts): Promise<string[]> {
  const present = usable(host);
  for (const { name, addresses } of present)
    person.say(`  ${name}: ${addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(" ")}`);
  const names = present.map(({ name }) => name).join(" ");
  const what = "Interfaces for heartbeats (two are better than one)";
  const known = (host.interfaces ?? []).map(({ name }) => name);
  const answer = await askedRight(person, { what, fallback: names === "" ? undefined : names }, (given) => {
    const unknown = words(given).filter((name) => known.length > 0 && !known.includes(name));
    return unknown.length === 0 ? undefined : `This host has no ${unknown.join(", ")}; it has ${known.join(" ")}.`;
  });
  return words(answer);
}

async function askNodes(
  person: Interviewer,
  given: readonly PlannedNode[],
  links: readonly string[],
  host: HostFacts,
): Promise<PlannedNode[]> {
  const nodes = [...given];
  while (nodes.length < 2) {
    const here = nodes.length === 0;
    const what = here ? "Name of this node" : "Name of the other node (its uname -n)";
    const taken = nodes.map((node) => node.name);
    const name = await askedRight(person, { what, fallback: here ? host.unameNode : undefined }, (answer) =>
      complaintAboutName(answer, taken),
    );
    const addresses: string[] = [];
    for (const link of links)
      addresses.push(
        await askedAddress(person, `Address of ${name} on ${link}`, here ? firstAddress(host, link) : undefined),
      );
    nodes.push({ name: name.toLowerCase(), addresses });
  }
  return nodes;
}

async function askGroups(
  person: Interviewer,
  nodes: readonly PlannedNode[],
  links: readonly string[],
  host: HostFacts,
): Promise<PlannedGroup[]> {
  const address = await askedAddress(person, "Service address that moves between the nodes", undefined);
  const device =
    usable(host)
      .map(({ name }) => name)
      .find((name) => !links.includes(name)) ?? links[0];
  const full = address.includes("/")
    ? address
    : `${address}/${await asked(person, "Its prefix length", "24")}/${await asked(person, "Its interface", device)}`;
  const names = nodes.map(({ name }) => name);
  const owner = await askedRight(person, { what: "Preferred node", fallback: names[0] }, (answer) =>
    names.includes(answer.toLowerCase()) ? undefined : `It must be one of ${names.join(", ")}.`,
  );
  const services = words(await asked(person, "Services to start with it, as in /etc/init.d (- for none)", "-"));
  return [{ owner: owner.toLowerCase(), address: full, services }];
}
