import type { NodeSnapshot, Snapshot } from "../../control/snapshot.js";
import type { Request, SubCommand } from "./command-line.js";
import { clCodes, complained, type Output, said } from "./output.js";

/**
 * The answers of cl_status, word for word as 3.0.6 gives them, from one snapshot. `test/vectors/cl_status-3.0.6.json`
 * is the judge: scripts match these words, misspelt ones included.
 */
export function answer(request: Request, snapshot: Snapshot): Output {
  return answers[request.command](request, snapshot);
}

type Answer = (request: Request, snapshot: Snapshot) => Output;

const answers: Readonly<Record<SubCommand, Answer>> = {
  hbstatus,
  listnodes,
  nodestatus: (request, snapshot) => ofNode(request, snapshot, { missing: notEnough, unknown: wrongName }, nodestatus),
  nodetype: (request, snapshot) => ofNode(request, snapshot, { missing: noEnough, unknown: wrongName }, nodetype),
  nodeweight: (request, snapshot) =>
    ofNode(request, snapshot, { missing: notEnough, unknown: "Error. Maybe due to incorrect node name." }, nodeweight),
  nodesite: (request, snapshot) => ofNode(request, snapshot, { missing: notEnough, unknown: wrongName }, nodesite),
  listhblinks,
  hblinkstatus,
  clientstatus,
  rscstatus,
  hbparameter,
  test,
};

const notEnough = "Not enough parameters.";
const noEnough = "No enough parameter.";
const wrongName = "Error. May be due to incorrect node name";

const human = (request: Request): boolean => request.options.has("m");
const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

const nodeCalled = (snapshot: Snapshot, name: string | undefined): NodeSnapshot | undefined =>
  snapshot.nodes.find((node) => node.name.toLowerCase() === name?.toLowerCase());

/** While the daemon still waits for its peers the original says "stopped" (exit 1); so do we, but for the word. */
function hbstatus(request: Request, snapshot: Snapshot): Output {
  const verbose = request.options.has("v");
  if (snapshot.phase === "starting") {
    const why = verbose && snapshot.phaseReason !== "" ? `(${snapshot.phaseReason})\n` : "";
    return said(`Heartbeat is starting on this machine.\n${why}`, clCodes.bad);
  }
  if (!verbose) return said("Heartbeat is running on this machine.\n");
  const head = human(request) ? ["Heartbeat version ", "Resources controlled by "] : ["version:\t", "managed by:\t"];
  return said(`${head[0]}${snapshot.program}\n${head[1]}"haresources"\n${listnodes(request, snapshot).stdout}`);
}

/** The original keeps its nodes in a list that grows at the front: the last configured one comes first. */
function listnodes(request: Request, snapshot: Snapshot): Output {
  const { options } = request;
  const both = options.has("p") === options.has("n");
  const wanted = snapshot.nodes.toReversed().filter(({ type }) => both || options.has(type === "ping" ? "p" : "n"));
  const title = human(request) ? ["The nodes are as follow:"] : [];
  const body = wanted.flatMap((node) =>
    options.has("v")
      ? ["", `${node.name}\t${node.status}\t(nodetype: ${node.type})`, ...linksOf(node, request)]
      : [node.name],
  );
  return said(lines([...title, ...body]));
}

const linksOf = (node: NodeSnapshot, request: Request): string[] => [
  ...(human(request) ? ["\tthis node has the following heartbeat links:"] : []),
  ...node.links.map((link) => `\t${link.name}${request.options.has("v") ? `\t${linkWord(link)}` : ""}`),
];
const linkWord = (link: { readonly up: boolean }): string => (link.up ? "up" : "dead");

type Complaints = { readonly missing: string; readonly unknown: string };
type AboutNode = (request: Request, node: NodeSnapshot, asked: string) => Output;

function ofNode(request: Request, snapshot: Snapshot, complaints: Complaints, about: AboutNode): Output {
  const [name] = request.words;
  if (name === undefined) return complained(clCodes.parameters, "bare", complaints.missing);
  const node = nodeCalled(snapshot, name);
  if (node === undefined) return complained(clCodes.parameters, "bare", complaints.unknown);
  return about(request, node, name);
}

