import type { Socket } from "node:net";
import { littleEndian } from "./byte-order.js";
import * as libc from "./libc.js";

/** Who is at the other end of a unix stream socket, as the kernel noted it when that process connected. */
export interface PeerCredentials {
  /** 0: a process that has no number in this pid namespace. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** @returns the credentials of the peer of a connected `node:net` socket; an error when it is closed or is not a unix socket. */
export function peerCredentials(socket: Socket): libc.SystemResult<PeerCredentials> {
  const fd = descriptorOf(socket);
  if (fd === undefined) return libc.systemError("getsockopt", 9 /* EBADF */);
  const answer = libc.getsockopt(fd, libc.SOL_SOCKET, libc.SO_PEERCRED, 12);
  if (!answer.ok) return answer;
  const view = new DataView(answer.value.buffer, answer.value.byteOffset, answer.value.byteLength);
  const [pid, uid, gid] = [0, 4, 8].map((at) => view.getInt32(at, littleEndian));
  // For a TCP socket the kernel answers with pid 0 and ids of -1: nobody. Pid 0 alone is somebody from outside the pid namespace that the daemon
  // runs in (the host of a container), whose number is not known here; who he is, is.
  if (pid === undefined || uid === undefined || gid === undefined || pid < 0 || uid === -1)
    return libc.systemError("getsockopt", 95 /* EOPNOTSUPP */);
  return { ok: true, value: { pid, uid: uid >>> 0, gid: gid >>> 0 } };
}

/** Node has no public way to the descriptor of a connection; this field has been there since version 0.10. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}
