import { bytesOf, codedNumbersOf, type Column, exactOf, numbersOf, textsOf } from "./column_values.ts";
import type { ColumnName } from "./columns.ts";
import type { FileReader } from "./file_reader.ts";
import type { ParquetFooter } from "./parquet_footer.ts";
import { readPages } from "./parquet_pages.ts";
import { Damage, require } from "./read_errors.ts";
import type { CodedColumn, RowColumns } from "./row_columns.ts";

/** Columns without which rows cannot be made; the others are without values where they are missing. */
const REQUIRED = [
  "seq",
  "time_ns",
  "pid",
  "tid",
  "comm",
  "uid",
  "syscall",
  "ret",
  "latency_ns",
] as const satisfies ColumnName[];

/** Columns read; the rest follows from them. */
export const COLUMNS_READ: ReadonlySet<string> = new Set<ColumnName>([
  ...REQUIRED,
  "fd",
  "path",
  "old_path",
  "path_raw",
  "old_path_raw",
  "path_error",
  "bytes",
  "gap_ns",
  "restarts",
  "epoch",
  "process_start_ns",
]);

/** The rows of a Parquet file, a row group at a time. Throws `Damage`, or what a decompressor says, for damaged ones. */
export async function* parquetRows(file: FileReader, footer: ParquetFooter): AsyncGenerator<RowColumns> {
  for (const group of footer.groups) {
    const missing = REQUIRED.filter((name) => !group.chunks.has(name));
    require(missing.length === 0, () => `it has no column ${missing.join(", ")}`);
    const columns = new Map<string, Column>();
    for (const [name, place] of group.chunks) {
      const bytes = await file.read(place.at, place.bytes);
      require(bytes.length === place.bytes, () => `its column ${name} goes over its end`);
      columns.set(name, { name, place, rows: group.rows, ...pagesOf(name, bytes, place, group.rows) });
    }
    yield rowColumns(file.path, group.rows, columns);
  }
}

function pagesOf(name: string, ...args: Parameters<typeof readPages>): ReturnType<typeof readPages> {
  try {
    return readPages(...args);
  } catch (error) {
    throw new Damage(`${error instanceof Damage ? error.message : "a page is damaged"} (column ${name})`, {
      cause: error,
    });
  }
}

function rowColumns(source: string, rows: number, columns: ReadonlyMap<string, Column>): RowColumns {
  const get = <Value>(name: ColumnName, read: (column: Column) => Value, none: () => Value): Value => {
    const column = columns.get(name);
    return column === undefined ? none() : read(column);
  };
  const numbers = (name: ColumnName, none = NaN) =>
    get(name, (column) => numbersOf(column), () => new Float64Array(rows).fill(none));
  const noCodes = <Value>(value: Value): CodedColumn<Value> => ({
    codes: new Uint32Array(rows),
    values: [value],
  });
  const texts = (name: ColumnName) =>
    get(name, textsOf, () => noCodes<string | null>(null) as CodedColumn<string>);
  const raws = (name: ColumnName) =>
    get(name, bytesOf, () => noCodes<Uint8Array | null>(null) as CodedColumn<Uint8Array>);
  const coded = (name: ColumnName, unsigned = false) =>
    get(name, (column) => codedNumbersOf(column, unsigned), () => noCodes(0));
  return {
    source,
    length: rows,
    seq: numbers("seq"),
    timeNs: numbers("time_ns"),
    pid: coded("pid"),
    tid: coded("tid"),
    comm: texts("comm"),
    uid: coded("uid", true),
    processStartNs: coded("process_start_ns"),
    syscall: texts("syscall"),
    fd: numbers("fd"),
    path: texts("path"),
    oldPath: texts("old_path"),
    pathRaw: raws("path_raw"),
    oldPathRaw: raws("old_path_raw"),
    pathError: texts("path_error"),
    ret: exactOf(columns.get("ret")!),
    bytes: numbers("bytes"),
    latencyNs: numbers("latency_ns"),
    gapNs: numbers("gap_ns"),
    restarts: numbers("restarts", 0),
    epoch: numbers("epoch", 0),
  };
}
