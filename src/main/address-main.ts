/**
 * The address scripts of resource.d by hand: `IPaddr 172.30.105.201/24/ens38 start|stop|status`. The words, the work and the answer are
 * the daemon's own; exit codes are 0, 1 for a failure, and 7 for an address that is not here, as the original's scripts have them.
 */
import { hostname } from "node:os";
import { type AddressAgent, addressOf } from "../config/address-resource.js";
import { openAddresses } from "../io/addresses.js";
import { openLog } from "../io/log.js";
import type { Addresses, AddressOutcome, VirtualAddress } from "../ports/addresses.js";

const codes = { fine: 0, failed: 1, stopped: 7 } as const;
const flushLimit = 1_000;

async function main(name: AddressAgent, argument: string, action: string): Promise<number> {
  if (!["start", "stop", "status", "monitor"].includes(action)) {
    process.stdout.write(`usage: ${name} <ip-address> (start|stop|status)\n`);
    return codes.failed;
  }
  const reading = addressOf(name, argument);
  if (!reading.ok) {
    process.stderr.write(`${name}: ${reading.fault.text} ${reading.fault.hint}\n`);
    return codes.failed;
  }
  const [level, said, code] = perform(openAddresses(), reading.value, action);
  process.stdout.write(`${level}:  ${said}\n`);
  await note(`${name}(${name}_${reading.value.address})`, level, said);
  return code;
}

type Answer = readonly [level: "INFO" | "ERROR", text: string, code: number];

function perform(addresses: Addresses, address: VirtualAddress, action: string): Answer {
  if (action === "start") {
    if (addresses.has(address)) return ["INFO", "Running OK", codes.fine];
    const added = addresses.add(address);
    if (added.ok) addresses.announce(address);
    return answerOf(added);
  }
  if (action === "stop") return answerOf(addresses.remove(address));
  return addresses.has(address) ? ["INFO", "Running OK", codes.fine] : ["INFO", "Resource is stopped", codes.stopped];
}

const answerOf = (outcome: AddressOutcome): Answer =>
  outcome.ok ? ["INFO", "Success", codes.fine] : ["ERROR", outcome.why, codes.failed];

/** In ha-log, when heartbeat (or an operator) said where that is. */
async function note(program: string, level: string, said: string): Promise<void> {
  const { HA_LOGFILE, HA_DEBUGLOG, HA_LOGFACILITY } = process.env;
  const named = (value: string | undefined): string | undefined => (value === "" ? undefined : value);
  const log = openLog({
    settings: {
      logfile: named(HA_LOGFILE),
      debugfile: HA_DEBUGLOG === HA_LOGFILE ? undefined : named(HA_DEBUGLOG),
      facility: HA_LOGFACILITY === "none" ? undefined : named(HA_LOGFACILITY),
      debugLevel: 0,
      syslogFormat: true,
      journal: undefined,
    },
    host: hostname(),
  });
  log.line({ level, program, text: said });
  await log.flush(flushLimit);
}

const [agent = "IPaddr", text = "", verb = ""] = process.argv.slice(2);
process.exitCode = await main(agent as AddressAgent, text, verb);
