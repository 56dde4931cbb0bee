/** Calls of batches as lines, straight from their columns: a row of objects and strings for each costs several times as much. */
import { RowBuilder } from "../../engine/event_rows.ts";
import {
  createColumns,
  type EventBatch,
  type EventColumns,
  EventFlag,
  type ExtraColumn,
  hasFd,
  NO_FILE,
} from "../../runtime/event_batch.ts";
import { exactInteger } from "../../runtime/exact_integer.ts";
import { DID_NOT_RETURN, errnoOf, returnWords } from "../../runtime/outcome.ts";
import type { RowFieldName } from "../../runtime/row_fields.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { ByteText } from "./byte_text.ts";
import type { CallWriter } from "./call_writer.ts";
import type { RowClock } from "./clock.ts";
import { KeptTexts } from "./kept_texts.ts";
import { type LineField, type RowLine, writeField } from "./row_line.ts";

/**
 * What a field is read from:
 *
 * - `slot`: all that a number in a column tells has been written before, and is kept by the number.
 * - `outcome`, `path_error`: the same for numbers that are made of several columns.
 * - `number`: a column of numbers, NaN for none.
 * - The others have a way of their own.
 */
type Source =
  | { kind: "slot"; column: "task" | "nr" | "file" | "oldFile" | "stack" | "flags" }
  | { kind: "number"; column: "bytes" | "gapNs" | ExtraColumn | "offsetBytes" }
  | { kind: "outcome" | "path_error" | "seq" | "time" | "time_ns" | "fd" | "ret" | "latency_ns" }
  | { kind: "restarts" | "epoch" };

/** The source of each field. */
const SOURCES: Readonly<Record<RowFieldName, Source>> = {
  seq: { kind: "seq" },
  time: { kind: "time" },
  time_ns: { kind: "time_ns" },
  pid: { kind: "slot", column: "task" },
  tid: { kind: "slot", column: "task" },
  comm: { kind: "slot", column: "task" },
  uid: { kind: "slot", column: "task" },
  syscall: { kind: "slot", column: "nr" },
  family: { kind: "slot", column: "nr" },
  fd: { kind: "fd" },
  path: { kind: "slot", column: "file" },
  old_path: { kind: "slot", column: "oldFile" },
  path_raw: { kind: "slot", column: "file" },
  old_path_raw: { kind: "slot", column: "oldFile" },
  path_error: { kind: "path_error" },
  ret: { kind: "ret" },
  errno: { kind: "outcome" },
  failed: { kind: "outcome" },
  bytes: { kind: "number", column: "bytes" },
  latency_ns: { kind: "latency_ns" },
  gap_ns: { kind: "number", column: "gapNs" },
  restarts: { kind: "restarts" },
  epoch: { kind: "epoch" },
  cgroup: { kind: "slot", column: "task" },
  gid: { kind: "slot", column: "task" },
  iowait_ns: { kind: "number", column: "iowaitNs" },
  blocked_ns: { kind: "number", column: "blockedNs" },
  runqueue_ns: { kind: "number", column: "runqueueNs" },
  fetched_bytes: { kind: "number", column: "fetchedBytes" },
  stack: { kind: "slot", column: "stack" },
  offset_bytes: { kind: "number", column: "offsetBytes" },
  flags: { kind: "slot", column: "flags" },
};

const PATH_ERRORS = EventFlag.PATH_FAULT | EventFlag.PATH_TRUNCATED;

/** A part of a line: a field, or neighbours that are kept together. */
class Part {
  readonly source: Source;
  readonly fields: LineField[];
  readonly before;
  readonly after;
  readonly absent;
  readonly kept = new KeptTexts();
  /** The column that it reads in the batch, `null` where the batch has none. */
  slots: Uint32Array | Int32Array | null = null;
  numbers: Float64Array | null = null;

  constructor(source: Source, field: LineField) {
    this.source = source;
    this.fields = [field];
    ({ before: this.before, after: this.after, absent: this.absent } = field);
  }

  /** Finds its column in a batch, and forgets what has another name now. */
  apply({ columns, tasks, files }: EventBatch): void {
    const { source, kept } = this;
    if (source.kind === "number") {
      const { column } = source;
      this.numbers = column === "bytes" || column === "gapNs"
        ? columns[column]
        : columns.extra?.[column] ?? null;
    } else if (source.kind === "slot") {
      const { column } = source;
      this.slots = column === "stack" || column === "flags"
        ? columns.extra?.[column] ?? null
        : columns[column];
      if (column !== "nr") { for (const { slot } of column === "task" ? tasks : files) kept.forget(slot); }
    }
  }
}

/**
 * Writes the lines of a format that has one for each row: the same bytes as {@linkcode writeLine} writes for the rows. Texts
 * are made once for each name, by the rows themselves, and kept.
 */
