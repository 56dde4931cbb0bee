/** Counts rows the plain way, with maps and bigints: what the engine's tables are held against. */
import { bucketIndex, bucketMiddle } from "../../../engine/stats/buckets.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import type { EventBatch, TaskName } from "../../../runtime/event_batch.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import type { GroupKey, GroupValue, Measures, MeasuresWithLatency } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { waitingOf } from "../../../runtime/waiting.ts";

/** A row, and what it does not say of its process. */
export interface PlainRow extends StreamRow {
  task: TaskName;
}

/** What rows measure. */
export interface Plain {
  calls: number;
  errors: number;
  read: bigint;
  written: bigint;
  totalNs: bigint;
  maxNs: number;
  /** Latency: bucket → count. */
  latency: Map<number, number>;
}

/** The rows of batches. */
export class PlainRows {
  readonly rows: PlainRow[] = [];
  readonly #builder = new RowBuilder("x86_64");

  /** Takes a batch. */
  add(batch: EventBatch): void {
    this.#builder.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      this.rows.push({ ...this.#builder.row(i), task: this.#builder.task(batch.columns.task[i]) });
    }
  }
}

/** True when the bytes that a call reads belong to its `oldPath`. */
function isCopyFrom(row: StreamRow): boolean {
  const call = syscallByName(row.syscall);
  return row.oldPath !== null && call !== undefined && call.bytes !== null && call.args.includes("src");
}

/** True for a copy from what is waited for to a file: it counts for its source, but for the bytes it writes. */
export function waitsForSource(row: StreamRow): boolean {
  const waits = (path: string | null) => path !== null && waitingOf(path) !== null;
  return isCopyFrom(row) && row.path !== null && !waits(row.path) && waits(row.oldPath);
}

/** The rows by a key; `keyOf` gets the row and the path that it counts for. By both files every copy counts for `path`. */
export function countBy(
  rows: readonly PlainRow[],
  keyOf: (row: PlainRow, path: string | null) => string | null,
  byBothFiles = false,
): Map<string, Plain> {
  const groups = new Map<string, Plain>();
  const group = (key: string) => {
    let plain = groups.get(key);
    if (plain === undefined) groups.set(key, plain = newPlain());
    return plain;
  };
  for (const row of rows) {
    const pathKey = keyOf(row, row.path);
    const readKey = isCopyFrom(row) ? keyOf(row, row.oldPath) : pathKey;
    const key = waitsForSource(row) && !byBothFiles ? readKey : pathKey;
    const bytes = syscallByName(row.syscall)?.bytes ?? null;
    const moved = BigInt(row.bytes ?? 0);
    if (readKey !== null && (bytes === "read" || bytes === "both")) group(readKey).read += moved;
    // A source has a row of its own also when nothing came of the copy.
    else if (readKey !== null) group(readKey);
    if (pathKey !== null && (bytes === "write" || bytes === "both")) group(pathKey).written += moved;
    else if (pathKey !== null) group(pathKey);
    if (key === null) continue;
    const plain = group(key);
    plain.calls++;
    plain.errors += row.failed ? 1 : 0;
    // A killed process has the time until its end, which is no latency.
    if (row.latencyNs === null || row.ret === null) continue;
    plain.totalNs += BigInt(row.latencyNs);
    plain.maxNs = Math.max(plain.maxNs, row.latencyNs);
    const bucket = bucketIndex(row.latencyNs);
    plain.latency.set(bucket, (plain.latency.get(bucket) ?? 0) + 1);
  }
  return groups;
}

function newPlain(): Plain {
  return { calls: 0, errors: 0, read: 0n, written: 0n, totalNs: 0n, maxNs: 0, latency: new Map() };
}

/** What can be added up of measures. */
export interface PlainSums extends Omit<Plain, "latency"> {
  /** Calls that returned. */
  returned: number;
}

