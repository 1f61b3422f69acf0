/**
 * The `crc` of authkeys: the CRC-32 of POSIX `cksum` (polynomial 0x04C11DB7, most significant bit first, start value 0, complement
 * at the end) but without the length bytes that `cksum` appends (wire.md 3). It finds broken cables; it keeps nobody out.
 */

const POLYNOMIAL = 0x04c11db7;

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) remainder = remainder < 0 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1;
  return remainder >>> 0;
});

/** @returns the checksum of `data`, 0 to 2^32 - 1. */
export function crc32(data: Uint8Array): number {
  let crc = 0;
  for (const byte of data) crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] ?? 0);
  // Shifts and complements are signed in JavaScript; `>>> 0` reads the same 32 bits as unsigned.
  return ~crc >>> 0;
}
