/** Batches for tests: written as lists of calls, and at random from a seed. */
import {
  createColumns,
  type EventBatch,
  EXTRA_COLUMNS,
  type FileName,
  NO_FD,
  NO_FILE,
  type TaskName,
} from "../../runtime/event_batch.ts";

/** One call of a batch; what is left out has the value of a plain successful call. */
export interface Call {
  nr: number;
  enterNs?: number;
  /** NaN for a call that never returns. */
  durationNs?: number;
  gapNs?: number;
  ret?: bigint;
  /** NaN for none. */
  bytes?: number;
  task?: number;
  file?: number;
  oldFile?: number;
  fd?: number;
  restarts?: number;
  flags?: number;
  /** What else is known of it; where one call of a batch has some, the others have none of it. */
  extra?: Partial<Record<typeof EXTRA_COLUMNS[number] | "offsetBytes" | "flags" | "stack", number>>;
}

/** A batch of calls. */
export function batchOf(
  calls: readonly Call[],
  names: { tasks?: TaskName[]; files?: FileName[]; firstSeq?: number; epoch?: number } = {},
): EventBatch {
  const hasExtra = calls.some(({ extra }) => extra !== undefined);
  const columns = createColumns(Math.max(1, calls.length), hasExtra);
  for (const [i, call] of calls.entries()) {
    columns.nr[i] = call.nr;
    columns.enterNs[i] = call.enterNs ?? 1000 * i;
    columns.durationNs[i] = call.durationNs ?? 100;
    columns.gapNs[i] = call.gapNs ?? NaN;
    columns.ret[i] = call.ret ?? 0n;
    columns.bytes[i] = call.bytes ?? NaN;
    columns.task[i] = call.task ?? 1;
    columns.file[i] = call.file ?? NO_FILE;
    columns.oldFile[i] = call.oldFile ?? NO_FILE;
    columns.fd[i] = call.fd ?? NO_FD;
    columns.restarts[i] = call.restarts ?? 0;
    columns.flags[i] = call.flags ?? 0;
    if (columns.extra === undefined) continue;
    for (const name of EXTRA_COLUMNS) columns.extra[name][i] = call.extra?.[name] ?? NaN;
    columns.extra.offsetBytes[i] = call.extra?.offsetBytes ?? NaN;
    columns.extra.flags[i] = call.extra?.flags ?? NO_FILE;
    columns.extra.stack[i] = call.extra?.stack ?? NO_FILE;
  }
  return {
    length: calls.length,
    firstSeq: names.firstSeq ?? 1,
    epoch: names.epoch ?? 0,
    columns,
    tasks: names.tasks ?? [],
    files: names.files ?? [],
  };
}

/** A task's name: the leading thread of process `pid`, unless told otherwise. */
export function taskName(slot: number, pid: number, options: Partial<TaskName> = {}): TaskName {
  return { slot, pid, tid: pid, uid: 1000, comm: `task${pid}`, processStartNs: -5_000, ...options };
}

/** Numbers from 0 up to 1, the same for the same seed (a linear congruential generator of 48 bits, as drand48). */
export function random(seed: number): () => number {
  let state = (BigInt(seed) << 16n) + 0x330en;
  return () => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffff_ffff_ffffn;
    return Number(state >> 16n) / 2 ** 32;
  };
}

/**
 * A seed for one test run, printed so that a failure can be repeated: `IOR_SEED` has it, or it is fresh. `tests/run` gives that of the
 * commit.
 */
export function testSeed(): number {
  const given = Deno.env.get("IOR_SEED");
  const seed = given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] : Number(given);
  console.log(`IOR_SEED=${seed}`);
  return seed;
}
