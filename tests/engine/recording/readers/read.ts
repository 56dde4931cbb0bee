/**
 * Reads a Parquet file with readers that are not ours, prints columns and rows as JSON, and writes a copy. Started by
 * ask.ts with the names of the packages, which the product's own shall not be mixed with. Integers of 64 bits and times
 * come as text, times as microseconds, bytes as base64.
 */
const [reader, path, copy, ...packages] = Deno.args;

/** What is used of the packages. */
interface ParquetWasm {
  readParquet(bytes: Uint8Array): { intoIPCStream(): Uint8Array };
  writeParquet(table: unknown): Uint8Array;
  Table: { fromIPCStream(bytes: Uint8Array): unknown };
}

interface ArrowTable {
  schema: { fields: { name: string; type: unknown; nullable: boolean }[] };
  getChild(name: string): { data: readonly { values: BigInt64Array; length: number }[] };
  toArray(): { toJSON(): Record<string, unknown> }[];
}

interface Polars {
  readParquet(path: string): Frame;
  col(name: string): { cast(type: unknown): unknown };
  Int64: unknown;
  Utf8: unknown;
}

interface Frame {
  columns: string[];
  getColumn(name: string): { dtype: unknown };
  drop(...names: string[]): Frame;
  withColumn(column: unknown): Frame;
  toRecords(): Record<string, unknown>[];
  writeParquet(path: string): void;
}

const READERS: Record<string, () => Promise<{ types: Record<string, string>; rows: unknown[] }>> = {
  async arrow() {
    const wasm: ParquetWasm = await import(packages[0]);
    const { tableFromIPC }: { tableFromIPC(bytes: Uint8Array): ArrowTable } = await import(packages[1]);
    const stream = wasm.readParquet(Deno.readFileSync(path)).intoIPCStream();
    Deno.writeFileSync(copy, wasm.writeParquet(wasm.Table.fromIPCStream(stream)));
    const table = tableFromIPC(stream);
    const { fields } = table.schema;
    const types = fields.map(({ name, type, nullable }) => [name, `${type}${nullable ? "?" : ""}`]);
    // A time is given as milliseconds; what is stored has the microseconds.
    const times = table.getChild("time").data.flatMap((
      { values, length },
    ) => [...values.subarray(0, length)]);
    const rows = table.toArray().map((row, i) => ({ ...row.toJSON(), time: times[i] }));
    return { types: Object.fromEntries(types), rows };
  },
  async polars() {
    const { default: pl }: { default: Polars } = await import(packages[0]);
    const whole = pl.readParquet(path);
    whole.writeParquet(copy);
    let table = whole.drop("path_raw", "old_path_raw"); // bytes have no form in JavaScript there
    const types = table.columns.map((name) => [name, String(table.getColumn(name).dtype)]);
    for (const [name, type] of types) {
      if (!/Int64|Datetime/.test(type)) continue;
      table = table.withColumn(pl.col(name).cast(pl.Int64)).withColumn(pl.col(name).cast(pl.Utf8));
    }
    return { types: Object.fromEntries(types), rows: table.toRecords() };
  },
};

const found = JSON.stringify(
  await READERS[reader](),
  (_name, value) =>
    typeof value === "bigint" ? String(value) : value instanceof Uint8Array ? value.toBase64() : value,
);
console.log(found);
Deno.exit(0); // Polars keeps threads
