/** What DuckDB, a reader that we did not write, finds in the files. */
import assert from "node:assert/strict";
import { RECORDING_COLUMNS } from "../../../engine/recording/columns.ts";
import { ROW_GROUP_ROWS } from "../../../engine/recording/row_group.ts";
import { type EventBatch, EventFlag, NO_FD } from "../../../runtime/event_batch.ts";
import type { RecordingFacts } from "../../../runtime/recording.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { batchOf, type Call, random, taskName, testSeed } from "../batches.ts";
import { askDuckDb, type SqlRow } from "./duckdb/ask.ts";
import { asSql, header, record, rowsOf, scratch, STARTED_NS, tracedBatches } from "./fixture.ts";

/** All columns, those of 64 bits as text, bytes as base64, the time as microseconds since 1970. */
const SELECTED = RECORDING_COLUMNS.map(({ name, type }) =>
  type === "bytes"
    ? `base64(${name}) as ${name}`
    : type === "timestamp"
    ? `epoch_us(${name}) as ${name}`
    : name
).join(", ");

function assertSqlRows(found: readonly SqlRow[], wanted: readonly StreamRow[]): void {
  assert.equal(found.length, wanted.length);
  for (const [i, row] of wanted.entries()) {
    const { process_start_ns: _started, ...rest } = found[i];
    assert.deepEqual(rest, asSql(row));
  }
}

Deno.test("DuckDB finds every row with all its values, in types that are fit for queries", async () => {
  using folder = scratch();
  const path = folder.path("rows.parquet");
  const batches = Array.from({ length: 8 }, tracedBatches(random(testSeed())));
  await record(path, batches);
  const [rows, types, facts] = await askDuckDb([
    `select ${SELECTED} from '${path}' order by seq`,
    `describe select * from '${path}'`,
    `select decode(value) as value from parquet_kv_metadata('${path}') where decode(key) = 'ior.recording'`,
  ]);
  const wanted = rowsOf(batches);
  assertSqlRows(rows, wanted);
  const sqlTypes = {
    int64: "BIGINT",
    int32: "INTEGER",
    uint32: "UINTEGER",
    boolean: "BOOLEAN",
    text: "VARCHAR",
    bytes: "BLOB",
    timestamp: "TIMESTAMP WITH TIME ZONE",
  };
  assert.deepEqual(
    types.map((row) => [row.column_name, row.column_type]),
    RECORDING_COLUMNS.map(({ name, type }) => [name, sqlTypes[type]]),
  );
  const { schema, rows: count, complete, header: known }: RecordingFacts = JSON.parse(
    facts[0].value as string,
  );
  assert.deepEqual([schema, count, complete, known], ["ior.recording/1", wanted.length, true, header()]);
});

Deno.test("DuckDB finds values at the edges, columns without any value and files without rows", async () => {
  using folder = scratch();
  const edges: Partial<Call>[] = [
    { ret: 2n ** 63n - 1n, bytes: 2 ** 53, durationNs: 2 ** 53, gapNs: 2 ** 53 - 1, fd: 2 ** 31 - 1 },
    { ret: -(2n ** 63n), bytes: 0, durationNs: 0, gapNs: 0, fd: -1, enterNs: -(2 ** 53) },
    { ret: -4095n, durationNs: -5, gapNs: -1, restarts: 255, fd: -(2 ** 31) + 1 },
    { ret: -4096n, nr: -3, enterNs: 2 ** 32 },
    { ret: -1n, nr: 2 ** 31 - 1, enterNs: 2 ** 32 - 1 },
    { ret: 0n, flags: EventFlag.NO_RETURN, durationNs: NaN, nr: 231 },
    { ret: 0n, flags: EventFlag.KILLED | EventFlag.PATH_FAULT | EventFlag.PATH_TRUNCATED, durationNs: 7 },
  ];
  const tasks = [
    taskName(1, 2 ** 31 - 1, { uid: 2 ** 32 - 1, comm: "\ufffd\u0000'\"", processStartNs: -(2 ** 53) }),
  ];
  const odd = batchOf(edges.map((call) => ({ nr: 0, ...call })), {
    tasks,
    firstSeq: 2 ** 53 - 8,
    epoch: 2 ** 31 - 1,
  });
  const empty = batchOf(
    Array.from({ length: 9 }, () => ({ nr: 231, flags: EventFlag.NO_RETURN, durationNs: NaN, fd: NO_FD })),
    { tasks },
  );
  for (const [name, batch] of Object.entries({ odd, empty })) await record(folder.path(name), [batch]);
  await record(folder.path("none"), []);
  const [oddRows, emptyRows, none, starts] = await askDuckDb([
    ...["odd", "empty", "none"].map((name) =>
      `select ${SELECTED} from read_parquet('${folder.path(name)}') order by seq`
    ),
    `select distinct process_start_ns as n from read_parquet('${folder.path("odd")}')`,
  ]);
  assertSqlRows(oddRows, rowsOf([odd]));
  assertSqlRows(emptyRows, rowsOf([empty]));
  assert.deepEqual(none, []);
  assert.deepEqual(starts, [{ n: String(-(2 ** 53)) }]);
});

