import assert from "node:assert/strict";
import { testSeed } from "../engine/batches.ts";
import { replayDescriptors } from "../kernel_lib/naive.ts";
import {
  describeRun,
  differencesOfLog,
  type LoggedCall,
  type RandomRun,
  traceRandom,
} from "../kernel_lib/random_workload.ts";
import type { RowRecord } from "../kernel_lib/rows.ts";

/** Set for the long form. */
const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";

const FIRST_SEED = testSeed();

const RUNS: readonly RandomRun[] = Array.from({ length: NIGHTLY ? 10 : 2 }, (_, i) => ({
  seed: FIRST_SEED + i,
  calls: NIGHTLY ? 100_000 : 10_000,
  mode: i % 2 === 0 ? "turns" : "free",
}));

/** Threads of a run at least: fewer, and it was not what it is meant to be. */
const THREADS_AT_LEAST = 5;

/** Of a thousand rows with a descriptor, how many a naive tracer names wrongly at least. */
const NAIVE_WRONG_PER_MILLE = 50;

for (const run of RUNS) {
  Deno.test(`Every row of a random workload is what its log says (seed ${run.seed}, ${run.calls} calls, ${run.mode})`, async () => {
    const { rows, log } = await traceRandom(run);
    assert.ok(log.length >= run.calls, `${describeRun(run)}: only ${log.length} calls`);
    const threads = new Set(log.map(({ tid }) => tid)).size;
    assert.ok(threads >= THREADS_AT_LEAST, `${describeRun(run)}: only ${threads} threads`);
    const difference = differencesOfLog(rows, log);
    assert.ok(difference.length === 0, `${describeRun(run)}\n(- log, + ior)\n${difference.join("\n")}`);
    const said = replayDescriptors(rows, rows[0].pid);
    const named = rows.filter(({ path, seq }) => path !== null && said.has(seq));
    const wrong = named.filter(({ path, seq }) => said.get(seq) !== path).length;
    assert.ok(
      wrong * 1000 >= named.length * NAIVE_WRONG_PER_MILLE,
      `${
        describeRun(run)
      }: a descriptor table in user space is wrong in only ${wrong} of ${named.length} rows`,
    );
  });
}

/** A log of three calls, and its rows. */
function example(): { rows: RowRecord[]; log: LoggedCall[] } {
  const log: LoggedCall[] = [
    { pid: 7, tid: 7, syscall: "open", fd: 3, ret: 3, bytes: null, path: bytes("/a\xff"), old_path: null },
    { pid: 7, tid: 8, syscall: "read", fd: 3, ret: -9, bytes: 0, path: null, old_path: null },
    {
      pid: 7,
      tid: 7,
      syscall: "rename",
      fd: null,
      ret: 0,
      bytes: null,
      path: bytes("/b"),
      old_path: bytes("/a"),
    },
  ];
  const row = (changes: Partial<RowRecord>) =>
    ({
      fd: null,
      path: null,
      old_path: null,
      errno: null,
      bytes: null,
      failed: false,
      ...changes,
    }) as RowRecord;
  const marker = (tid: number) => row({ tid, pid: 7, syscall: "write", fd: -1, failed: true });
  const rows = [
    row({ tid: 7, pid: 7, syscall: "open", fd: 3, ret: 3, path: "/startup" }),
    marker(7),
    marker(8),
    row({ tid: 7, pid: 7, syscall: "open", fd: 3, ret: 3, path: "/a\ufffd", path_raw: "L2H/" }),
    row({ tid: 8, pid: 7, syscall: "read", fd: 3, ret: -9, errno: "EBADF", failed: true, bytes: 0 }),
    row({ tid: 7, pid: 7, syscall: "rename", ret: 0, path: "/b", old_path: "/a" }),
  ];
  return { rows, log };
}

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

const DEFECTS: Record<string, (rows: RowRecord[]) => void> = {
  "another path": (rows) => rows[5].path = "/c",
  "other bytes of a path": (rows) => rows[3].path_raw = "L2H+",
  "a path where there is none": (rows) => rows[4].path = "/a",
  "another old path": (rows) => rows[5].old_path = null,
  "another descriptor": (rows) => rows[4].fd = 4,
  "another result": (rows) => rows[3].ret = 4,
  "other bytes": (rows) => rows[4].bytes = null,
  "another process": (rows) => rows[4].pid = 8,
  "a row too many": (rows) => rows.push({ ...rows[5] }),
  "a missing row": (rows) => rows.splice(4, 1),
  "another order": (rows) => [rows[3], rows[5]] = [rows[5], rows[3]],
  "a thread that is not in the log": (rows) => rows.push({ ...rows[2], tid: 9 }, { ...rows[5], tid: 9 }),
};

Deno.test("The comparison with a log finds no difference where there is none", () => {
  const { rows, log } = example();
  assert.deepEqual(differencesOfLog(rows, log), []);
});

for (const [name, plant] of Object.entries(DEFECTS)) {
  Deno.test(`The comparison with a log finds ${name}`, () => {
    const { rows, log } = example();
    plant(rows);
    assert.notDeepEqual(differencesOfLog(rows, log), []);
  });
}
