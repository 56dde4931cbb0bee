/** The options of recordings, as rows. */
import { formatExactSize, parseSize } from "../../runtime/units.ts";
import { DEFAULTS } from "./defaults.ts";
import { option } from "./option.ts";
import { badValue, readText, readTime, readWholeNumber, ROWS_MAX } from "./values.ts";

/** More segments than anyone keeps. */
const KEEP_MAX = 1_000_000;

/** Smallest segment: below this there is mostly overhead. */
const SEGMENT_MIN = { ns: 100e6, rows: 1_000, bytes: 64 * 1024 };

/** Smallest quota, bytes: room for some segments of a busy second. */
const QUOTA_MIN = 4 * 1024 * 1024;

/** Options of a directory of segments. */
export const SEGMENT_OPTIONS = [
  option({
    key: "segmentNs",
    long: "--segment-time",
    value: "DUR",
    example: "30s",
    group: "Segments",
    summary: `a new segment after DUR (default ${DEFAULTS.segmentNs / 1e9}s)`,
    initial: DEFAULTS.segmentNs as number,
    read: (text) => readTime("--segment-time", text, SEGMENT_MIN.ns),
  }),
  option({
    key: "segmentRows",
    long: "--segment-rows",
    value: "N",
    example: "1000000",
    group: "Segments",
    summary: `a new segment after N rows (default ${DEFAULTS.segmentRows})`,
    initial: DEFAULTS.segmentRows as number,
    read: (text) =>
      readWholeNumber(
        "--segment-rows",
        text,
        SEGMENT_MIN.rows,
        ROWS_MAX,
        "For instance --segment-rows 1000000",
      ),
  }),
  option({
    key: "segmentBytes",
    long: "--segment-size",
    value: "SIZE",
    example: "64M",
    group: "Segments",
    summary: `a new segment after SIZE: k, M or G (default ${formatExactSize(DEFAULTS.segmentBytes)})`,
    initial: DEFAULTS.segmentBytes as number,
    read: (text) =>
      atLeast(
        "--segment-size",
        text,
        parseSize(text, "--segment-size"),
        SEGMENT_MIN.bytes,
        formatExactSize(SEGMENT_MIN.bytes),
      ),
  }),
  option({
    key: "keep",
    long: "--keep",
    value: "N",
    example: "100",
    group: "Segments",
    summary: "keep only the newest N segments of this run",
    initial: null as number | null,
    read: (text) => readWholeNumber("--keep", text, 1, KEEP_MAX),
  }),
  option({
    key: "maxBytes",
    long: "--max-bytes",
    value: "SIZE",
    example: "10G",
    group: "Segments",
    summary: "remove the oldest segments of this host while all of them take more than SIZE: k, M or G",
    initial: null as number | null,
    read: (text) =>
      atLeast("--max-bytes", text, parseSize(text, "--max-bytes"), QUOTA_MIN, formatExactSize(QUOTA_MIN)),
  }),
];

/** Writes a recording beside a report. */
export const RECORD_OPTION = option({
  key: "record",
  long: "--record",
  value: "FILE",
  example: "run.parquet",
  offers: "files",
  group: "Output",
  summary: "also write the rows to FILE, or to segments in a directory DIR/, as ior record",
  initial: null as string | null,
  read: (text) => readText("--record", text),
});

function atLeast(flag: string, text: string, value: number, min: number, minText: string): number {
  if (value >= min) return value;
  throw badValue(flag, text, `it must be at least ${minText}`, `For instance ${flag} ${minText}`);
}
