import { NO_FILE, UNKNOWN_START_NS } from "../../runtime/event_batch.ts";
import { require } from "../parquet/damage.ts";
import type { CodedColumn } from "../parquet/read_column.ts";
import type { RowColumns } from "./row_columns.ts";
import type { SlotNames } from "./slot_names.ts";

/** Largest number that the codes of a thread are combined into: what a double holds exactly. */
const MOST_KEY = Number.MAX_SAFE_INTEGER;

/**
 * Slots of the tasks and files of some rows, found by their codes: names are looked up once per combination that
 * occurs, not once per row.
 */
export class RowSlots {
  readonly #rows: RowColumns;
  readonly #names: SlotNames;
  readonly #shiftNs: number;
  /** By code of a thread's number: the first code of the same number. */
  readonly #threads: Uint32Array;
  /** By that: the other codes it had last, as one number, and the slot that goes with them. */
  readonly #threadKeys: Float64Array;
  readonly #threadSlots: Uint32Array;
  /** True when the codes of a thread fit into one number. */
  readonly #keysFit: boolean;
  readonly #files: Uint32Array;
  readonly #oldFiles: Uint32Array;
  readonly #stacks: Uint32Array;
  readonly #flags: Uint32Array;

  /** `shiftNs` is added to the starts of processes. */
  constructor(rows: RowColumns, names: SlotNames, shiftNs: number) {
    this.#rows = rows;
    this.#names = names;
    this.#shiftNs = shiftNs;
    const { pid, tid, comm, uid, gid, cgroup, processStartNs } = rows;
    const first = new Map<number | null, number>();
    this.#threads = Uint32Array.from(tid.values, (value, code) => {
      if (!first.has(value)) first.set(value, code);
      return first.get(value)!;
    });
    this.#threadKeys = new Float64Array(tid.values.length).fill(NaN);
    this.#threadSlots = new Uint32Array(tid.values.length);
    const combinations = [pid, comm, uid, gid, cgroup, processStartNs]
      .reduce((product, { values }) => product * values.length, 1);
    this.#keysFit = combinations < MOST_KEY;
    this.#files = new Uint32Array(rows.path.values.length);
    this.#oldFiles = new Uint32Array(rows.oldPath.values.length);
    this.#stacks = new Uint32Array(rows.stack.values.length);
    this.#flags = new Uint32Array(rows.flags.values.length);
  }

  /** Forgets the slots: the names have started to assign them again. */
  forget(): void {
    this.#threadKeys.fill(NaN);
    this.#files.fill(0);
    this.#oldFiles.fill(0);
    this.#stacks.fill(0);
    this.#flags.fill(0);
  }

  /** Slot of a row's task. */
  task(row: number): number {
    const { pid, tid, comm, uid, gid, cgroup, processStartNs } = this.#rows;
    const thread = this.#threads[tid.codes[row]];
    const key = pid.codes[row] +
      pid.values.length *
        (comm.codes[row] +
          comm.values.length *
            (uid.codes[row] +
              uid.values.length *
                (gid.codes[row] +
                  gid.values.length *
                    (cgroup.codes[row] + cgroup.values.length * processStartNs.codes[row]))));
    if (this.#keysFit && this.#threadKeys[thread] === key) return this.#threadSlots[thread];
    const owner = gid.values[gid.codes[row]];
    const group = cgroup.values[cgroup.codes[row]];
    const slot = this.#names.task({
      pid: valueOf(pid, row, "process"),
      tid: valueOf(tid, row, "thread"),
      uid: valueOf(uid, row, "user"),
      ...(owner === null ? {} : { gid: owner }),
      comm: valueOf(comm, row, "thread name"),
      ...(group === null ? {} : { cgroup: group }),
      processStartNs: (processStartNs.values[processStartNs.codes[row]] ?? UNKNOWN_START_NS) + this.#shiftNs,
    });
    this.#threadKeys[thread] = key;
    this.#threadSlots[thread] = slot;
    return slot;
  }

  /** Slot of a row's file, which it must have. */
  file(row: number): number {
    return this.#file(row, this.#rows.path, this.#rows.pathRaw, this.#files);
  }

  /** Slot of a row's other file, which it must have. */
  oldFile(row: number): number {
    return this.#file(row, this.#rows.oldPath, this.#rows.oldPathRaw, this.#oldFiles);
  }

  /** Slot of the text of a row's stack, `NO_FILE` for none. */
  stack(row: number): number {
    return this.#text(row, this.#rows.stack, this.#stacks);
  }

  /** Slot of the text of a row's flags, `NO_FILE` for none. */
  flags(row: number): number {
    return this.#text(row, this.#rows.flags, this.#flags);
  }

  #text(row: number, { codes, values }: CodedColumn<string>, slots: Uint32Array): number {
    const code = codes[row];
    return code === 0 ? NO_FILE : slots[code] ||= this.#names.file(values[code]!, null);
  }

  #file(row: number, path: CodedColumn<string>, raw: CodedColumn<Uint8Array>, slots: Uint32Array): number {
    const code = path.codes[row];
    const rawCode = raw.codes[row];
    if (rawCode !== 0) return this.#names.file(path.values[code]!, raw.values[rawCode]);
    if (slots[code] === 0) slots[code] = this.#names.file(path.values[code]!, null);
    return slots[code];
  }
}

function valueOf<Value>({ codes, values }: CodedColumn<Value>, row: number, what: string): Value {
  const value = values[codes[row]];
  require(value !== null, () => `a row has no ${what}`);
  return value;
}
