import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { ScriptFacts, StatusCall } from "../../ports/survey.js";
import { callWords, type FoundScript, findScript, type ScriptPlaces } from "../script-lookup.js";
import { hasNoStatusVerb } from "../script-outcome.js";
import { isExecutable, isOnPath, runBriefly } from "./programs.js";
import { quietly, type System } from "./system.js";

export interface ScriptSurvey {
  readonly system: System;
  readonly places: ScriptPlaces;
  /** Call each script's `status`, and nothing else, for at most this many milliseconds; `undefined`: call nothing. */
  readonly statusLimit: number | undefined;
  /** What scripts find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Looks at the scripts of these resources; those that do not exist are left out. */
export async function surveyScripts(texts: readonly string[], survey: ScriptSurvey): Promise<readonly ScriptFacts[]> {
  const found = texts.flatMap((text) => {
    const { found: script } = findScript(text, survey.places);
    return script === undefined ? [] : [{ text, script }];
  });
  return Promise.all(found.map(({ text, script }) => surveyScript(text, script, survey)));
}

async function surveyScript(text: string, script: FoundScript, survey: ScriptSurvey): Promise<ScriptFacts> {
  const { path, kind } = script;
  const content = headOf(path);
  const facts = statSync(path);
  const [, interpreter] = /^#!([^\n]*)/.exec(content) ?? [];
  const binary = content.includes("\0");
  return {
    text,
    path,
    kind,
    binary,
    interpreter,
    interpreterFound: interpreter !== undefined && isExecutable(interpreter.trim().split(/\s+/)[0] ?? ""),
    worldWritable: (facts.mode & 0o002) !== 0,
    ownerIsRoot: facts.uid === 0,
    missingCommands: binary ? [] : missingCommands(content),
    startsAtBoot: kind === "lsb" ? startsAtBoot(survey.system, basename(path)) : undefined,
    status: survey.statusLimit === undefined ? undefined : await askStatus(script, survey, survey.statusLimit),
  };
}

const headLength = 256 * 1024;

function headOf(path: string): string {
  const head = quietly(() => {
    const file = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(headLength);
      return buffer.toString("latin1", 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  });
  return head ?? "";
}

/** Commands of the net-tools, which most systems no longer have. */
const oldCommands = ["ifconfig", "route", "netstat", "arping"];

/** @returns those that the script calls and that are not there. One that asks first whether there is such a command is left alone. */
export function missingCommands(content: string, exists: (name: string) => boolean = isOnPath): readonly string[] {
  const code = content
    .split("\n")
    .filter((line) => !/^\s*(#|echo\b|printf\b)/.test(line))
    .join("\n");
  return oldCommands.filter((command) => {
    const called = new RegExp(
      `(^|[;&|(\`!]|\\b(?:if|then|else|do|sudo)\\b)\\s*(/usr)?(/s?bin/)?${command}\\b(?![-=/.])`,
      "m",
    );
    const asked = new RegExp(`(command -v|which|type|have_binary)\\s+\\S*${command}\\b|-x\\s+\\S*${command}\\b`);
    return called.test(code) && !asked.test(code) && !exists(command);
  });
}

const unitPlaces = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** A unit hides the init script of its name; without one systemd and init alike go by the links of the run levels. */
export function startsAtBoot(system: System, name: string): "systemd" | "init" | undefined {
  const unit = `${name}.service`;
  if (unitPlaces.some((place) => system.entries(place).includes(unit))) {
    const wanting = system.entries("/etc/systemd/system").filter((entry) => /\.(wants|requires)$/.test(entry));
    const wanted = wanting.some((entry) => system.entries(`/etc/systemd/system/${entry}`).includes(unit));
    return wanted ? "systemd" : undefined;
  }
  const levels = ["2", "3", "4", "5"].flatMap((level) => [`/etc/rc${level}.d`, `/etc/rc.d/rc${level}.d`]);
  const link = new RegExp(`^S\\d\\d${name.replace(/[^\w-]/g, "\\$&")}$`);
  return levels.some((level) => system.entries(level).some((entry) => link.test(entry))) ? "init" : undefined;
}

async function askStatus(script: FoundScript, { environment }: ScriptSurvey, limit: number): Promise<StatusCall> {
  const ran = await runBriefly(script.path, callWords(script, "status"), {
    limit,
    environment: { ...environment, ...script.environment },
  });
  if (ran.kind !== "exited") return ran;
  const end = { kind: "exited", code: ran.code, output: ran.stdout, complaint: ran.stderr } as const;
  return { kind: "exited", code: ran.code, output: ran.stdout.slice(0, 4096), noStatusVerb: hasNoStatusVerb(end) };
}
