import { ROW_FIELDS } from "../../runtime/row_fields.ts";
import { require } from "../parquet/damage.ts";
import {
  bytesOf,
  type CodedColumn,
  codedNumbersOf,
  type Column,
  exactOf,
  numbersOf,
  readColumn,
  textsOf,
} from "../parquet/read_column.ts";
import { readFooter, type RowGroupPlaces } from "../parquet/read_footer.ts";
import { type PageBudget, pageBudget } from "../parquet/read_pages.ts";
import type { ColumnName } from "./columns.ts";
import { FileReader } from "./file_reader.ts";
import { explained } from "./read_errors.ts";
import { knownExtra, type RowColumns } from "./row_columns.ts";

/** Columns that rows cannot be made without; any other column that is missing has no values. */
const NEEDED = ROW_FIELDS.filter(({ read }) => read === "needed").map(({ name }) => name);

/** Columns read; the rest is derived from them. `time` tells when a trace began whose facts are missing. */
export const COLUMNS_READ: ReadonlySet<string> = new Set<ColumnName>([
  ...ROW_FIELDS.filter(({ read }) => read !== "derived").map(({ name }) => name),
  "process_start_ns",
  "time",
]);

/** The rows of a Parquet file, a row group at a time. Throws an `IorError` when it cannot be read. */
export async function* fileRows(path: string): AsyncGenerator<RowColumns> {
  using file = FileReader.open(path);
  const { groups } = await explained(path, () => readFooter(file, COLUMNS_READ));
  const budget = pageBudget(file.size);
  for (const group of groups) yield await explained(path, () => rowColumns(file, group, budget));
}

/** Names of the needed columns that a row group lacks. */
export function missingColumns({ columns }: RowGroupPlaces): string[] {
  return NEEDED.filter((name) => !columns.has(name));
}

/** Reads one column after the other, so that only one is in memory in its stored form. */
async function rowColumns(
  file: FileReader,
  group: RowGroupPlaces,
  budget: PageBudget,
): Promise<RowColumns> {
  const { rows } = group;
  const missing = missingColumns(group);
  require(missing.length === 0, () => `it has no column ${missing.join(", ")}`);
  const get = async <Value>(name: ColumnName, values: (column: Column) => Value, none: () => Value) => {
    const column = await readColumn(file, group, name, budget);
    return column === null ? none() : values(column);
  };
  const numbers = (name: ColumnName, none = NaN) =>
    get(name, (column) => numbersOf(column), () => new Float64Array(rows).fill(none));
  const coded = (name: ColumnName, unsigned = false) =>
    get(name, (column) => codedNumbersOf(column, unsigned), () => noValues<number>(rows));
  const texts = (name: ColumnName) => get(name, textsOf, () => noValues<string>(rows));
  const raws = (name: ColumnName) => get(name, bytesOf, () => noValues<Uint8Array>(rows));
  return {
    source: file.path,
    length: rows,
    seq: await numbers("seq"),
    timeNs: await numbers("time_ns"),
    pid: await coded("pid"),
    tid: await coded("tid"),
    comm: await texts("comm"),
    uid: await coded("uid", true),
    processStartNs: await coded("process_start_ns"),
    syscall: await texts("syscall"),
    fd: await numbers("fd"),
    path: await texts("path"),
    oldPath: await texts("old_path"),
    pathRaw: await raws("path_raw"),
    oldPathRaw: await raws("old_path_raw"),
    pathError: await texts("path_error"),
    ret: exactOf((await readColumn(file, group, "ret", budget))!),
    bytes: await numbers("bytes"),
    latencyNs: await numbers("latency_ns"),
    gapNs: await numbers("gap_ns"),
    restarts: await numbers("restarts", 0),
    epoch: await numbers("epoch", 0),
    cgroup: await texts("cgroup"),
    gid: await coded("gid", true),
    extra: knownExtra({
      iowaitNs: await numbers("iowait_ns"),
      blockedNs: await numbers("blocked_ns"),
      runqueueNs: await numbers("runqueue_ns"),
      fetchedBytes: await numbers("fetched_bytes"),
    }),
    stack: await texts("stack"),
    offsetBytes: await numbers("offset_bytes"),
    flags: await texts("flags"),
  };
}

function noValues<Value>(rows: number): CodedColumn<Value> {
  return { codes: new Uint32Array(rows), values: [null] };
}