Deno.test("DuckDB counts row groups and dictionaries of all sizes as they were written", async () => {
  using folder = scratch();
  const path = folder.path("names.parquet");
  // So many names that positions take one and two bytes, in one row group and in a second one.
  const counts = [200, 256, 257, ROW_GROUP_ROWS, 300];
  let seq = 1;
  const batches: EventBatch[] = [];
  for (const [c, count] of counts.entries()) {
    for (let from = 0; from < count; from += 16_384) {
      const length = Math.min(16_384, count - from);
      batches.push(batchOf(
        Array.from({ length }, (_, i) => ({ nr: 0, file: i + 1, bytes: from + i, durationNs: 1 })),
        {
          firstSeq: seq,
          tasks: seq === 1 ? [taskName(1, 70)] : [],
          files: Array.from({ length }, (_, i) => ({ slot: i + 1, path: `/${c}/${from + i}` })),
        },
      ));
      seq += length;
    }
  }
  const { rows } = await record(path, batches);
  const [[sums], groups, wrong, compression] = await askDuckDb([
    `select count(*)::int as rows, count(distinct path)::int as paths, sum(bytes)::text as bytes from '${path}'`,
    `select distinct row_group_id::int as id, row_group_num_rows::int as rows from parquet_metadata('${path}') order by 1`,
    `select count(*)::int as rows from '${path}' where split_part(path, '/', 3) != bytes::text`,
    `select distinct compression from parquet_metadata('${path}')`,
  ]);
  const bytes = counts.reduce((sum, count) => sum + count * (count - 1) / 2, 0);
  assert.deepEqual(sums, { rows, paths: rows, bytes: String(bytes) });
  assert.deepEqual(groups, [{ id: 0, rows: ROW_GROUP_ROWS }, { id: 1, rows: rows - ROW_GROUP_ROWS }]);
  assert.deepEqual(wrong, [{ rows: 0 }]);
  assert.deepEqual(compression, [{ compression: "ZSTD" }]);
});

Deno.test("DuckDB takes host and day of a directory of segments for columns, and bounds leave row groups out", async () => {
  using folder = scratch();
  const batches = Array.from({ length: 10 }, tracedBatches(random(7)));
  const target = {
    kind: "directory",
    path: folder.path("fleet"),
    segmentRows: 1_000,
    segmentBytes: 1e9,
    segmentNs: 1e12,
    keep: null,
  } as const;
  const { rows: alpha } = await record(target, batches);
  const beta = header({ host: "beta/1=é" });
  const late = { header: beta, startedWallNs: STARTED_NS + 86_400_000_000_000n };
  const { rows: second } = await record(target, batches, late);
  const all = `read_parquet('${target.path}/**/*.parquet', hive_partitioning = true)`;
  const [hosts, early] = await askDuckDb([
    `select host, date::text as date, count(*)::int as rows from ${all} group by all order by all`,
    `select count(*)::int as rows from ${all} where time_ns < 0 and date = '2026-08-01'`,
  ]);
  assert.deepEqual(hosts, [
    { host: "alpha", date: "2026-08-01", rows: alpha },
    { host: "beta/1=é", date: "2026-08-02", rows: second },
  ]);
  assert.deepEqual(early, [{ rows: rowsOf(batches).filter(({ timeNs }) => timeNs < 0).length }]);
});
