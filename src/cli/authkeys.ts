import { randomBytes } from "node:crypto";

/**
 * A fresh authkeys: 32 random bytes as base64url (letters, digits, `-`, `_`: no blank and no `#` can cut it short). The method
 * is sha1, which every heartbeat understands; our nodes agree on HMAC-SHA256 with the same key by themselves.
 */
export function freshAuthkeys(): string {
  const key = randomBytes(32).toString("base64url");
  return `# The same file on every node, mode 0600. Made by heartbeat keygen.\nauth 1\n1 sha1 ${key}\n`;
}
