/**
 * The service that is highly available in the lab: `echo-main.js NAME PORT ADDRESS…` runs on every node, whoever holds the addresses, and answers each
 * datagram that reaches one of them with the same bytes and the node's name. A socket per address, bound before the node has it: so the
 * answer comes from the address that was asked, and whether a question arrives is decided by the kernel's addresses and filters alone.
 *
 * It is no part of the cluster: it runs with real-time priority above the daemon's, and faults of processes do not concern it.
 */
import * as libc from "../io/libc.js";
import { must, socketAddress } from "./probe-sockets.js";
import { Sleeper } from "./sleep.js";

const IP_FREEBIND = 15;
const LONG = 60_000;

const [name = "", port = "", ...addresses] = process.argv.slice(2);

function serveAt(address: string): number {
  const fd = must(libc.socket(libc.AF_INET, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0));
  must(libc.setsockopt(fd, libc.IPPROTO_IP, IP_FREEBIND, 1));
  must(libc.bind(fd, socketAddress(address, Number(port))));
  return fd;
}

const sockets = addresses.map(serveAt);
const sleeper = new Sleeper(sockets);
const buffer = Buffer.alloc(2_048);
const sender = Buffer.alloc(28);

function drain(fd: number): void {
  for (;;) {
    const result = libc.recvfrom(fd, buffer, sender);
    if (!result.ok) return;
    const length = result.value + buffer.write(name, result.value, "latin1");
    libc.sendto(fd, buffer.subarray(0, length), sender.subarray(0, 16));
  }
}

libc.schedSetScheduler(0, libc.SCHED_FIFO, 15);
process.stdout.write("ready\n");
for (;;) {
  sleeper.wait(LONG);
  for (const fd of sockets) drain(fd);
}
