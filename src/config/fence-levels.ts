import type { NodeName } from "../core/names.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";
import { isInReach, type StonithLine } from "./stonith.js";

/**
 * `fence_levels 1+2 3`, ours alone: devices 1 and 2 (two power supplies) must both succeed; if they do not, device 3 is tried. Devices are
 * the `stonith` and `stonith_host` lines, counted from 1 in the order of the file, those for other nodes included: so the line means the
 * same on every node. Without it each device is a level of its own.
 */
export interface LevelsLine {
  readonly directive: Word;
  readonly levels: readonly Level[];
  /** Every word could be read. */
  readonly isWhole: boolean;
}

interface Level {
  readonly word: Word;
  /** As written, from 1. */
  readonly devices: readonly number[];
}

/** Reads `fence_levels LEVEL …`. */
export function readLevels({ directive, values }: Statement, report: Report): LevelsLine {
  if (values.length === 0) report.error(directive, noLevel("fence_levels names no level."));
  const levels = values.flatMap((word): Level[] => {
    if (/^[1-9]\d{0,3}(\+[1-9]\d{0,3})*$/.test(word.text)) return [{ word, devices: word.text.split("+").map(Number) }];
    report.error(word, noLevel(`fence_levels: [${word.text}] is no level.`));
    return [];
  });
  return { directive, levels, isWhole: values.length > 0 && levels.length === values.length };
}

const noLevel = (text: string): Fault =>
  fault(
    "bad-level",
    text,
    "A level is the number of a stonith or stonith_host line (the first one in the file is 1), or several with + for those that must all succeed: fence_levels 1+2 3",
  );

/** What the levels are compared with. */
interface Devices {
  readonly lines: readonly StonithLine[];
  readonly self: NodeName;
}

/** @returns this node's levels, by the number of its devices from 0: those of which it can reach every device. */
export function levelsOf(
  line: LevelsLine | undefined,
  { lines, self }: Devices,
  report: Report,
): readonly (readonly number[])[] {
  const reached = lines.filter((one) => isInReach(one, self));
  if (line === undefined) return reached.map((_, index) => [index]);
  const sound = line.levels.filter((level) => isSound(level, lines, report));
  reportRepeated(sound, report);
  if (line.isWhole) reportUnused(line, lines, report);
  const indices = sound.map(({ devices }) =>
    devices.map((number) => reached.indexOf(lines[number - 1] as StonithLine)),
  );
  const levels = indices.filter((level) => !level.includes(-1));
  if (line.isWhole && levels.length === 0 && reached.length > 0 && sound.length === line.levels.length)
    report.error(line.directive, outOfReach(self));
  return levels;
}

function isSound({ word, devices }: Level, lines: readonly StonithLine[], report: Report): boolean {
  const strange = devices.find((number) => number > lines.length);
  if (strange !== undefined) report.error(word, noSuchDevice(strange, lines.length));
  const hosts = devices.flatMap((number) => lines[number - 1]?.host?.text ?? []).filter((host) => host !== "*");
  const [one, other] = [...new Set(hosts.map((host) => host.toLowerCase()))];
  if (other !== undefined) report.error(word, torn(word.text, `${one} and ${other}`));
  return strange === undefined && other === undefined;
}

function reportRepeated(levels: readonly Level[], report: Report): void {
  const seen = new Set<number>();
  for (const { word, devices } of levels)
    for (const number of devices) {
      if (seen.has(number)) report.error(word, repeated(number));
      seen.add(number);
    }
}

function reportUnused({ directive, levels }: LevelsLine, lines: readonly StonithLine[], report: Report): void {
  const used = new Set(levels.flatMap(({ devices }) => devices));
  for (const [index, { directive: device }] of lines.entries())
    if (!used.has(index + 1)) report.warn(device, unused(index + 1, directive.line));
}

const noSuchDevice = (number: number, count: number): Fault =>
  fault(
    "no-such-device",
    `fence_levels names device ${number}, but ha.cf has ${count} stonith and stonith_host ${count === 1 ? "line" : "lines"}.`,
    "Devices are counted from 1 in the order of their lines.",
  );

const torn = (level: string, hosts: string): Fault =>
  fault(
    "level-out-of-reach",
    `No node can reach all devices of level ${level}: they are for ${hosts}.`,
    "The devices of one level must have the same first word behind stonith_host, or *.",
  );

const repeated = (number: number): Fault =>
  fault("device-repeated", `Device ${number} stands in fence_levels twice.`, "Name each device once.");

const unused = (number: number, line: number): Fault =>
  fault(
    "device-without-level",
    `This device, number ${number}, is in no level of fence_levels in line ${line}; it is never used.`,
    `Add ${number} to the line, or remove the device.`,
  );

const outOfReach = (self: NodeName): Fault =>
  fault(
    "no-level-in-reach",
    `${self} can reach devices, but not all devices of any level: it could fence nobody.`,
    "Add a level that it can reach, or give its devices to every node: stonith_host * …",
  );
