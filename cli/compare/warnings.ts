/** Why two reports may not be comparable. */
import { UNKNOWN_NAME } from "../../runtime/event_batch.ts";
import { lackingNs, type Report, sampledAway } from "../../runtime/report.ts";
import { listOf } from "../../runtime/units.ts";
import { formatCount, formatDuration } from "../text/format.ts";
import { COMPARED_TABLES } from "./comparison.ts";

/** Relative difference of lengths that were meant to be the same. */
const LENGTH_SLACK = 0.1;

/** Plain sentences without a full stop; empty when they are comparable. Traced text is not escaped. */
export function comparisonWarnings(before: Report, after: Report): string[] {
  return [
    ...lossWarnings("before", before),
    ...lossWarnings("after", after),
    ...unnamedWarnings("before", before),
    ...unnamedWarnings("after", after),
    ...samplingWarnings("before", before),
    ...samplingWarnings("after", after),
    ...(sameValue(before.selection, after.selection)
      ? []
      : ["The selections differ: what only one of them has was perhaps not traced in the other"]),
    ...(before.host === after.host && before.arch === after.arch
      ? []
      : [`The machines differ: ${before.host} (${before.arch}) and ${after.host} (${after.arch})`]),
    ...coverWarnings(before, after),
    ...lengthWarnings(before, after),
    ...missingRows("before", before),
    ...missingRows("after", after),
  ];
}

function lossWarnings(side: string, { loss }: Report): string[] {
  if (loss.state === "none") return [];
  const lost = loss.calls === null
    ? `It is unknown how many calls of ${side} were lost`
    : `${formatCount(loss.calls)} calls of ${side} were lost`;
  return [`${lost}: its numbers may be too low`];
}

function unnamedWarnings(side: string, { loss: { unnamed } }: Report): string[] {
  if (unnamed === undefined) return [];
  const calls = `${formatCount(unnamed)} calls of ${side} are on ${UNKNOWN_NAME}`;
  return [`${calls}: the numbers of its files, directories and processes may be too low`];
}

/** A recording of a sampled trace has only the rows. */
function samplingWarnings(side: string, report: Report): string[] {
  const away = sampledAway(report);
  return away === 0
    ? []
    : [`${formatCount(away)} calls of ${side} were sampled away: its numbers are too low`];
}

/** Recordings whose oldest segments were removed lack the start of their run. */
function coverWarnings(before: Report, after: Report): string[] {
  const lacking = [lackingNs(before), lackingNs(after)];
  const slack = LENGTH_SLACK * Math.max(before.wall_ns, after.wall_ns);
  if (Math.abs(lacking[0] - lacking[1]) <= slack) return [];
  const sides = ["before", "after"].flatMap((side, i) =>
    lacking[i] === 0 ? [] : [`${side} lacks its first ${formatDuration(lacking[i], { ascii: true })}`]
  );
  return [`They cover different parts of their runs: ${listOf(sides, "and")}`];
}

/** The time of a command is a result; a trace without one counts more the longer it is. */
function lengthWarnings(before: Report, after: Report): string[] {
  if (before.command !== null && after.command !== null) return [];
  const covered = [before, after].map((report) =>
    report.traced_ns ?? Math.max(0, report.wall_ns - lackingNs(report))
  );
  const [shorter, longer] = covered.toSorted((a, b) => a - b);
  if (longer - shorter <= LENGTH_SLACK * longer) return [];
  const lengths = covered.map((ns) => formatDuration(ns, { ascii: true }));
  return [`The lengths differ, ${listOf(lengths, "and")}: sums are compared as they are, not per second`];
}

function missingRows(side: string, { cut, folded }: Report): string[] {
  const tables = COMPARED_TABLES.filter((table) => cut[table] !== undefined || (folded[table] ?? 0) > 0);
  if (tables.length === 0) return [];
  return [
    `The ${
      listOf(tables, "and")
    } of ${side} are incomplete: rows that only the other has may not be new or gone`,
  ];
}

/** Whether two values of JSON are the same, whatever the order of their members. */
function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member) => {
    if (typeof member === "bigint") return String(member);
    const isObject = typeof member === "object" && member !== null && !Array.isArray(member);
    return isObject ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => a < b ? -1 : 1)) : member;
  });
}
