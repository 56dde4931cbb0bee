/** The flags of a report, as rows. */
import { GROUP_KEYS, type GroupKey, MAX_GROUP_KEYS } from "../../runtime/stats.ts";
import { listOf, parseDuration } from "../../runtime/units.ts";
import { parseAssertion } from "../assert/mod.ts";
import { COLUMN_NAMES, DEFAULTS, GROUPS_MAX, SORT_KEYS } from "./defaults.ts";
import type { Flag } from "./flags.ts";
import { badValue, readChoice, readChoices, readWholeNumber } from "./values.ts";

/** More rows than any table keeps. */
const TOP_MAX = 1_000_000;

/** A path has at most 4096 bytes (`PATH_MAX` in include/uapi/linux/limits.h), so at most this many directories. */
const DEPTH_MAX = 2048;

/** More reports than anyone reads: one a second for eleven days. */
const COUNT_MAX = 1_000_000;

/** Shortest `--interval`, nanoseconds: a report of a large run takes milliseconds to make. */
const INTERVAL_MIN_NS = 1_000_000;

/** A document in place of text. */
export const JSON_FLAG: Flag = {
  long: "--json",
  group: "Output",
  summary: "print the report as one JSON document",
  read: (values) => values.json = true,
};

/** How much of each table. */
export const TOP_FLAG: Flag = {
  long: "--top",
  value: "N",
  example: "20",
  group: "Output",
  summary: `rows of each table, 0 for all (default ${DEFAULTS.topRows}; all with --json)`,
  read: (values, text) => values.top = readWholeNumber("--top", text, 0, TOP_MAX),
};

/** Flags of a report. */
export const REPORT_FLAGS: readonly Flag[] = [
  JSON_FLAG,
  TOP_FLAG,
  {
    long: "--sort",
    value: "KEY",
    example: "calls",
    group: "Output",
    summary: `order of the tables: ${SORT_KEYS.join(", ")} (default ${DEFAULTS.sort})`,
    read: (values, text) => values.sort = readChoice("--sort", text, "key", SORT_KEYS),
  },
  {
    long: "--by",
    value: "LIST",
    example: "process,syscall",
    group: "Tables",
    summary: `one more table, grouped by ${listOf(GROUP_KEYS, "or")}; up to ${MAX_GROUP_KEYS} with commas, ` +
      "each within the one before it",
    read: (values, text) => values.by = withGroup(values.by, text),
  },
  {
    long: "--threads",
    group: "Tables",
    summary: "one more table, of threads: --by thread",
    read: (values) => values.by = withGroup(values.by, "thread"),
  },
  {
    long: "--depth",
    value: "N",
    example: "2",
    group: "Tables",
    summary: "levels of the tree of directories",
    read: (values, text) =>
      values.depth = readWholeNumber("--depth", text, 1, DEPTH_MAX, "For instance --depth 2"),
  },
  {
    long: "--columns",
    value: "LIST",
    example: "calls,time,p99",
    group: "Tables",
    summary: `what the tables show: ${COLUMN_NAMES.join(", ")} (default: what fits)`,
    read: (values, text) =>
      values.columns = [...new Set(readChoices("--columns", text, "column", COLUMN_NAMES))],
  },
  {
    long: "--no-advice",
    group: "Tables",
    summary: "leave out what stands out",
    read: (values) => values.advice = false,
  },
  {
    long: "--assert",
    value: "EXPR",
    example: "p99(read) < 5ms",
    group: "Assertions",
    summary: "exit with status 3 unless this holds for the report",
    read: (values, text) => values.assertions.push(parseAssertion(text)),
  },
];

/** Flags of a report every so often. */
export const INTERVAL_FLAGS: readonly Flag[] = [
  {
    long: "--interval",
    value: "DUR",
    example: "1s",
    group: "Limits",
    summary: "a report every DUR, each of that time only",
    read: (values, text) => values.intervalNs = readInterval(text),
  },
  {
    long: "--count",
    short: "-n",
    value: "N",
    example: "10",
    group: "Limits",
    summary: "stop after N reports of --interval",
    read: (values, text) =>
      values.count = readWholeNumber("--count", text, 1, COUNT_MAX, "For instance --count 10"),
  },
];

function readInterval(text: string): number {
  const ns = parseDuration(text, { subject: "--interval", bareSeconds: true, longUnits: true });
  if (ns >= INTERVAL_MIN_NS) return ns;
  throw badValue(
    "--interval",
    text,
    `it must be at least ${INTERVAL_MIN_NS / 1e6}ms`,
    "For instance --interval 1s",
  );
}

/** The tables and one more; the same table twice is one. */
function withGroup(groups: readonly GroupKey[][], text: string): GroupKey[][] {
  const keys = readChoices("--by", text, "key", GROUP_KEYS);
  if (new Set(keys).size < keys.length) {
    throw badValue("--by", text, "a key is there twice", `For instance --by ${[...new Set(keys)].join(",")}`);
  }
  if (keys.length > MAX_GROUP_KEYS) {
    throw badValue(
      "--by",
      text,
      `it has ${keys.length} keys, at most ${MAX_GROUP_KEYS} can be nested`,
      `For instance --by ${keys.slice(0, MAX_GROUP_KEYS).join(",")}`,
    );
  }
  if (groups.some((group) => group.join() === keys.join())) return [...groups];
  if (groups.length < GROUPS_MAX) return [...groups, keys];
  throw badValue("--by", text, `there are ${GROUPS_MAX} tables already`, "Leave one of them out");
}
