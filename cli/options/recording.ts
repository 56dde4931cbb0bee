import { IorError } from "../../runtime/errors.ts";
import type { Machine } from "./machine.ts";
import { type Given, givenOf } from "./refusals.ts";
import { SEGMENT_OPTIONS } from "./segment_options.ts";
import type { ValuesOf } from "./option.ts";

/** Where a recording goes, and how a directory is cut into segments. */
export interface RecordTarget {
  /** A file, or a directory: one that exists, or a name that ends in a slash. */
  path: string;
  /** Length of a segment, nanoseconds. */
  segmentNs: number;
  /** Rows of a segment. */
  segmentRows: number;
  /** Size of a segment, bytes. */
  segmentBytes: number;
  /** Newest segments to keep, `null` for all. */
  keep: number | null;
  /** Bytes that the segments of this host may take in it, `null` for no limit. */
  maxBytes: number | null;
  /** A given option that only applies to segments; `null` for none. */
  segmentFlag: string | null;
}

/** Segments that fit `--max-bytes` at least, however large they may be. */
const MIN_SEGMENTS = 8;

/** Throws a usage error for a name that is neither that of a Parquet file nor of a directory. */
export function checkRecordingName(path: string, { isDirectory }: Pick<Machine, "isDirectory">): void {
  if (!/\.parquet$|\/$/.test(path) && !isDirectory(path)) throw notParquet(path);
}

/** Builds the target. Throws a usage error for a name that is neither that of a Parquet file nor of a directory. */
export function recordTarget(
  values: ValuesOf<typeof SEGMENT_OPTIONS>,
  given: Given,
  path: string,
  machine: Machine,
): RecordTarget {
  checkRecordingName(path, machine);
  const { segmentNs, segmentRows, keep, maxBytes } = values;
  // What goes is a whole segment: a large one would take most of the recording with it.
  const segmentBytes = maxBytes === null
    ? values.segmentBytes
    : Math.min(values.segmentBytes, Math.floor(maxBytes / MIN_SEGMENTS));
  const segmentFlag = givenOf(given, SEGMENT_OPTIONS);
  return { path, segmentNs, segmentRows, segmentBytes, keep, maxBytes, segmentFlag };
}

function notParquet(path: string): IorError {
  const [, format] = /\.(csv|ndjson)$/.exec(path) ?? [];
  const stem = path.replace(/(?<=[^/])\.[^./]*$/, "");
  return new IorError(
    "usage",
    `Cannot record to ${path}: a recording is Parquet, and its name ends in .parquet`,
    {
      hint: format === undefined
        ? `Name it ${stem}.parquet, or ${stem}/ for a directory of segments`
        : `For rows as ${format}: ior stream --format ${format} -o ${path}`,
    },
  );
}
