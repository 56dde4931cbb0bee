/** Rows as users see them, built from batches: the place where slots become names and columns become fields. */
import { errnoName } from "../runtime/errno.ts";
import {
  type EventBatch,
  EventFlag,
  type FileName,
  hasFd,
  NO_FILE,
  type TaskName,
} from "../runtime/event_batch.ts";
import { exactInteger } from "../runtime/exact_integer.ts";
import { DID_NOT_RETURN, errnoOf, returnWords } from "../runtime/outcome.ts";
import { PathNames } from "../runtime/path_names.ts";
import type { StreamRow } from "../runtime/row.ts";
import { familyOf, syscallName } from "../runtime/syscalls/mod.ts";
import type { Arch } from "../runtime/syscalls/types.ts";
import { TaskNames } from "../runtime/task_names.ts";

/**
 * Builds rows of batches. Names stay from one batch to the next, so every batch must be applied, in order, even when
 * none of its rows is wanted.
 *
 * ```ts ignore
 * const rows = new RowBuilder("x86_64");
 * rows.apply(batch);
 * for (let i = 0; i < batch.length; i++) console.log(rows.row(i));
 * ```
 */
export class RowBuilder {
  readonly #arch: Arch;
  readonly #tasks = new TaskNames();
  readonly #files = new PathNames();
  #batch: EventBatch | null = null;
  #words: Int32Array = new Int32Array(0);

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(arch: Arch) {
    this.#arch = arch;
  }

  /** Takes the names of a batch; {@linkcode row} then reads its calls, until its columns are reused. */
  apply(batch: EventBatch): void {
    if (batch.length > batch.columns.nr.length) {
      throw new RangeError(
        `Cannot read a batch: its length is ${batch.length}, its columns hold ${batch.columns.nr.length} calls`,
      );
    }
    this.name(batch);
    this.#batch = batch;
    this.#words = returnWords(batch.columns);
  }

  /** Takes names alone. */
  name({ tasks, files }: Pick<EventBatch, "tasks" | "files">): void {
    for (const task of tasks) this.#tasks.set(task);
    for (const file of files) this.#files.set(file);
  }

  /** All names known so far. */
  get names(): Pick<EventBatch, "tasks" | "files"> {
    return { tasks: [...this.#tasks.all()], files: [...this.#files.all()] };
  }

  /** The task in a slot. Throws a `RangeError` when no batch has named it. */
  task(slot: number): TaskName {
    return named(this.#tasks.get(slot), "task", slot);
  }

  /** The file in a slot. Throws a `RangeError` when no batch has named it. */
  file(slot: number): FileName {
    return named(this.#files.get(slot), "file", slot);
  }

  /** The row of call `i` of the batch applied last. Throws a `RangeError` when there is no such call. */
  row(i: number): StreamRow {
    const batch = this.#batch;
    if (batch === null || !(i >= 0 && i < batch.length)) {
      throw new RangeError(`Cannot build a row: call ${i} of ${batch?.length ?? 0} calls`);
    }
    const { columns } = batch;
    const task = this.task(columns.task[i]);
    const file = this.#fileOrNull(columns.file[i]);
    const oldFile = this.#fileOrNull(columns.oldFile[i]);
    const flags = columns.flags[i];
    const returned = (flags & DID_NOT_RETURN) === 0;
    const timed = returned || (flags & EventFlag.KILLED) !== 0;
    const errno = errnoOf(this.#words, columns.flags, i);
    const nr = columns.nr[i];
    return {
      seq: batch.seqs?.[i] ?? batch.firstSeq + i,
      timeNs: columns.enterNs[i],
      pid: task.pid,
      tid: task.tid,
      comm: task.comm,
      uid: task.uid,
      syscall: syscallName(this.#arch, nr),
      family: familyOf(this.#arch, nr),
      fd: hasFd(columns, i) ? columns.fd[i] : null,
      path: file?.path ?? null,
      oldPath: oldFile?.path ?? null,
      pathRaw: file?.raw ?? null,
      oldPathRaw: oldFile?.raw ?? null,
      pathError: pathError(flags),
      ret: returned ? exactInteger(columns.ret[i]) : null,
      errno: errno === 0 ? null : errnoName(errno),
      failed: errno !== 0,
      bytes: numberOrNull(columns.bytes[i]),
      latencyNs: timed ? numberOrNull(columns.durationNs[i]) : null,
      gapNs: numberOrNull(columns.gapNs[i]),
      restarts: columns.restarts[i],
      epoch: batch.epoch,
      cgroup: task.cgroup ?? null,
      gid: task.gid ?? null,
      iowaitNs: numberOrNull(columns.extra?.iowaitNs[i] ?? NaN),
      blockedNs: numberOrNull(columns.extra?.blockedNs[i] ?? NaN),
      runqueueNs: numberOrNull(columns.extra?.runqueueNs[i] ?? NaN),
      fetchedBytes: numberOrNull(columns.extra?.fetchedBytes[i] ?? NaN),
      stack: this.#fileOrNull(columns.extra?.stack[i] ?? NO_FILE)?.path ?? null,
      offsetBytes: numberOrNull(columns.extra?.offsetBytes[i] ?? NaN),
      flags: this.#fileOrNull(columns.extra?.flags[i] ?? NO_FILE)?.path ?? null,
    };
  }

  #fileOrNull(slot: number): FileName | null {
    return slot === NO_FILE ? null : this.file(slot);
  }
}

function named<Name>(name: Name | undefined, what: string, slot: number): Name {
  if (name !== undefined) return name;
  throw new RangeError(`Cannot name a ${what}: slot ${slot} is in a row, and no batch has named it`);
}

function pathError(flags: number): StreamRow["pathError"] {
  if (flags & EventFlag.PATH_FAULT) return "fault";
  return flags & EventFlag.PATH_TRUNCATED ? "truncated" : null;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
