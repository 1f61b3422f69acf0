import type { ScriptFacts, StatusCall } from "../../ports/survey.js";
import type { Facts } from "../facts.js";
import { error, type Finding, note, warning } from "../finding.js";

/** Resource scripts that exist, and yet would not do what heartbeat needs of them. Missing ones are the check's business. */
export function scriptFindings({ scripts }: Facts): readonly Finding[] {
  return (scripts ?? []).flatMap((script) => [
    ...firstLine(script),
    ...rights(script),
    ...atBoot(script),
    ...(script.status === undefined ? [] : statusFindings(script, script.status)),
  ]);
}

function firstLine({ path, interpreter, interpreterFound, binary }: ScriptFacts): readonly Finding[] {
  if (binary) return [];
  if (interpreter === undefined)
    return [
      error(
        "script-without-interpreter",
        `${path} does not begin with #! and an interpreter.`,
        "The kernel cannot execute it; it works by hand only because a shell is behind the keyboard.",
        `sed -i '1i #!/bin/sh' ${path}`,
      ),
    ];
  if (interpreter.endsWith("\r"))
    return [
      error(
        "script-with-carriage-returns",
        `${path} has the line ends of Windows.`,
        `The kernel looks for an interpreter called "${interpreter.trim()}\\r" and says: No such file or directory.`,
        `sed -i 's/\\r$//' ${path}`,
      ),
    ];
  if (interpreterFound) return [];
  return [
    error(
      "script-with-bad-interpreter",
      `${path} wants to be run by ${interpreter.trim()}, which does not exist.`,
      "The script is there and executable, and cannot be executed: No such file or directory.",
      `install ${interpreter.trim().split(/\s+/)[0]}, or name another one in the first line of ${path}`,
    ),
  ];
}

function rights({ path, worldWritable, ownerIsRoot }: ScriptFacts): readonly Finding[] {
  if (!worldWritable && ownerIsRoot) return [];
  const who = worldWritable ? "may be written by everybody" : "does not belong to root";
  return [
    warning(
      "script-not-roots-alone",
      `${path} ${who}, and heartbeat runs it as root.`,
      "Whoever can change it is root after the next takeover. (Some notes say chmod a+wrx: the w is the mistake.)",
      `chown root:root ${path}`,
      `chmod 755 ${path}`,
    ),
  ];
}

function atBoot({ text, path, startsAtBoot }: ScriptFacts): readonly Finding[] {
  if (startsAtBoot === undefined) return [];
  const name = path.split("/").at(-1) ?? text;
  const mend =
    startsAtBoot === "systemd"
      ? `systemctl disable ${name}`
      : `update-rc.d ${name} disable    (or: chkconfig ${name} off)`;
  return [
    warning(
      "started-at-boot",
      `${name} is also started when this machine boots, by ${startsAtBoot}.`,
      "After a reboot it runs on the node that does not hold its group; with shared data it runs twice. heartbeat alone should start it.",
      mend,
    ),
  ];
}

/** What the LSB asks of `status`: 0 runs, 1 and 2 dead, 3 stopped; heartbeat itself goes by the words, as the original did. */
function statusFindings(script: ScriptFacts, status: StatusCall): readonly Finding[] {
  const { path, kind } = script;
  if (status.kind === "hung")
    return [
      error(
        "status-hangs",
        `${path} status did not end in time.`,
        "heartbeat asks for the status before it starts or stops the service: every hand-over would wait for its time limit.",
        `time ${path} status    (what does it wait for?)`,
      ),
    ];
  if (status.kind === "not-started") return [];
  return kind === "ocf" ? ocfStatus(path, status) : lsbStatus(path, status);
}

type Exited = StatusCall & { readonly kind: "exited" };

function ocfStatus(path: string, { code }: Exited): readonly Finding[] {
  if (code === 0 || code === 7 || code === 8) return [];
  return [
    error(
      "agent-monitor-fails",
      `${path} monitor ended with code ${code}; an agent says 0 (running) or 7 (stopped).`,
      code === 5
        ? "5: something that the agent needs is not installed."
        : "A takeover would fail in the same way; 2 and 6 are wrong parameters.",
      "heartbeat's log has the agent's own words after a try; or call it by hand with OCF_RESKEY_… set",
    ),
  ];
}

function lsbStatus(path: string, { code, output, noStatusVerb }: Exited): readonly Finding[] {
  if (noStatusVerb)
    return [
      note(
        "script-without-status",
        `${path} has no status.`,
        "It is started without asking first, which is harmless as long as a second start is.",
      ),
    ];
  const saysStopped = /not[\s\S]*running|stopped|dead|inactive/i.test(output);
  const saysRunning = !saysStopped && /running|OK/i.test(output);
  if (code === 0 && saysStopped) return [contradiction(path, 0, "is stopped", "3")];
  if (code !== 0 && saysRunning) return [contradiction(path, code, "is running", "0")];
  if (code === 0 && !saysRunning)
    return [
      warning(
        "status-says-nothing",
        `${path} status ended with 0 (running) but did not say so: the words "running" or "OK" are missing.`,
        "heartbeat reads the words, as the original did: it takes the service for stopped, starts it again at a takeover and does not stop it at a hand-over when it believes that nothing runs.",
        `let the script print "running" when it runs: in ${path}, case status`,
      ),
    ];
  if (code > 3)
    return [
      warning(
        "status-not-lsb",
        `${path} status ended with ${code}; the LSB knows 0 (running), 1 and 2 (dead), 3 (stopped), 4 (unknown).`,
        "Whether the service runs cannot be told from that.",
        `let ${path} status end with 0 or 3`,
      ),
    ];
  return [];
}

const contradiction = (path: string, code: number, words: string, right: string): Finding =>
  warning(
    "status-not-lsb",
    `${path} status says in words that the service ${words}, and ended with ${code}.`,
    "heartbeat goes by the words; systemd, monitoring and other cluster managers go by the code. One of them is wrong at each takeover.",
    `let ${path} status end with ${right} then`,
  );
