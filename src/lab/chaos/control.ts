/** Asks a daemon of ours on a lab node, through its control socket, from outside: no process has to be started for it. */
import { createConnection } from "node:net";
import { type ControlAnswer, type ControlReply, type ControlVerb, controlVersion } from "../../control/protocol.js";

/**
 * @param pid the node's first process. @param limit milliseconds for the last answer.
 * @returns the last answer; undefined if there is no daemon, or it does not answer in time.
 */
export function ask(pid: number, verb: ControlVerb, limit = 5_000): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(`/proc/${pid}/root/run/heartbeat/control`);
    let last: ControlAnswer | undefined;
    let rest = "";
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(last);
    };
    const timer = setTimeout(finish, limit);
    socket.on("connect", () => socket.write(`${JSON.stringify({ version: controlVersion, id: 1, ...verb })}\n`));
    socket.on("error", finish).on("close", finish);
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) last = JSON.parse(line) as ControlReply;
      if (last !== undefined && !(last.kind === "wish" && last.outcome === "running")) finish();
    });
  });
}