function nodestatus(request: Request, node: NodeSnapshot, asked: string): Output {
  const text = human(request) ? `The cluster node ${asked} is ${node.status}` : node.status;
  return said(`${text}\n`, node.status === "dead" ? clCodes.bad : clCodes.good);
}

function nodetype(request: Request, node: NodeSnapshot, asked: string): Output {
  return said(human(request) ? `The node ${asked}'s type: ${node.type}\n` : `${node.type}\n`);
}

/** Weights and sites are of no use with haresources: everybody has the default of the original. */
function nodeweight(request: Request, _: NodeSnapshot, asked: string): Output {
  return said(human(request) ? `The weight of the cluster node ${asked} is 100\n` : "100\n");
}

function nodesite(request: Request, _: NodeSnapshot, asked: string): Output {
  return said(human(request) ? `The site of the cluster node ${asked} is \n` : "\n");
}

function listhblinks(request: Request, snapshot: Snapshot): Output {
  const [name] = request.words;
  if (name === undefined) return complained(clCodes.parameters, "bare", noEnough);
  const node = nodeCalled(snapshot, name);
  if (node === undefined)
    return complained(clCodes.other, "log", "Cannot start heartbeat link interface walk.", "REASON: EINVAL");
  return said(lines(linksOf(node, request)));
}

function hblinkstatus(request: Request, snapshot: Snapshot): Output {
  const [name, linkName] = request.words;
  if (name === undefined || linkName === undefined) return complained(clCodes.parameters, "bare", noEnough);
  const link = nodeCalled(snapshot, name)?.links.find((one) => one.name === linkName);
  if (link === undefined) return complained(clCodes.other, "log", "Cannot get heartbeat link status", "REASON: ");
  const text = human(request) ? `The node ${name}'s heartbeat link ${linkName} is ${linkWord(link)}` : linkWord(link);
  return said(`${text}\n`, link.up ? clCodes.good : clCodes.bad);
}

/** The original asks the other node and mostly gives up after 500 ms; the daemon knows, so the time limit is of no interest. */
function clientstatus(request: Request, snapshot: Snapshot): Output {
  const [name, client] = request.words;
  if (name === undefined || client === undefined) return complained(clCodes.parameters, "bare", noEnough);
  const node = nodeCalled(snapshot, name);
  const known = node?.type === "ping" || node?.status === "dead" ? [] : node?.clients;
  if (known === undefined)
    return complained(
      clCodes.other,
      "log",
      `Cannot get heartbeat client ${client}'s status`,
      "REASON: No timely response.",
    );
  return known.includes(client) ? said("online\n") : said("offline\n", clCodes.bad);
}

/** What a starting node holds is not settled yet, whatever it is. */
const holdings = (snapshot: Snapshot): string => (snapshot.phase === "starting" ? "transition" : snapshot.holds);

function rscstatus(request: Request, snapshot: Snapshot): Output {
  const word = holdings(snapshot);
  return said(human(request) ? `This node is holding ${word} resources.\n` : `${word}\n`);
}

function hbparameter(request: Request, snapshot: Snapshot): Output {
  const { name } = request;
  if (name === undefined) return complained(clCodes.parameters, "log", "parameter name required");
  const value = Object.hasOwn(snapshot.parameters, name) ? snapshot.parameters[name] : undefined;
  if (value === undefined) return complained(clCodes.bad, "log", `Cannot get parameter ${name}'s value`, "REASON: ");
  return said(human(request) ? `Heartbeat parameter ${name}'s value: ${value}\n` : `${value}\n`);
}

function test(_: Request, snapshot: Snapshot): Output {
  const { timing, node } = snapshot;
  return said(
    lines([
      `Dead time: ${timing.deadtime}`,
      ` keeplive time: ${timing.keepalive}`,
      ` mynodeid: ${node}`,
      ` rsc: ${holdings(snapshot)}`,
    ]),
  );
}
