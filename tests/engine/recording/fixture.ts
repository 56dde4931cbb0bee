/** Recordings for tests: batches as a trace makes them, written to files that are gone after the test. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import {
  createNdjsonRenderer,
  createRowClock,
  renderRowsEnd,
  renderRowsHeader,
} from "../../../cli/rows/mod.ts";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { RecordingWriter } from "../../../engine/recording/recording_writer.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { type EventBatch, EventFlag, NO_FD, type TaskName } from "../../../runtime/event_batch.ts";
import type { RecorderStatus } from "../../../runtime/contracts.ts";
import type { RecordingTarget } from "../../../runtime/recording.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall, StreamRow } from "../../../runtime/row.ts";
import type { StatsSnapshot } from "../../../runtime/stats.ts";
import { lineOf } from "../../cli/rows/lines.ts";
import { batchOf, type Call } from "../batches.ts";

/** When the runs of these tests began. */
export const STARTED = "2026-08-01T12:03:04.123456789Z";
export const STARTED_NS = 1_785_585_784_123_456_789n;

/** A header; what matters to a test is given. */
export function header(members: Partial<ReportHeader> = {}): ReportHeader {
  return {
    ior: "0.1.0",
    host: "alpha",
    kernel: "6.12.1",
    arch: "x86_64",
    libbpf: "1.5",
    deno: "2.9.6",
    command: ["dd", "if=/dev/zero"],
    command_status: { exit: 0 },
    started: STARTED,
    wall_ns: 5_000_000_000,
    selection: { families: ["FS"] },
    loss: { state: "none", calls: 0, by: { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 } },
    cost: { cpu_ns: 1_000_000, bpf_ns_per_call: null, bpf_ns_per_run: 120, max_rss_bytes: 90_000_000 },
    ...members,
  };
}

