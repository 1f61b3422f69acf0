import { nodeName } from "../core/names.js";
import type { Machine } from "./machine.js";
import type { OwnCluster } from "./own-cluster.js";
import type { World } from "./world.js";

/** One thing that goes wrong (or right again), in an operator's words. */
export interface Mishap {
  readonly text: string;
  begin(world: World): void;
}

export const whatIfHelp = `What can be asked (NODE, LINK, PING and SCRIPT as in your files):

  NODE loses LINK                 its interface, cable or port on the switch
  NODE loses PING                 it reaches this ping node no more; "its ping nodes": none of them
  NODE is cut off                 all its links, clients, ping nodes and the arbiter at once
  NODE crashes                    power loss, kernel panic
  NODE hangs                      its daemon stands still (SIGSTOP, an endless loop)
  NODE freezes                    the whole machine stands still (a paused virtual machine)
  NODE's daemon dies              SIGKILL for the daemon alone
  NODE stops                      heartbeat is stopped in an orderly way
  NODE goes standby               hb_standby
  NODE takes over                 hb_takeover
  NODE comes back                 it is started, thawed, and has its links and ping nodes again
  LINK fails                      the link as a whole: the switch, the cable between the two
  all links fail                  no node hears another one
  everything heals
  SCRIPT dies on NODE             the service ends by itself (a crash, the OOM killer)
  SCRIPT fails on NODE, SCRIPT hangs on NODE
                                  from now on its start and stop fail; its status, too, never ends
  the arbiter is lost             the witness or the disk of your arbiter line answers nobody
  fencing fails                   no fencing device works any more

"and" joins what happens at the same time, "then" what happens when the former has had its effect:

  heartbeat simulate -c /etc/ha.d 'master1 loses ens33'
  heartbeat simulate 'master1 loses ens33 and ens34, then master1 comes back'
`;

/** Asked for something that cannot be understood; the message says what could be. */
export class NotUnderstood extends Error {}

/** @returns what happens, stage by stage. @throws NotUnderstood */
export function parseWhatIf(question: string, cluster: OwnCluster): readonly (readonly Mishap[])[] {
  const stages = question.trim().split(/\s*[,;]?\s*\bthen\b\s*|\s*[,;]\s*/);
  const parsed = stages.filter((stage) => stage !== "").map((stage) => parseStage(stage, cluster));
  if (parsed.length === 0)
    throw new NotUnderstood("What should go wrong? For example: 'NODE loses LINK'. --help lists it all.");
  return parsed;
}

function parseStage(stage: string, cluster: OwnCluster): readonly Mishap[] {
  let before = "";
  return stage.split(/\s+and\s+/).map((part) => {
    // "master1 loses ens33 and ens34"
    const whole = understand(part, cluster) === undefined && before !== "" ? `${before} ${part}` : part;
    const mishap = understand(whole, cluster);
    if (mishap === undefined) throw new NotUnderstood(complaint(part, cluster));
    before = /^(\S+ loses) /.exec(whole)?.[1] ?? "";
    return mishap;
  });
}

type Rule = readonly [RegExp, (words: readonly string[], cluster: OwnCluster) => ((world: World) => void) | undefined];

const on = (node: string | undefined, { nodes }: OwnCluster, act: (machine: Machine, world: World) => void) =>
  node === undefined || !nodes.includes(node) ? undefined : (world: World): void => act(world.machine(node), world);

