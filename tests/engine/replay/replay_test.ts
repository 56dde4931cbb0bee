import assert from "node:assert/strict";
import { replay } from "../../../engine/replay/replay.ts";
import { batchFilter } from "../../../engine/replay/batch_filter.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { type EventBatch, EventFlag } from "../../../runtime/event_batch.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { parseExpression } from "../../../runtime/expression/mod.ts";
import { emptyFilter, type Filter } from "../../../runtime/filter/mod.ts";
import { SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { batchOf, taskName } from "../batches.ts";

const [READ, WRITE, RENAME, EXIT_GROUP, UNKNOWN] = [0, 1, 82, 231, 7_777];

const everything = (): Filter => ({
  ...emptyFilter(),
  syscalls: SYSCALLS.map(({ name }) => name),
  unknownSyscalls: true,
});

const where = (text: string) => ({ where: parseExpression({ option: "--where", text, example: "failed" }) });

function batches(): EventBatch[] {
  return [
    batchOf([
      { nr: READ, task: 1, file: 1, durationNs: 50 },
      { nr: WRITE, task: 2, file: 2, durationNs: 500, ret: -28n },
      { nr: RENAME, task: 1, file: 2, oldFile: 1, durationNs: 5_000 },
      { nr: EXIT_GROUP, task: 2, durationNs: NaN, flags: EventFlag.NO_RETURN },
    ], {
      tasks: [taskName(1, 10, { comm: "alpha", uid: 0 }), taskName(2, 20, { tid: 21, comm: "beta" })],
      files: [{ slot: 1, path: "/var/a" }, { slot: 2, path: "/tmp/b" }],
    }),
    batchOf([
      { nr: UNKNOWN, task: 1 },
      { nr: READ, task: 2, file: 1, durationNs: 9_000, flags: EventFlag.KILLED },
    ], {
      tasks: [taskName(1, 10, { comm: "gamma", uid: 0 })],
      files: [{ slot: 1, path: "/tmp/c" }],
      firstSeq: 5,
    }),
  ];
}

/** Replays the batches; gives the rows that the consumer got, shortened, and the number told. */
async function rowsOf(filter: Filter, limit = Infinity) {
  const rows: StreamRow[] = [];
  const builder = new RowBuilder("x86_64");
  const consumer = {
    keepsColumns: false as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest(batch: EventBatch) {
      builder.apply(batch);
      for (let i = 0; i < batch.length; i++) rows.push(builder.row(i));
    },
  };
  async function* source() {
    await Promise.resolve();
    yield* batches();
  }
  const calls = await replay(
    { batches: source, recycle: () => {} },
    batchFilter(filter, "x86_64"),
    [consumer],
    () => rows.length >= limit,
  );
  assert.equal(calls, rows.length);
  return rows.map(({ seq, syscall, comm, path }) => [seq, syscall, comm, path].join(" "));
}

const ALL = [
  "1 read alpha /var/a",
  "2 write beta /tmp/b",
  "3 rename alpha /tmp/b",
  "4 exit_group beta ",
  "5 7777 gamma ",
  "6 read beta /tmp/c",
];

/** Rows by their index in ALL, numbered anew. */
const some = (...indexes: number[]) => indexes.map((at, i) => ALL[at].replace(/^\d+/, String(i + 1)));

Deno.test("A selection of everything leaves all calls, with their numbers", async () => {
  assert.equal(batchFilter(everything(), "x86_64"), null);
  assert.deepEqual(await rowsOf(everything()), ALL);
});

Deno.test("Calls of a recording are selected as live ones are, and numbered anew", async () => {
  const cases: [Partial<Filter>, number[]][] = [
    [{ pids: [10] }, [0, 2, 4]],
    [{ tids: [21] }, [1, 3, 5]],
    [{ pids: [10], tids: [21] }, [0, 1, 2, 3, 4, 5]],
    [{ pids: [99] }, []],
    [where("uid = 0"), [0, 2, 4]],
    [where("comm ~ ALPHA,^gam"), [0, 2, 4]],
    [where("not comm ~ beta"), [0, 2, 4]],
    [where("path ~ ^/var/"), [0, 2]],
    [where("path ~ /tmp"), [1, 2, 5]],
    [where("not path ~ ^/var"), [1, 3, 4, 5]],
    [{ syscalls: ["read", "rename"], unknownSyscalls: false }, [0, 2, 5]],
    [{ unknownSyscalls: false }, [0, 1, 2, 3, 5]],
    [{ syscalls: [] }, [4]],
    [where("failed"), [1]],
    [where("latency >= 500ns"), [1, 2, 5]],
    [where("latency >= 501ns and path ~ /tmp"), [2, 5]],
  ];
  for (const [given, wanted] of cases) {
    assert.deepEqual(await rowsOf({ ...everything(), ...given }), some(...wanted), JSON.stringify(given));
  }
});

Deno.test("A recording of another machine has the same calls by name", async () => {
  const reads = { ...emptyFilter(), syscalls: ["read"] };
  assert.deepEqual(await rowsOf(reads), some(0, 5));
  assert.equal(
    batchFilter(reads, "aarch64")!.apply(batchOf([{ nr: 63 }, { nr: READ }], { tasks: [taskName(1, 1)] })),
    1,
  );
});

Deno.test("A replay stops when its reader has enough", async () => {
  assert.deepEqual(await rowsOf(everything(), 1), ALL.slice(0, 4));
});
