/** The flags of rows and recordings, as rows. */
import { formatExactSize, parseDuration, parseSize } from "../../runtime/units.ts";
import { ROW_COLUMN_NAMES } from "../rows/columns.ts";
import { DEFAULTS, STREAM_FORMATS } from "./defaults.ts";
import { type Flag, FROM_FLAG } from "./flags.ts";
import { badValue, readChoice, readChoices, readText, readWholeNumber } from "./values.ts";

/** More rows than any run has: 24 days of a million calls a second. */
const ROWS_MAX = 2 ** 41;

/** More segments than anyone keeps. */
const KEEP_MAX = 1_000_000;

/** Smallest segment: less than this is all overhead. */
const SEGMENT_MIN = { ns: 100e6, rows: 1_000, bytes: 64 * 1024 };

/** Flags of rows. */
export const ROWS_FLAGS: readonly Flag[] = [
  FROM_FLAG,
  {
    long: "--format",
    value: "NAME",
    example: "ndjson",
    group: "Output",
    summary: `${STREAM_FORMATS.join(", ")} (default ${DEFAULTS.format})`,
    read: (values, text) => values.format = readChoice("--format", text, "format", STREAM_FORMATS),
  },
  {
    long: "--strace",
    group: "Output",
    summary: "lines as strace -f -ttt -T writes them: --format strace",
    read: (values) => values.format = "strace",
  },
  {
    long: "--columns",
    value: "LIST",
    example: "time,pid,syscall,path",
    group: "Output",
    summary: `fields of text, csv and ndjson: ${
      ROW_COLUMN_NAMES.join(", ")
    } (default: all, in text what fits)`,
    read: (values, text) =>
      values.rowColumns = [...new Set(readChoices("--columns", text, "column", ROW_COLUMN_NAMES))],
  },
  {
    long: "--max-rows",
    value: "N",
    example: "1000",
    group: "Limits",
    summary: "stop after N rows",
    read: (values, text) => values.maxRows = readWholeNumber("--max-rows", text, 1, ROWS_MAX),
  },
];

/** Flags of a directory of segments. */
export const SEGMENT_FLAGS: readonly Flag[] = [
  {
    long: "--segment-time",
    value: "DUR",
    example: "30s",
    group: "Segments",
    summary: `a new segment after DUR (default ${DEFAULTS.segmentNs / 1e9}s)`,
    read: (values, text) => {
      const ns = parseDuration(text, { subject: "--segment-time", bareSeconds: true, longUnits: true });
      values.segmentNs = atLeast("--segment-time", text, ns, SEGMENT_MIN.ns, "100ms");
    },
  },
  {
    long: "--segment-rows",
    value: "N",
    example: "1000000",
    group: "Segments",
    summary: `a new segment after N rows (default ${DEFAULTS.segmentRows})`,
    read: (values, text) =>
      values.segmentRows = readWholeNumber(
        "--segment-rows",
        text,
        SEGMENT_MIN.rows,
        ROWS_MAX,
        "For instance --segment-rows 1000000",
      ),
  },
  {
    long: "--segment-size",
    value: "SIZE",
    example: "64M",
    group: "Segments",
    summary: `a new segment after SIZE: k, M or G (default ${formatExactSize(DEFAULTS.segmentBytes)})`,
    read: (values, text) =>
      values.segmentBytes = atLeast(
        "--segment-size",
        text,
        parseSize(text, "--segment-size"),
        SEGMENT_MIN.bytes,
        formatExactSize(SEGMENT_MIN.bytes),
      ),
  },
  {
    long: "--keep",
    value: "N",
    example: "100",
    group: "Segments",
    summary: "remove all but the newest N segments of this run",
    read: (values, text) => values.keep = readWholeNumber("--keep", text, 1, KEEP_MAX),
  },
];

/** Writes a recording beside a report. */
export const RECORD_FLAG: Flag = {
  long: "--record",
  value: "FILE",
  example: "run.parquet",
  group: "Output",
  summary: "write the rows to FILE too, or to segments in a directory DIR/: as ior record",
  read: (values, text) => values.record = readText("--record", text),
};

function atLeast(flag: string, text: string, value: number, min: number, minText: string): number {
  if (value >= min) return value;
  throw badValue(flag, text, `it must be at least ${minText}`, `For instance ${flag} ${minText}`);
}