/** A directory that is removed at the end of the scope. */
export function scratch(): { path(name: string): string } & Disposable {
  const directory = Deno.makeTempDirSync({ prefix: "ior-recording-" });
  return {
    path: (name) => `${directory}/${name}`,
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

/** How {@linkcode record} writes. */
export interface RecordOptions {
  header?: ReportHeader;
  startedWallNs?: bigint;
  nowMs?: () => number;
}

/** Writes batches; gives the final status. */
export async function record(
  target: string | RecordingTarget,
  batches: Iterable<EventBatch>,
  options: RecordOptions = {},
): Promise<RecorderStatus> {
  const known = options.header ?? header();
  const writer = new RecordingWriter(
    {
      arch: "x86_64",
      target: typeof target === "string" ? { kind: "file", path: target } : target,
      owner: null,
    },
    options.nowMs,
  );
  writer.start({ startedWallNs: options.startedWallNs ?? STARTED_NS, header: known });
  for (const batch of batches) writer.ingest(batch);
  return await writer.stop({ header: known, running: [] });
}

/** All rows of batches, as users see them. */
export function rowsOf(batches: Iterable<EventBatch>): StreamRow[] {
  const builder = new RowBuilder("x86_64");
  const rows: StreamRow[] = [];
  for (const batch of batches) {
    builder.apply(batch);
    for (let i = 0; i < batch.length; i++) rows.push(builder.row(i));
  }
  return rows;
}

/** The batches of recordings. */
export async function batchesOf(...names: string[]): Promise<EventBatch[]> {
  const recording = await openRecording(names);
  return await Array.fromAsync(recording.batches());
}

/** Asserts that the rows are the same; a difference is shown alone, which of long lists would take minutes. */
export function assertSameRows(found: readonly StreamRow[], wanted: readonly StreamRow[]): void {
  const differing = wanted.findIndex((row, i) =>
    found[i] === undefined || rowText(row) !== rowText(found[i])
  );
  if (differing >= 0) assert.deepEqual(found[differing], wanted[differing], `Row ${differing} differs`);
  assert.equal(found.length, wanted.length);
}

/** All fields of a row, told apart by their types too; comparing objects takes ten times as long. */
function rowText(row: StreamRow): string {
  return Object.values(row).map((value) => `${typeof value}:${value}`).join("\0");
}

/** Asserts that batches count the same, table by table. */
export function assertSameCounts(found: Iterable<EventBatch>, wanted: Iterable<EventBatch>): void {
  const [ours, theirs] = [found, wanted].map(counted);
  for (const name of Object.keys(theirs) as (keyof StatsSnapshot)[]) {
    const [table, other] = [ours[name], theirs[name]];
    if (isDeepStrictEqual(table, other)) continue;
    if (!Array.isArray(table) || !Array.isArray(other)) assert.deepEqual(table, other, `${name} differ`);
    else {
      const i = other.findIndex((row, at) => !isDeepStrictEqual(row, table[at]));
      assert.deepEqual(table[i], other[i], `Row ${i} of ${name} differs`);
      assert.equal(table.length, other.length);
    }
  }
}

function counted(batches: Iterable<EventBatch>): StatsSnapshot {
  const engine = new StatsEngine({
    arch: "x86_64",
    maxFiles: 100_000,
    maxProcesses: 100_000,
    maxSlowest: 50,
    by: [["process", "syscall"], ["thread"]],
  });
  for (const batch of batches) engine.ingest(batch);
  return engine.snapshot();
}

/** The rows of recordings. */
export async function replayed(...names: string[]): Promise<StreamRow[]> {
  return rowsOf(await batchesOf(...names));
}

const NRS = [0, 1, 3, 40, 82, 231, 257, 326, 7_777];
const EXIT_GROUP = 231;

/**
 * A source of batches as a trace makes them: a thread has one slot at a time and a new one when its name changes, numbers of
 * processes are used again, files change their slots, paths are of all sorts.
 */
export function tracedBatches(next: () => number, mostCalls = 1_500): () => EventBatch {
  const whole = (limit: number) => Math.floor(next() * limit);
  const threads: TaskName[] = [];
  const free = Array.from({ length: 64 }, (_, i) => 64 - i);
  let seq = 1;
  let timeNs = -2_000;
  let epoch = 1;
  const rename = (i: number): TaskName => {
    const slot = free.pop()!;
    if (threads[i]) free.unshift(threads[i].slot);
    const pid = 100 + i - i % 3; // three threads to a process
    const before = threads[i];
    const processStartNs = before ? before.processStartNs + (next() < 0.2 ? 1_000 : 0) : -500;
    const uid = next() < 0.1 ? 4_294_967_294 : 1000;
    // Always another name than before: one that stays is not announced again.
    const comm = `c${before ? (Number(before.comm[1]) + 1 + whole(4)) % 5 : whole(5)} ü;"`;
    // Not drawn: a checked-in recording was made from the draws.
    const gid = [{}, { gid: 100 }, { gid: 4_294_967_294 }][slot % 3];
    const group = slot % 4;
    const cgroup = group === 0 ? {} : { cgroup: `docker:w"é${group}` };
    return threads[i] = { slot, pid, tid: 100 + i, uid, comm, processStartNs, ...gid, ...cgroup };
  };
  const path = () => `/${whole(40)}/${["a", "é \n", "x;y", "", "(deleted)", "日本"][whole(6)]}${whole(30)}`;
  return () => {
    const first = seq === 1;
    const tasks = Array.from({ length: 24 }, (_, i) => i).filter(() => first || next() < 0.2).map(rename);
    const files = Array.from({ length: 40 }, (_, i) => i + 1).filter(() => first || next() < 0.3).map(
      (slot) => {
        const raw = next() < 0.1 ? Uint8Array.of(47, 0xff, whole(256)) : undefined;
        return raw ? { slot, path: "/\ufffd\ufffd", raw } : { slot, path: path() };
      },
    );
    const calls = Array.from({ length: 1 + whole(mostCalls) }, (): Call => {
      const nr = NRS[whole(NRS.length)];
      const returns = nr !== EXIT_GROUP && next() < 0.95;
      const fails = returns && next() < 0.2;
      // Rows come in the order of their exits.
      timeNs += whole(2_000);
      // The longest ones enter at the earliest time that a recording may name.
      const longest = Math.min(0, timeNs) + Number.MAX_SAFE_INTEGER;
      const durationNs = next() < 0.01 ? longest - whole(9) : Math.floor(Math.exp(20 * next()));
      return {
        nr,
        enterNs: timeNs - (nr === EXIT_GROUP ? 0 : durationNs),
        durationNs: nr === EXIT_GROUP ? NaN : durationNs,
        gapNs: next() < 0.1 ? NaN : Math.floor(Math.exp(18 * next())),
        ret: !returns
          ? 0n
          : fails
          ? BigInt(-1 - whole(4_095))
          : BigInt(Math.floor(2 ** (62 * next()))) - 5_000n,
        bytes: nr < 2 ? whole(2 ** 31) : NaN,
        flags: (returns ? 0 : nr === EXIT_GROUP ? EventFlag.NO_RETURN : EventFlag.KILLED) |
          (next() < 0.02 ? EventFlag.PATH_FAULT : next() < 0.02 ? EventFlag.PATH_TRUNCATED : 0),
        task: threads[whole(threads.length)].slot,
        file: whole(41),
        oldFile: nr === 82 || nr === 40 ? whole(41) : 0,
        fd: next() < 0.3 ? NO_FD : whole(9) - 1,
        restarts: next() < 0.05 ? whole(256) : 0,
      };
    });
    if (next() < 0.05) epoch++;
    const batch = batchOf(calls, { tasks, files, firstSeq: seq, epoch });
    seq += calls.length;
    return batch;
  };
}

/** Batches as `ior stream --format ndjson` writes them; `end` is the last record, `null` for none. */
export function ndjsonText(
  batches: Iterable<EventBatch>,
  end: ReportHeader | null = header(),
  running: readonly RunningCall[] = [],
): string {
  const render = lineOf(createNdjsonRenderer(createRowClock(STARTED_NS)));
  const rows = rowsOf(batches);
  const lines = [renderRowsHeader(header()), ...rows.map(render)];
  return [...lines, ...(end ? [renderRowsEnd(end, rows.length, running)] : []), ""].join("\n");
}

/** Cut, not rounded, also before 1970. */
const microseconds = (ns: bigint) => (ns - (ns % 1000n + 1000n) % 1000n) / 1000n;

const text = (value: unknown) => value === null ? null : String(value);

/** A row as engines of SQL give it, but for the start of the process, which rows do not have. */
export function asSql(row: StreamRow): Record<string, string | number | boolean | null> {
  return {
    seq: text(row.seq),
    time: text(microseconds(STARTED_NS + BigInt(row.timeNs))),
    time_ns: text(row.timeNs),
    pid: row.pid,
    tid: row.tid,
    comm: row.comm,
    uid: row.uid,
    syscall: row.syscall,
    family: row.family,
    fd: row.fd,
    path: row.path,
    old_path: row.oldPath,
    path_raw: row.pathRaw?.toBase64() ?? null,
    old_path_raw: row.oldPathRaw?.toBase64() ?? null,
    path_error: row.pathError,
    ret: text(row.ret),
    errno: row.errno,
    failed: row.failed,
    bytes: text(row.bytes),
    latency_ns: text(row.latencyNs),
    gap_ns: text(row.gapNs),
    restarts: row.restarts,
    epoch: row.epoch,
    cgroup: row.cgroup,
    gid: row.gid,
    iowait_ns: text(row.iowaitNs),
    blocked_ns: text(row.blockedNs),
    runqueue_ns: text(row.runqueueNs),
    fetched_bytes: text(row.fetchedBytes),
    stack: row.stack,
    offset_bytes: text(row.offsetBytes),
    flags: row.flags,
  };
}
