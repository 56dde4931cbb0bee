/** What Arrow in Rust and Polars find in the files, and what is read of the files that they write. */
import assert from "node:assert/strict";
import { RECORDING_COLUMNS } from "../../../engine/recording/columns.ts";
import { random, testSeed } from "../batches.ts";
import { assertSameRows, asSql, record, replayed, rowsOf, scratch, tracedBatches } from "./fixture.ts";
import { readBy, type Reader } from "./readers/ask.ts";

/** The types that each has for those of the columns. */
const TYPES: Record<Reader, Record<string, string>> = {
  arrow: {
    int64: "Int64",
    int32: "Int32",
    uint32: "Uint32",
    boolean: "Bool",
    text: "Utf8",
    bytes: "Binary",
    timestamp: "Timestamp<MICROSECOND, UTC>",
  },
  polars: {
    int64: "DataType(Int64)",
    int32: "DataType(Int32)",
    uint32: "DataType(UInt32)",
    boolean: "DataType(Bool)",
    text: "DataType(String)",
    timestamp: "DataType(Datetime(us,UTC))",
  },
};

for (const reader of ["arrow", "polars"] as const) {
  Deno.test(`The engine ${reader} finds every row with all its values, and the file that it writes again is read`, async () => {
    using folder = scratch();
    const path = folder.path("rows.parquet");
    const copy = folder.path("copy.parquet");
    const batches = Array.from({ length: 3 }, tracedBatches(random(testSeed())));
    await record(path, batches);
    const { types, rows } = await readBy(reader, path, copy);
    const columns = RECORDING_COLUMNS.filter(({ type }) => type in TYPES[reader]);
    assert.deepEqual(
      types,
      Object.fromEntries(columns.map(({ name, type, nullable }) => [
        name,
        TYPES[reader][type] + (reader === "arrow" && nullable ? "?" : ""),
      ])),
    );
    const wanted = rowsOf(batches);
    assert.equal(rows.length, wanted.length);
    for (const [i, row] of wanted.entries()) {
      const { process_start_ns: _started, ...rest } = rows[i];
      const known = Object.entries(asSql(row)).filter(([name]) => name in types);
      assert.deepEqual(rest, Object.fromEntries(known));
    }
    assertSameRows(await replayed(copy), wanted);
  });
}
