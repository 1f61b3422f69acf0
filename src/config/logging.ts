import { seconds } from "../core/time.js";
import type { Logging } from "./config.js";
import type { HaCf } from "./ha-cf.js";
import type { HostFacts } from "./host-facts.js";
import { fault, type Report } from "./report.js";
import type { GivenSingles } from "./singles.js";
import { wholeFile } from "./source.js";

export const defaultJournal = "/var/log/heartbeat.jsonl";
const defaultLogdPause = seconds(60);

/** @returns where the log goes, checked: nobody should find out after an accident that nothing was written. */
export function loggingOf({ singles }: HaCf, facts: HostFacts, report: Report): Logging {
  const { logfile, debugfile, logfacility, journal } = singles;
  checkThereIsALog(singles, report);
  for (const file of [logfile, debugfile, journal]) {
    const directory = file?.value.replace(/\/[^/]*$/, "") ?? "";
    if (file !== undefined && directory !== "" && facts.directories?.(directory) === false)
      report.warn(
        file.word,
        fault(
          "no-directory",
          `There is no directory ${directory}; nothing will be written to ${file.value}.`,
          `mkdir -p ${directory}`,
        ),
      );
  }
  return {
    logfile: logfile?.value,
    debugfile: debugfile?.value,
    facility: logfacility?.value === "none" ? undefined : logfacility?.value,
    debugLevel: singles.debug?.value ?? 0,
    logd: {
      use: singles.use_logd?.value ?? (logfile === undefined && debugfile === undefined && logfacility === undefined),
      connectTime: singles.conn_logd_time?.value ?? defaultLogdPause,
    },
    syslogFormat: singles.syslogmsgfmt?.value ?? true,
    logBadPackets: singles.log_badpack?.value ?? true,
    journal: journal?.value === "none" ? undefined : (journal?.value ?? defaultJournal),
  };
}

function checkThereIsALog({ logfile, debugfile, logfacility, use_logd: useLogd }: GivenSingles, report: Report): void {
  const add = "Add the lines: logfile /var/log/ha-log and debugfile /var/log/ha-debug";
  if (logfile !== undefined || debugfile !== undefined) return;
  if (logfacility !== undefined) {
    if (logfacility.value === "none")
      report.warn(
        logfacility.word,
        fault("no-log", "logfacility is none and there is no logfile: only the journal is written.", add),
      );
  } else if (useLogd?.value === false)
    report.error(useLogd.word, fault("no-log", "No log entry found in ha.cf and use_logd is set to off", add));
  else if (useLogd === undefined)
    report.warn(
      wholeFile,
      fault(
        "only-logd",
        "No log entry found in ha.cf -- use logd: where ha_logd does not run, only the journal is written.",
        add,
      ),
    );
}
