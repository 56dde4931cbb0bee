/** The options of rows, as rows. */
import { listOf } from "../../runtime/units.ts";
import { hasColumns, ROW_COLUMN_NAMES, ROW_FORMAT_NAMES, type RowFormatName } from "../rows/mod.ts";
import { DEFAULTS } from "./defaults.ts";
import { option } from "./option.ts";
import { FROM_OPTION } from "./run_options.ts";
import { readChoice, readDistinctChoices, readWholeNumber, ROWS_MAX } from "./values.ts";

/** Options of rows. */
export const ROWS_OPTIONS = [
  FROM_OPTION,
  option({
    key: "format",
    long: "--format",
    value: "NAME",
    example: "ndjson",
    offers: ROW_FORMAT_NAMES,
    group: "Output",
    summary: `${ROW_FORMAT_NAMES.join(", ")} (default ${DEFAULTS.format})`,
    initial: DEFAULTS.format as RowFormatName,
    read: (text) => readChoice("--format", text, "format", ROW_FORMAT_NAMES),
  }),
  option({
    key: "format",
    long: "--strace",
    group: "Output",
    summary: "lines as strace -f -ttt -T -yy writes them: --format strace",
    initial: DEFAULTS.format as RowFormatName,
    read: (): RowFormatName => "strace",
  }),
  option({
    key: "format",
    long: "--json",
    group: "Output",
    summary: "one JSON document per line: --format ndjson",
    initial: DEFAULTS.format as RowFormatName,
    read: (): RowFormatName => "ndjson",
  }),
  option({
    key: "rowColumns",
    long: "--columns",
    value: "LIST",
    example: "time,pid,syscall,path",
    offers: ROW_COLUMN_NAMES,
    group: "Output",
    summary: `fields of ${listOf(ROW_FORMAT_NAMES.filter(hasColumns), "and")}: ${
      ROW_COLUMN_NAMES.join(", ")
    } (default: all, in text what fits)`,
    initial: null as string[] | null,
    read: (text) => readDistinctChoices("--columns", text, "column", ROW_COLUMN_NAMES),
  }),
  option({
    key: "maxRows",
    long: "--max-rows",
    short: "-n",
    value: "N",
    example: "1000",
    group: "Limits",
    summary: "stop after N rows",
    initial: null as number | null,
    read: (text) => readWholeNumber("--max-rows", text, 1, ROWS_MAX),
  }),
];