const rules: readonly Rule[] = [
  [/^(\S+) loses (?:link |ping )?(.+)$/, ([node = "", what = ""], cluster) => loses(node, what, cluster)],
  [/^(\S+) is cut off$/, ([node], cluster) => on(node, cluster, (machine, world) => cutOff(world, machine))],
  [/^(\S+) (?:crashes|loses power)$/, ([node], cluster) => on(node, cluster, (machine) => machine.losePower())],
  [/^(\S+?)(?:'s daemon)? hangs$/, ([node], cluster) => on(node, cluster, (machine) => machine.stopDaemon())],
  [
    /^(\S+) freezes$/,
    ([node], cluster) => on(node, cluster, (machine) => machine.freeze({ clockStops: false, dropsDatagrams: true })),
  ],
  [/^(\S+?)'s daemon dies$/, ([node], cluster) => on(node, cluster, (machine) => machine.killDaemon())],
  [/^(\S+) stops$/, ([node], cluster) => on(node, cluster, (machine) => machine.guardian?.stop())],
  [
    /^(\S+) goes standby$/,
    ([node], cluster) => on(node, cluster, (machine, world) => world.wish(machine, "standby", "all")),
  ],
  [
    /^(\S+) takes over$/,
    ([node], cluster) => on(node, cluster, (machine, world) => world.wish(machine, "takeover", "all")),
  ],
  [/^(\S+) comes back$/, ([node], cluster) => on(node, cluster, (machine, world) => comeBack(world, machine))],
  [/^(?:link )?(\S+) fails$/, ([link], { links }) => cutLinks(links.filter((name) => name === link))],
  [/^(?:all links|everything) fails?$/, (_, { links }) => cutLinks(links)],
  [/^everything heals$/, () => healAll],
  [
    /^(.+) dies on (\S+)$/,
    ([script = "", node], cluster) =>
      cluster.scripts.includes(script) ? on(node, cluster, ({ services }) => services.die(script)) : undefined,
  ],
  [
    /^(.+) (fails|hangs) on (\S+)$/,
    ([script = "", how = "", node], cluster) => spoil(script, how === "fails" ? "fail" : "hang", node, cluster),
  ],
  [/^(?:the )?(?:arbiter|witness) (?:fails|is lost)$/, (_, { config }) => loseArbiter(config)],
  [/^fencing fails$/, (_, { config }) => (config.settings.fencing.devices.length === 0 ? undefined : spoilFencing)],
];

function understand(part: string, cluster: OwnCluster): Mishap | undefined {
  const text = part.trim().replace(/\s+/g, " ");
  for (const [pattern, act] of rules) {
    const words = pattern.exec(text);
    const begin = words === null ? undefined : act(words.slice(1), cluster);
    if (begin !== undefined) return { text, begin };
  }
  return undefined;
}

function loses(node: string, what: string, cluster: OwnCluster): ((world: World) => void) | undefined {
  if (cluster.links.includes(what) || cluster.lans.includes(what))
    return on(node, cluster, (machine, world) => loseInterface(world, machine, { name: what, cluster }));
  if (/^all( its)? links$/.test(what))
    return on(node, cluster, (_, world) => world.wires.cut({ from: node, bothWays: true }));
  if (what === "its ping nodes" && cluster.pings.length > 0)
    return on(node, cluster, (machine) => machine.changePing(true));
  if (cluster.pings.includes(what)) return on(node, cluster, (machine) => void machine.pingsLost.add(what));
  return undefined;
}

function loseInterface(
  world: World,
  machine: Machine,
  { name, cluster }: { readonly name: string; readonly cluster: OwnCluster },
): void {
  if (cluster.links.includes(name)) world.wires.cut({ from: machine.name, link: name, bothWays: true });
  if (cluster.lans.includes(name)) machine.lan.cut();
}

function cutOff(world: World, machine: Machine): void {
  machine.lan.cut();
  world.arbiter?.reach.set(nodeName(machine.name), "cut");
  world.wires.cut({ from: machine.name, bothWays: true });
  machine.changePing(true);
}

function comeBack(world: World, machine: Machine): void {
  machine.lan.heal();
  world.arbiter?.reach.delete(nodeName(machine.name));
  world.wires.heal({ from: machine.name, bothWays: true });
  machine.changePing(false);
  machine.pingsLost.clear();
  machine.services.makeAllWork();
  machine.thaw();
  machine.continueDaemon();
  machine.start();
}

function healAll(world: World): void {
  for (const machine of world.machines) comeBack(world, machine);
}

function cutLinks(links: readonly string[]): ((world: World) => void) | undefined {
  if (links.length === 0) return undefined;
  return (world) => {
    for (const link of links) world.wires.cut({ link, bothWays: true });
  };
}

function spoil(script: string, does: "fail" | "hang", node: string | undefined, cluster: OwnCluster) {
  if (!cluster.scripts.includes(script)) return undefined;
  return on(node, cluster, ({ services }) => {
    for (const action of ["start", "stop", "status"] as const) services.setTemper(script, action, { does, takes: 100 });
  });
}

function loseArbiter({ settings }: OwnCluster["config"]): ((world: World) => void) | undefined {
  if (settings.arbitration.leaseTime === undefined) return undefined;
  return (world) => {
    if (world.arbiter !== undefined) world.arbiter.down = true;
  };
}

function spoilFencing(world: World): void {
  for (const machine of world.machines) machine.fencing = { does: "fail", takes: 1_000 };
}

function complaint(part: string, { nodes, links, pings, scripts, config }: OwnCluster): string {
  const list = (word: string, names: readonly string[]): string =>
    names.length === 0 ? "" : `; ${word} ${names.join(", ")}`;
  const fencing =
    /fencing/.test(part) && config.settings.fencing.devices.length === 0 ? " No fencing device is configured." : "";
  return `"${part}" is not understood.${fencing} There are: nodes ${nodes.join(", ")}${list("links", links)}${list("ping nodes", pings)}${list("scripts", scripts)}. --help lists what can be asked.`;
}
