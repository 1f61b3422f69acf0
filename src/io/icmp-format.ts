/** ICMP and ICMPv6 echo (RFC 792, RFC 4443) with the identifier in host byte order, as the original has it (wire.md 6). Pure. */
import { littleEndian } from "./byte-order.js";
import { checksum } from "./internet-checksum.js";
import type { Family } from "./ip-bytes.js";

const ECHO_REQUEST = { ipv4: 8, ipv6: 128 } as const;
export const ECHO_REPLY = { ipv4: 0, ipv6: 129 } as const;
const HEADER = 8;

/**
 * @param id 16 bits. @param sequence counts up; only its low 16 bits travel.
 * @returns the ICMP message. For IPv6 the checksum is left to the kernel, which knows the addresses that go into it.
 */
export function echoRequest(family: Family, id: number, sequence: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = ECHO_REQUEST[family];
  view.setUint16(4, id & 0xffff, littleEndian);
  view.setUint16(6, sequence & 0xffff, false);
  bytes.set(payload, HEADER);
  if (family === "ipv4") view.setUint16(2, checksum(bytes), false);
  return bytes;
}

/**
 * @param packet as a raw socket gives it: for IPv4 with the IP header in front, for IPv6 without.
 * @returns the payload of an echo reply with our identifier; `undefined` for anything else, cut packets included.
 */
export function echoReplyPayload(family: Family, id: number, packet: Uint8Array): Uint8Array | undefined {
  const start = family === "ipv4" ? ((packet[0] ?? 0) & 0x0f) * 4 : 0;
  const message = packet.subarray(start);
  if (message.length < HEADER || message[0] !== ECHO_REPLY[family] || message[1] !== 0) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return view.getUint16(4, littleEndian) === (id & 0xffff) ? message.slice(HEADER) : undefined;
}

/**
 * A classic BPF program that lets only messages with our identifier through, so that somebody else's flood of pings on this
 * machine cannot push our answers out of the socket's buffer.
 */
export function identifierFilter(family: Family, id: number): Uint8Array {
  const wire = new Uint8Array(new Uint16Array([id]).buffer);
  const asRead = ((wire[0] ?? 0) << 8) | (wire[1] ?? 0);
  const load: readonly Instruction[] =
    family === "ipv4" ? [instruction(0xb1, 0), instruction(0x48, 4)] : [instruction(0x28, 4)];
  return assemble([...load, instruction(0x15, asRead, 0, 1), instruction(0x06, 0x40000), instruction(0x06, 0)]);
}

interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly operand: number;
}

const instruction = (code: number, operand: number, whenTrue = 0, whenFalse = 0): Instruction => {
  return { code, whenTrue, whenFalse, operand };
};

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(({ code, whenTrue, whenFalse, operand }, i) => {
    view.setUint16(8 * i, code, littleEndian);
    view.setUint8(8 * i + 2, whenTrue);
    view.setUint8(8 * i + 3, whenFalse);
    view.setUint32(8 * i + 4, operand, littleEndian);
  });
  return bytes;
}
