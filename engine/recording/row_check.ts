/** The numbers of rows, held against what such a number can be: what is made of them need not ask again. */
import { UNKNOWN_START_NS } from "../../runtime/event_batch.ts";
import { RUN_PARTS } from "../../runtime/run_schema.ts";
import { require } from "../parquet/damage.ts";
import type { RowColumns } from "./row_columns.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const INT32 = 2 ** 31 - 1;
const UINT32 = 2 ** 32 - 1;

const MOST_TASK = RUN_PARTS.task.maximum;

/** Bounds of numbers, by their names in the file and in the published schema. A value that is not there is no number. */
export const BOUNDS: readonly [name: string, column: keyof RowColumns, least: number, most: number][] = [
  ["seq", "seq", 1, MOST],
  ["time_ns", "timeNs", -MOST, MOST],
  ["pid", "pid", 0, MOST_TASK],
  ["tid", "tid", 0, MOST_TASK],
  ["uid", "uid", 0, UINT32],
  ["gid", "gid", 0, UINT32 - 1],
  // A process may run for years; longer ago than 104 days its start is rounded to a few nanoseconds.
  ["process_start_ns", "processStartNs", UNKNOWN_START_NS, MOST],
  ["fd", "fd", -INT32 - 1, INT32],
  ["bytes", "bytes", 0, MOST],
  ["latency_ns", "latencyNs", 0, MOST],
  ["gap_ns", "gapNs", 0, MOST],
  ["restarts", "restarts", 0, 255],
  ["epoch", "epoch", 0, INT32],
  ["offset_bytes", "offsetBytes", -MOST, MOST],
];

/** Longest path, characters or raw bytes: a name relative to a directory, of PATH_MAX (4,096) bytes each, twice that. */
const MOST_PATH = 16_384;

const PATHS = [["path", "path"], ["old_path", "oldPath"], ["path_raw", "pathRaw"], [
  "old_path_raw",
  "oldPathRaw",
]] as const;

/**
 * Throws `Damage` that names the first column with a path that is too long: each of its directories is a row of a report,
 * with a name of its own.
 */
export function checkPaths(rows: RowColumns): void {
  for (const [name, key] of PATHS) {
    const long = rows[key].values.find((value) => value !== null && value.length > MOST_PATH);
    require(!long, () => `its ${name} has a length of ${long!.length}, it must be ${MOST_PATH} at most`);
  }
}

/** Throws `Damage` that names the first column with a number that is none. */
export function checkNumbers(rows: RowColumns): void {
  for (const [name, key, least, most] of BOUNDS) {
    const column = rows[key] as Float64Array | { values: readonly (number | null)[] };
    const wrong = firstOutside(column instanceof Float64Array ? column : column.values, least, most);
    require(
      wrong === undefined,
      () => `its ${name} is ${wrong}, it must be a whole number from ${least} to ${most}`,
    );
  }
}

/** The first number that is not within the bounds. A loop: each row of a recording passes nine times. */
function firstOutside(
  values: ArrayLike<number | null>,
  least: number,
  most: number,
): number | undefined {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== null && (value < least || value > most)) return value;
  }
}
