import type { Config } from "../config/config.js";
import type { GuardianEvent } from "../daemon/guardian-state.js";
import { bequestFormat } from "../io/bequest.js";
import type { ConfigurationTexts, WardReport } from "../io/guardian-protocol.js";
import type { OpenLog } from "../io/log.js";
import type { WardListeners, WardProcess } from "../io/ward-process.js";
import type { Way } from "./guardian.js";
import type { Reread } from "./reread.js";

/**
 * SIGHUP. The files are read and checked here, beside the beat: a bad one changes nothing, other keys are told to the daemon, anything
 * else brings a successor (`daemon/guardian-succession.ts`).
 */
export interface Changes {
  reload(): void;
  /** The files in force. */
  accepted(): ConfigurationTexts;
  onReport(report: WardReport): void;
  spawnSuccessor(): void;
  killSuccessor(): void;
  promote(): void;
}

interface ChangesParts {
  readonly texts: ConfigurationTexts;
  readonly reread: (accepted: ConfigurationTexts) => Promise<Reread>;
  readonly prepare: (config: Config) => Way;
  readonly log: OpenLog;
  put(event: SuccessionEvent): void;
  /** watched: there is a daemon that could pass its node on. absent: the next one is still to be started. */
  fate(): "watched" | "absent" | "leaving";
  /** What is to be told about the daemon. */
  readonly ward: WardListeners;
  current(): WardProcess | undefined;
  spawn(listeners: WardListeners): WardProcess;
  /** The way is in force from now on, and the process (if any) is the daemon. */
  adopt(process: WardProcess | undefined, way: Way): void;
}

type SuccessionEvent = WithoutInstant<
  Extract<GuardianEvent, { type: "successorWished" | "successorPrepared" | "successorLost" | "bequeathed" }>
>;
type WithoutInstant<Event> = Event extends unknown ? Omit<Event, "at"> : never;

interface Coming {
  readonly texts: ConfigurationTexts;
  readonly way: Way;
  process: WardProcess | undefined;
  /** What the new daemon complained of. */
  complaint: string;
}

export function createChanges(parts: ChangesParts): Changes {
  const { log, put } = parts;
  const say = (level: "info" | "ERROR", text: string): void => log.line({ level, program: "heartbeat", text });
  let accepted = parts.texts;
  let coming: Coming | undefined;
  let reading = false;
  let again = false;
  let bequest = "";

  const reload = (): void => {
    // One change after the other; what is wished meanwhile is looked at when this one is over.
    again = reading || coming !== undefined;
    if (again) return;
    reading = true;
    parts
      .reread(accepted)
      .then(obey, (error: unknown) => say("ERROR", `The configuration cannot be read: ${String(error)}`))
      .finally(() => {
        reading = false;
        if (again && coming === undefined) reload();
      });
  };
  const obey = (found: Reread): void => {
    switch (found.kind) {
      case "unchanged":
        return say("info", "Configuration unchanged.");
      case "refused":
        for (const line of found.problems) say("ERROR", line);
        return say("info", "Config errors: Heartbeat NOT restarted, the former configuration stays in force");
      case "rekeyed":
        accepted = found.texts;
        say("info", "Rereading authentication file.");
        return parts.current()?.tell({ type: "rekey", keys: found.keys });
      case "changed":
        return change(found.texts, parts.prepare(found.config));
    }
  };
  const change = (texts: ConfigurationTexts, way: Way): void => {
    coming = { texts, way, process: undefined, complaint: "" };
    // A daemon that is not there passes nothing on: the next one begins with the new files.
    if (parts.fate() === "watched") put({ type: "successorWished" });
    else if (parts.fate() === "absent") adopt(undefined);
    else coming = undefined;
  };
  const adopt = (process: WardProcess | undefined): void => {
    if (coming === undefined) return;
    const { texts, way } = coming;
    accepted = texts;
    coming = undefined;
    parts.adopt(process, way);
    if (again) reload();
  };
  const lost = (why: string): void => put({ type: "successorLost", why });

  const spawnSuccessor = (): void => {
    const mine = coming;
    if (mine === undefined) return;
    const isMine = (): boolean => coming === mine;
    const { ward } = parts;
    // Once promoted it is the ward, and whatever it says or does is the guardian's own business.
    const child = parts.spawn({
      onReport: (report) => (isMine() ? onSuccessorReport(mine, report) : isWard() && ward.onReport(report)),
      onExit: (code, signal) =>
        isMine()
          ? lost(mine.complaint || `the new daemon ended (${signal ?? code})`)
          : isWard() && ward.onExit(code, signal),
      onLinkLost: () => !isMine() && isWard() && ward.onLinkLost(),
      onComplaint: (text) => say("ERROR", `daemon: ${text}`),
    });
    const isWard = (): boolean => parts.current() === child;
    mine.process = child;
    child.tell({ type: "begin", texts: mine.texts, successor: true });
  };
  const onSuccessorReport = (mine: Coming, report: WardReport): void => {
    if (report.type === "startFailed") mine.complaint = report.text;
    if (report.type !== "prepared") return;
    if (report.format === bequestFormat) put({ type: "successorPrepared", groups: report.groups });
    else lost("this program and the one that runs are too different; stop heartbeat and start it again");
  };
  return {
    reload,
    accepted: () => accepted,
    spawnSuccessor,
    killSuccessor() {
      coming?.process?.kill();
      // The files were found good. Without a daemon that could go on, the next one begins with them.
      if (parts.fate() === "absent") return adopt(undefined);
      coming = undefined;
      if (again) reload();
    },
    promote() {
      const former = parts.current();
      // The original's words; its new process took over from the old one by exec.
      say("info", "Performing heartbeat restart exec.");
      coming?.process?.tell({ type: "succeed", bequest });
      adopt(coming?.process);
      former?.letGo();
    },
    onReport(report) {
      if (report.type === "reloadWished") reload();
      if (report.type !== "bequest" || coming === undefined) return;
      bequest = report.bequest;
      put({ type: "bequeathed", settings: coming.way.settings });
      bequest = "";
    },
  };
}