/** The same of measures. */
export function sumsOf(
  { calls, errors, readBytes, writeBytes, returned, totalNs, maxNs }: Measures,
): PlainSums {
  return {
    calls,
    errors,
    read: BigInt(readBytes),
    written: BigInt(writeBytes),
    returned,
    totalNs: BigInt(totalNs),
    maxNs,
  };
}

/** All measures together. */
export function sumOfMeasures(rows: Iterable<Measures>): PlainSums {
  const sum = { calls: 0, errors: 0, read: 0n, written: 0n, returned: 0, totalNs: 0n, maxNs: 0 };
  for (const row of rows) {
    const one = sumsOf(row);
    sum.calls += one.calls;
    sum.errors += one.errors;
    sum.read += one.read;
    sum.written += one.written;
    sum.returned += one.returned;
    sum.totalNs += one.totalNs;
    sum.maxNs = Math.max(sum.maxNs, one.maxNs);
  }
  return sum;
}

/** What a plain count has in common with {@linkcode sumsOf}. */
export function plainSums({ latency, ...sums }: Plain): PlainSums {
  return { ...sums, returned: [...latency.values()].reduce((sum, count) => sum + count, 0) };
}

/** The quantiles of measures, and the same of a plain count: every latency is listed. */
export function quantilesOf({ p50Ns, p90Ns, p99Ns }: Measures): (number | null)[] {
  return [p50Ns, p90Ns, p99Ns];
}

/** @see quantilesOf */
export function plainQuantiles({ latency, maxNs }: Plain): (number | null)[] {
  const all = ordered(latency).flatMap(([bucket, count]) => Array<number>(count).fill(bucketMiddle(bucket)));
  if (all.length > 0) all[all.length - 1] = maxNs;
  return [0.5, 0.9, 0.99].map((q) => {
    const value = all[Math.ceil(q * all.length) - 1];
    return value === undefined ? null : Math.min(value, maxNs);
  });
}

/** All latencies of rows together, in rising order. */
export function latenciesOf(rows: Iterable<MeasuresWithLatency>): [number, number][] {
  const sum = new Map<number, number>();
  for (const { latency: { indexes, counts } } of rows) {
    indexes.forEach((bucket, i) => sum.set(bucket, (sum.get(bucket) ?? 0) + counts[i]));
  }
  return ordered(sum);
}

/** Buckets with their counts, in rising order. */
export function ordered(latency: ReadonlyMap<number, number>): [number, number][] {
  return [...latency].sort(([a], [b]) => a - b);
}

/** The directory a path is in, spelled out. */
export function plainDirectory(path: string): string {
  if (path.startsWith("/memfd:")) return "memfd:";
  if (path.startsWith("/")) return path.split("/").slice(0, -1).join("/") || "/";
  return path.includes(":") ? path.slice(0, path.indexOf(":") + 1) : "(relative)";
}

/** A directory and those it is in. */
export function plainAncestors(directory: string): string[] {
  if (!directory.startsWith("/")) return [directory];
  const parts = directory.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

/** The value a row has for a key, as text. */
export function plainValue(key: GroupKey, row: PlainRow, path: string | null): string {
  const process = `${row.pid}:${row.task.processStartNs}`;
  const values: Record<GroupKey, string> = {
    syscall: row.syscall,
    family: row.family,
    comm: row.comm,
    errno: `${row.errno}`,
    file: `${path}`,
    old_file: `${row.oldPath}`,
    dir: path === null ? "null" : plainDirectory(path),
    cgroup: `${row.task.cgroup ?? null}`,
    // The calls of these tests have none.
    stack: "null",
    process,
    // Threads are told apart by process; their start is not in the text of a group.
    thread: `${row.pid}:${row.tid}`,
  };
  return values[key];
}

/** The same of a group's value. */
export function valueText(value: GroupValue): string {
  if (value.key === "process") return `${value.pid}:${value.startedNs}`;
  if (value.key === "thread") return `${value.pid}:${value.tid}`;
  return `${value.name}`;
}
