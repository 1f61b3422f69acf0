import { ask, type Heard } from "../control-client.js";
import { answer } from "./answers.js";
import { isOutput, isSubCommand, readWords, type SubCommand } from "./command-line.js";
import { clCodes, complained, type Output, said } from "./output.js";

/** The original waits 5 s for its daemon. */
const patience = 5_000;

/**
 * One call of cl_status. The order of the checks is the original's: the sub-command first (also when heartbeat is stopped),
 * then whether heartbeat is there, then options and parameters.
 * @param socket path of the control socket
 */
export async function clStatus(args: readonly string[], socket: string): Promise<Output> {
  const [command, ...rest] = args;
  if (command === undefined || command === "-h") return said(usage);
  if (!isSubCommand(command)) return complained(clCodes.parameters, "log", `${command}: invalid sub-command.`);
  const conversation = ask(socket, { verb: "status" });
  try {
    return reply(command, rest, await conversation.next(patience));
  } finally {
    conversation.close();
  }
}

function reply(command: SubCommand, rest: readonly string[], heard: Heard): Output {
  if (heard.kind === "silent")
    return complained(clCodes.noAnswer, "log", `No answer from heartbeat within ${patience / 1000} seconds`);
  if (heard.kind === "lost") return heard.why === "not-running" ? stopped(command, rest) : unreachable(heard.text);
  const { answer: heardAnswer } = heard;
  if (heardAnswer.kind !== "snapshot") return unreachable(heardAnswer.text);
  const request = readWords(command, rest);
  return isOutput(request) ? request : answer(request, heardAnswer.snapshot);
}

const noConnection = "hb_api_signon: Can't initiate connection to heartbeat";

function stopped(command: SubCommand, rest: readonly string[]): Output {
  if (command !== "hbstatus") return unreachable(noConnection);
  const verbose = rest.some((word) => /^-\w*v/.test(word));
  return said(`Heartbeat is stopped on this machine.\n${verbose ? `(${noConnection})\n` : ""}`, clCodes.bad);
}

const unreachable = (reason: string): Output =>
  complained(clCodes.bad, "log", "Cannot signon with heartbeat", `REASON: ${reason}`);

const usage = `Usage: cl_status <sub-command> [<options>] [<parameters>]

Sub-commands:
  hbstatus [-m] [-v]                     is heartbeat running here; -v adds the version and listnodes -v
  rscstatus [-m]                         what this node holds: all, local, foreign, none, transition
  listnodes [-m] [-p] [-n] [-v]          names of the nodes; -p ping nodes, -n normal nodes, -v with status and links
  nodestatus [-m] <node>                 init, up, active, ping (exit code 0) or dead (1)
  nodetype [-m] <node>                   normal or ping
  nodeweight [-m] <node>, nodesite [-m] <node>
  listhblinks [-m] [-v] <node>           heartbeat links of a node; -v with their status
  hblinkstatus [-m] <node> <link>        up (0) or dead (1)
  clientstatus [-m] <node> <client> [<ms>]   online (0) or offline (1)
  hbparameter [-m] -p <name>             value of a directive of ha.cf
  test                                   times, name and holdings of this node

-m prints a sentence for people. Exit codes: 0 good, 1 bad or not running, 11 parameters, 12 no answer, 13 other errors.
`;
