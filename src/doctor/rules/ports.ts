import type { Facts } from "../facts.js";
import { error, type Finding } from "../finding.js";

/** Other programs on heartbeat's port. Datagrams of a peer that go to them do not come to us. */
export function portFindings({ portUsers, daemon }: Facts): readonly Finding[] {
  return (portUsers ?? []).flatMap(({ port, pid, program, heartbeat }) => {
    if (heartbeat && daemon.kind !== "stopped") return [];
    const who = pid === undefined ? program : `${program} (pid ${pid})`;
    if (heartbeat)
      return [
        error(
          "another-heartbeat",
          `${who} holds udp port ${port}, and it is not the heartbeat of these files.`,
          "Perhaps the original still runs, or a heartbeat with another HEARTBEAT_ROOT. Two of them on one port steal each other's messages.",
          `ps -o pid,args -p ${pid ?? "<pid>"}    (then stop it: heartbeat -k of its own installation)`,
        ),
      ];
    return [
      error(
        "port-taken",
        `udp port ${port} is taken by ${who}.`,
        "Heartbeats of the peer go to that program. Programs of the portmapper (rpc.statd, rpc.mountd, ypbind) take any free port below 1024 when they start.",
        `ss -ulpn 'sport = :${port}'    (who it is; give that program a fixed port, or restart it after heartbeat)`,
        "or another port for both nodes: udpport above the media lines of ha.cf",
      ),
    ];
  });
}