export class CallLines implements CallWriter {
  readonly #rows: RowBuilder;
  readonly #clock: RowClock;
  readonly #line: RowLine;
  readonly #parts: Part[];
  #batch: EventBatch;
  #columns: EventColumns = createColumns(1);
  #words: Int32Array = returnWords(this.#columns);

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(arch: Arch, clock: RowClock, line: RowLine) {
    this.#rows = new RowBuilder(arch);
    this.#clock = clock;
    this.#line = line;
    this.#parts = partsOf(line.fields);
    this.#batch = { length: 0, firstSeq: 1, epoch: 0, columns: this.#columns, tasks: [], files: [] };
  }

  /** @inheritdoc */
  get names(): Pick<EventBatch, "tasks" | "files"> {
    return this.#rows.names;
  }

  /** @inheritdoc */
  apply(batch: EventBatch): void {
    this.#rows.apply(batch);
    for (const part of this.#parts) part.apply(batch);
    this.#batch = batch;
    this.#columns = batch.columns;
    this.#words = returnWords(batch.columns);
  }

  /** @inheritdoc */
  write(i: number, out: ByteText): void {
    out.piece(this.#line.begin);
    const parts = this.#parts;
    for (let k = 0; k < parts.length; k++) this.#writePart(parts[k], i, out);
    out.piece(this.#line.end);
  }

  #writePart(part: Part, i: number, out: ByteText): void {
    const columns = this.#columns;
    switch (part.source.kind) {
      case "slot":
        return this.#writeKept(part, part.slots === null ? NO_FILE : part.slots[i], i, out);
      case "number":
        if (part.numbers === null || Number.isNaN(part.numbers[i])) return out.piece(part.absent);
        out.piece(part.before);
        return out.integerAt(part.numbers, i);
      case "outcome":
        return this.#writeKept(part, errnoOf(this.#words, columns.flags, i), i, out);
      case "path_error":
        return this.#writeKept(part, columns.flags[i] & PATH_ERRORS, i, out);
      case "seq":
        out.piece(part.before);
        return out.integer(this.#batch.seqs?.[i] ?? this.#batch.firstSeq + i);
      case "time":
        out.piece(part.before);
        this.#clock.writeAt(columns.enterNs, i, out);
        return out.piece(part.after);
      case "time_ns":
        out.piece(part.before);
        return out.integerAt(columns.enterNs, i);
      case "fd":
        if (!hasFd(columns, i)) return out.piece(part.absent);
        out.piece(part.before);
        return out.integer(columns.fd[i]);
      case "ret":
        if ((columns.flags[i] & DID_NOT_RETURN) !== 0) return out.piece(part.absent);
        out.piece(part.before);
        return this.#writeReturned(i, out);
      case "latency_ns":
        if (!hasLatency(columns, i)) return out.piece(part.absent);
        out.piece(part.before);
        return out.integerAt(columns.durationNs, i);
      case "restarts":
        out.piece(part.before);
        return out.integer(columns.restarts[i]);
      case "epoch":
        out.piece(part.before);
        return out.integer(this.#batch.epoch);
    }
  }

  #writeKept(part: Part, key: number, i: number, out: ByteText): void {
    if (!part.kept.write(key, out)) this.#keep(part, key, i, out);
  }

  /** Makes what is kept. Not a part of the above: what a function makes for another one inside is made at each call. */
  #keep({ kept, fields }: Part, key: number, i: number, out: ByteText): void {
    const row = this.#rows.row(i);
    kept.keep(key, (text) => {
      for (const field of fields) writeField(field, row, text);
    }, out);
  }

  /** Appends the value returned: nearly always one of 32 bits, and then without a bigint. */
  #writeReturned(i: number, out: ByteText): void {
    const low = this.#words[2 * i];
    const high = this.#words[2 * i + 1];
    out.integer(high === low >> 31 ? low : exactInteger(this.#columns.ret[i]));
  }
}

function hasLatency({ flags, durationNs }: EventColumns, i: number): boolean {
  const isTimed = (flags[i] & DID_NOT_RETURN) === 0 || (flags[i] & EventFlag.KILLED) !== 0;
  return isTimed && !Number.isNaN(durationNs[i]);
}

/** The parts of a line: neighbours that are kept by the same number together. */
function partsOf(fields: readonly LineField[]): Part[] {
  const parts: Part[] = [];
  for (const field of fields) {
    const source = SOURCES[field.name as RowFieldName];
    const last = parts.at(-1);
    if (last !== undefined && isKeptWith(source, last.source)) last.fields.push(field);
    else parts.push(new Part(source, field));
  }
  return parts;
}

function isKeptWith(a: Source, b: Source): boolean {
  if (a.kind === "slot" && b.kind === "slot") return a.column === b.column;
  return a.kind === "outcome" && b.kind === "outcome";
}
