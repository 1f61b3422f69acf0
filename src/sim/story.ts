import { perform } from "./command.js";
import type { ClusterShape } from "./pretend-cluster.js";
import type { TraceEntry } from "./trace.js";
import { type Parameters, type Violation, World } from "./world.js";

/**
 * A story: what is done to a small cluster, and below the dashes what came of it. Head lines:
 *
 *     # comment                                  what the story shows
 *     nodes master1 master2                      default: these two
 *     links ens33 ens34                          default: ens33
 *     ha.cf auto_failback off                    any line of ha.cf; see `usualHaCf`
 *     group master1 10.0.0.201/24/ens38 nginx    a line of haresources; default: one address for each of the first two nodes
 *     from 60s                                   the transcript begins here
 *     at 60s: cut master1                        see `command.ts`
 *     until 90s
 */
export interface Story {
  readonly head: string;
  readonly shape: ClusterShape;
  readonly from: number;
  readonly until: number;
  readonly commands: readonly { readonly at: number; readonly text: string }[];
  /** What came of it when the story was written down. */
  readonly transcript: string;
}

const separator = "----\n";
const usualHaCf = ["keepalive 1", "deadtime 5", "warntime 3", "initdead 10", "stop_attempts 3"];

/** @throws RangeError when a line makes no sense. */
export function parseStory(text: string): Story {
  const [head = "", transcript = ""] = text.split(/^----\n/m);
  const draft = new Draft();
  for (const line of head.split("\n")) draft.add(line);
  return { head, transcript, ...draft.finish() };
}

class Draft {
  nodes: readonly string[] = ["master1", "master2"];
  links: readonly string[] = ["ens33"];
  readonly haCf: string[] = [];
  readonly haresources: string[] = [];
  readonly commands: { at: number; text: string }[] = [];
  from = 0;
  until = 60_000;

  add(line: string): void {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "" || word.startsWith("#")) return;
    const words = rest.join(" ");
    if (word === "nodes") this.nodes = rest;
    else if (word === "links") this.links = rest;
    else if (word === "ha.cf") this.haCf.push(words);
    else if (word === "group") this.haresources.push(words);
    else if (word === "from") this.from = durationOf(words);
    else if (word === "until") this.until = durationOf(words);
    else if (word === "at") this.#addCommand(words);
    else throw new RangeError(`a story does not know: ${line}`);
  }

  #addCommand(words: string): void {
    const parts = /^(\S+?): (.+)$/.exec(words);
    if (parts === null) throw new RangeError(`not "at TIME: COMMAND": at ${words}`);
    this.commands.push({ at: durationOf(parts[1] ?? ""), text: parts[2] ?? "" });
  }

  finish(): Omit<Story, "head" | "transcript"> {
    const { nodes, links, from, until, commands } = this;
    const addresses = nodes.slice(0, 2).map((node, i) => `${node} 10.0.0.${201 + i}/24/ens38`);
    const haresources = this.haresources.length > 0 ? this.haresources : addresses;
    const given = new Set(this.haCf.map((line) => line.split(" ")[0]));
    const usual = [...usualHaCf, "auto_failback on"].filter((line) => !given.has(line.split(" ")[0]));
    return {
      shape: { nodes, links, medium: "bcast", haCf: [...usual, ...this.haCf], haresources },
      from,
      until,
      commands,
    };
  }
}

/** @returns milliseconds; understands `60s`, `250ms`. */
function durationOf(text: string): number {
  const parts = /^([\d.]+)(ms|s)$/.exec(text);
  if (parts === null) throw new RangeError(`not a time: ${text}`);
  return Number(parts[1]) * (parts[2] === "s" ? 1_000 : 1);
}

/** In a story nothing is left to luck: wires and timers take the same time always, clocks agree. */
const exact: Parameters = {
  timerLatency: 0,
  drift: 0,
  deadtime: 5_000,
  longestScripts: 60_000,
  lossGrace: 4_000,
  longestOutage: 3_600_000,
  mostWakeUps: 200,
  mostDatagrams: 1_000,
};

/** Plays the story. @returns the whole file as it should be, and what the checkers objected to. */
export function tellStory(story: Story): { readonly text: string; readonly violations: readonly Violation[] } {
  const lines: string[] = [];
  const world = new World({ seed: 1, shape: story.shape, parameters: { ...exact, deadtime: deadtimeOf(story) } });
  world.trace.onEntry = (entry) => {
    const line = entry.at >= story.from ? tell(entry) : undefined;
    if (line !== undefined) lines.push(line);
  };
  for (const { at, text } of story.commands) world.schedule.at(at, () => perform(world, text));
  world.schedule.runUntil(story.until);
  const last = world.machines.map((machine) => `${machine.name} ${holdingsOf(world, machine.name)}`);
  const end = `${seconds(story.until)} in the end: ${[...last, ...misled(world)].join("; ")}`;
  return { text: `${story.head}${separator}${[...lines, end].join("\n")}\n`, violations: world.violations };
}

function deadtimeOf(story: Story): number {
  const line = story.shape.haCf.find((candidate) => candidate.startsWith("deadtime ")) ?? "deadtime 5";
  const word = line.split(" ")[1] ?? "5";
  return word.endsWith("ms") ? Number(word.slice(0, -2)) : Number(word) * 1_000;
}

function holdingsOf(world: World, node: string): string {
  const machine = world.machine(node);
  if (!machine.powered) return "is off";
  const held = [...machine.addresses.present, ...machine.services.active.keys()];
  return held.length === 0 ? "holds nothing" : `holds ${held.join(" ")}`;
}

/** Addresses whose packets go where they are not: nobody announced them since they moved. */
function misled(world: World): readonly string[] {
  return [...world.neighbours].flatMap(([address, node]) => {
    const holders = world.machines.filter(({ addresses }) => addresses.present.has(address));
    const isFound = holders.length === 0 || holders.some((machine) => machine.name === node);
    return isFound ? [] : [`the neighbours send ${address} to ${node}`];
  });
}

/** Log lines as an operator finds them, `*` for what the world saw, `>` for what was done to it, `~` for hand-overs of the journal. */
function tell({ at, node, kind, text }: TraceEntry): string | undefined {
  // What only the debugfile gets is no part of a story.
  if (kind === "record" || (kind === "log" && /^(?:\S+: )?debug: /.test(text))) return undefined;
  if (node === "WORLD") return `${seconds(at)} > ${text}`;
  return `${seconds(at)} ${node} ${kind === "note" ? `* ${text}` : text}`;
}

const seconds = (at: number): string => `${(at / 1_000).toFixed(3).padStart(8)}`;
