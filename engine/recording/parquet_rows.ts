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
    yield await rowColumns(file, group);
  }
}

type Group = ParquetFooter["groups"][number];

/** Reads one column after the other, so that only one is in memory as the file has it. */
async function rowColumns(file: FileReader, group: Group): Promise<RowColumns> {
  const { rows } = group;
  const get = async <Value>(name: ColumnName, values: (column: Column) => Value, none: () => Value) => {
    const column = await readColumn(file, group, name);
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
    ret: exactOf((await readColumn(file, group, "ret"))!),
    bytes: await numbers("bytes"),
    latencyNs: await numbers("latency_ns"),
    gapNs: await numbers("gap_ns"),
    restarts: await numbers("restarts", 0),
    epoch: await numbers("epoch", 0),
  };
}

function noValues<Value>(rows: number): CodedColumn<Value> {
  return { codes: new Uint32Array(rows), values: [null] };
}

/** A column of a row group, `null` when the file does not have it. */
async function readColumn(
  file: FileReader,
  { chunks, rows }: Group,
  name: ColumnName,
): Promise<Column | null> {
  const place = chunks.get(name);
  if (place === undefined) return null;
  const bytes = await file.read(place.at, place.bytes);
  require(bytes.length === place.bytes, () => `its column ${name} goes over its end`);
  try {
    return { name, place, rows, ...readPages(bytes, place, rows) };
  } catch (error) {
    const reason = error instanceof Damage ? error.message : "a page is damaged";
    throw new Damage(`${reason} (column ${name})`, { cause: error });
  }
}
