/** The options of a report, as rows. */
import { GROUP_KEYS, type GroupKey, MAX_GROUP_KEYS } from "../../runtime/stats.ts";
import { listOf } from "../../runtime/units.ts";
import { type Assertion, parseAssertion } from "../assert/mod.ts";
import {
  COLUMN_NAMES,
  type ColumnName,
  SORT_KEYS,
  type SortKey,
  TABLE_NAMES,
  type TableName,
} from "../report/choices.ts";
import { countOption } from "./count_option.ts";
import { DEFAULTS, GROUPS_MAX } from "./defaults.ts";
import { REPORT_FORMATS, type ReportFormatName } from "../report/formats.ts";
import { option, toggle } from "./option.ts";
import { badValue, readChoice, readDistinctChoices, readTime, readWholeNumber } from "./values.ts";

/** More rows than any table keeps. */
const TOP_MAX = 1_000_000;

/** A path has at most 4096 bytes (`PATH_MAX` in include/uapi/linux/limits.h), so at most this many directories. */
const DEPTH_MAX = 2048;

/** Shortest `--interval`, nanoseconds: a report of a large run takes milliseconds to make. */
const INTERVAL_MIN_NS = 1_000_000;

/** Options that choose the format of a report. */
const FORMAT_OPTIONS = Object.entries(REPORT_FORMATS).flatMap(([name, format]) =>
  format.option === null ? [] : [option({
    key: "format",
    ...format.option,
    group: "Output",
    initial: "text" as ReportFormatName,
    read: () => name as ReportFormatName,
  })]
);

/** Limits the rows of each table. */
export const TOP_OPTION = option({
  key: "top",
  long: "--top",
  value: "N",
  example: "20",
  group: "Output",
  summary: `rows of each table, 0 for all (default ${REPORT_FORMATS.text.topRows}; all with --json)`,
  initial: null as number | null,
  read: (text) => readWholeNumber("--top", text, 0, TOP_MAX),
});

/** Options of a report. */
export const REPORT_OPTIONS = [
  ...FORMAT_OPTIONS,
  TOP_OPTION,
  option({
    key: "sort",
    long: "--sort",
    value: "KEY",
    example: "calls",
    offers: SORT_KEYS,
    group: "Output",
    summary: `sort the tables by ${SORT_KEYS.join(", ")} (default ${DEFAULTS.sort})`,
    initial: DEFAULTS.sort as SortKey,
    read: (text) => readChoice("--sort", text, "key", SORT_KEYS),
  }),
  option({
    key: "by",
    long: "--by",
    value: "LIST",
    example: "process,syscall",
    offers: GROUP_KEYS,
    group: "Tables",
    summary: `add a table grouped by ${listOf(GROUP_KEYS, "or")}; up to ${MAX_GROUP_KEYS}, ` +
      "separated by commas, are nested",
    initial: [] as GroupKey[][],
    read: (text, _machine, before) => withGroup(before, text),
  }),
  option({
    key: "by",
    long: "--threads",
    group: "Tables",
    summary: "add a table of threads, as --by thread",
    initial: [] as GroupKey[][],
    read: (_text, _machine, before) => withGroup(before, "thread"),
  }),
  option({
    key: "depth",
    long: "--depth",
    value: "N",
    example: "2",
    group: "Tables",
    summary: "levels of the tree of directories",
    initial: null as number | null,
    read: (text) => readWholeNumber("--depth", text, 1, DEPTH_MAX, "For instance --depth 2"),
  }),
  option({
    key: "columns",
    long: "--columns",
    value: "LIST",
    example: "calls,time,p99",
    offers: COLUMN_NAMES,
    group: "Tables",
    summary: `columns of the tables: ${COLUMN_NAMES.join(", ")} (default: what fits)`,
    initial: null as ColumnName[] | null,
    read: (text) => readDistinctChoices("--columns", text, "column", COLUMN_NAMES),
  }),
  toggle({
    key: "advice",
    long: "--no-advice",
    group: "Tables",
    summary: 'hide "What stands out"',
    sets: false,
  }),
  option({
    key: "tables",
    long: "--tables",
    value: "LIST",
    example: "files,waiting",
    offers: TABLE_NAMES,
    group: "Tables",
    summary: `show only these, in this order: ${TABLE_NAMES.join(", ")}`,
    initial: null as TableName[] | null,
    read: (text) => readDistinctChoices("--tables", text, "table", TABLE_NAMES),
  }),
  toggle({
    key: "brief",
    long: "--brief",
    group: "Tables",
    summary: 'show only the header and "What stands out"',
  }),
  option({
    key: "assertions",
    long: "--assert",
    value: "EXPR",
    example: "p99(read) < 5ms",
    group: "Assertions",
    summary: "exit with status 3 unless this holds for the report",
    initial: [] as Assertion[],
    read: (text, _machine, before) => [...before, parseAssertion(text)],
  }),
];

/** Options that only tables have a use for. */
export const TABLE_OPTIONS = REPORT_OPTIONS.filter(({ key }) =>
  ["top", "sort", "by", "depth", "columns", "tables"].includes(key)
);

/** Options of reports at intervals. */
export const INTERVAL_OPTIONS = [
  option({
    key: "intervalNs",
    long: "--interval",
    value: "DUR",
    example: "1s",
    group: "Limits",
    summary: "print a line every DUR, covering only that time",
    initial: null as number | null,
    read: (text) => readTime("--interval", text, INTERVAL_MIN_NS),
  }),
  toggle({
    key: "full",
    long: "--full",
    group: "Limits",
    summary: "print a whole report every --interval, not a line",
  }),
  countOption("Limits", "reports of --interval"),
];

/** The tables and one more; the same table twice is one. */
function withGroup(groups: readonly GroupKey[][], text: string): GroupKey[][] {
  const keys = readDistinctChoices("--by", text, "key", GROUP_KEYS);
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
