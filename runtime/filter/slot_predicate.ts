/** Conditions on calls in columns: names are tested once, when announced; calls are tested by the results of their slots. */
import {
  type Comparison,
  compileExpression,
  compileNumbers,
  compileTexts,
  type Expression,
  holdsForTexts,
  type NumberComparison,
  type TextComparison,
} from "../expression/mod.ts";
import { errnoName } from "../errno.ts";
import { type EventColumns, EventFlag, hasFd, NO_FILE, type TaskName } from "../event_batch.ts";
import { DID_NOT_RETURN, errnoOf, returnWords } from "../outcome.ts";
import { type Arch, familyOf, syscallName } from "../syscalls/mod.ts";

/** A call of a batch. */
interface Call {
  columns: EventColumns;
  /** Halves of the returned values, see {@linkcode returnWords}. */
  words: Int32Array;
  index: number;
}

type CallTest = (call: Call) => boolean;

/** A task's numbers by the fields of a condition, NaN for no value. */
const TASK_NUMBERS = {
  pid: ({ pid }: TaskName) => pid,
  tid: ({ tid }: TaskName) => tid,
  uid: ({ uid }: TaskName) => uid,
  gid: ({ gid }: TaskName) => gid ?? NaN,
} as const;

/** The numbers that columns hold, NaN for no value. */
const CALL_NUMBERS = {
  fd: ({ columns, index }: Call) => hasFd(columns, index) ? columns.fd[index] : NaN,
  latency: ({ columns, index }: Call) =>
    columns.flags[index] & EventFlag.NO_RETURN ? NaN : columns.durationNs[index],
  gap: ({ columns, index }: Call) => columns.gapNs[index],
  iowait: ({ columns, index }: Call) => columns.extra?.iowaitNs[index] ?? NaN,
  blocked: ({ columns, index }: Call) => columns.extra?.blockedNs[index] ?? NaN,
  runqueue: ({ columns, index }: Call) => columns.extra?.runqueueNs[index] ?? NaN,
  bytes: ({ columns, index }: Call) => columns.bytes[index],
  fetched: ({ columns, index }: Call) => columns.extra?.fetchedBytes[index] ?? NaN,
  offset: ({ columns, index }: Call) => columns.extra?.offsetBytes[index] ?? NaN,
  ret: (call: Call) => hasReturned(call) ? call.columns.ret[call.index] : NaN,
} as const;

/**
 * A condition on calls. Tasks and files are passed in as they are announced; a slot passed in again has its new name from
 * then on. The rules are those of `compileCondition`; a test compares the two.
 */
export class SlotPredicate {
  readonly #arch: Arch;
  readonly #tasks: SlotTests<TaskName>;
  readonly #files: SlotTests<string>;
  readonly #matches: CallTest;
  #call: Call | null = null;

  constructor(condition: Expression, arch: Arch) {
    this.#arch = arch;
    this.#tasks = new SlotTests();
    this.#files = new SlotTests();
    this.#matches = compileExpression(condition, (comparison) => this.#compile(comparison));
  }

  /** Takes the name of a task slot. */
  task(task: TaskName): void {
    this.#tasks.set(task.slot, task);
  }

  /** Takes the name of a file slot. */
  file(slot: number, path: string): void {
    this.#files.set(slot, path);
  }

  /** True when the condition holds for call `index` of the columns. */
  holds(columns: EventColumns, index: number): boolean {
    if (this.#call?.columns !== columns) this.#call = { columns, words: returnWords(columns), index };
    this.#call.index = index;
    return this.#matches(this.#call);
  }

  #compile(comparison: Comparison): CallTest {
    switch (comparison.kind) {
      case "failed":
        return (call) => errnoOfCall(call) !== 0;
      case "number":
        return this.#compileNumber(comparison);
      case "text":
        return this.#compileText(comparison);
    }
  }

  #compileNumber(comparison: NumberComparison): CallTest {
    const matches = compileNumbers(comparison);
    const { field } = comparison;
    if (field === "pid" || field === "tid" || field === "uid" || field === "gid") {
      const test = this.#tasks.add((task) => matches(TASK_NUMBERS[field](task)));
      return ({ columns, index }) => this.#tasks.passed(columns.task[index], test);
    }
    const valueOf = CALL_NUMBERS[field];
    return (call) => matches(valueOf(call));
  }

  #compileText(comparison: TextComparison): CallTest {
    const matches = compileTexts(comparison);
    switch (comparison.field) {
      case "comm": {
        const test = this.#tasks.add(({ comm }) => matches(comm));
        return ({ columns, index }) =>
          holdsForTexts(comparison, true, this.#tasks.passed(columns.task[index], test));
      }
      case "cgroup": {
        const has = this.#tasks.add(({ cgroup }) => cgroup !== undefined);
        const test = this.#tasks.add(({ cgroup }) => cgroup !== undefined && matches(cgroup));
        return ({ columns: { task }, index }) => {
          const slot = task[index];
          return holdsForTexts(comparison, this.#tasks.passed(slot, has), this.#tasks.passed(slot, test));
        };
      }
      case "path": {
        const test = this.#files.add(matches);
        return ({ columns: { file, oldFile }, index }) => {
          const one = file[index];
          const other = oldFile[index];
          const hasPath = one !== NO_FILE || other !== NO_FILE;
          return holdsForTexts(
            comparison,
            hasPath,
            hasPath && (this.#files.passed(one, test) || this.#files.passed(other, test)),
          );
        };
      }
      case "stack":
      case "flags": {
        const column = comparison.field;
        const test = this.#files.add(matches);
        return ({ columns: { extra }, index }) => {
          const slot = extra?.[column][index] ?? NO_FILE;
          const isKnown = slot !== NO_FILE;
          return holdsForTexts(comparison, isKnown, isKnown && this.#files.passed(slot, test));
        };
      }
      case "errno": {
        const ofError = remember((errno) => holdsForTexts(comparison, true, matches(errnoName(errno))));
        return (call) => {
          const errno = errnoOfCall(call);
          return errno !== 0 && ofError(errno);
        };
      }
      case "syscall":
      case "family": {
        const nameOf = comparison.field === "syscall" ? syscallName : familyOf;
        const ofCall = remember((nr) => holdsForTexts(comparison, true, matches(nameOf(this.#arch, nr))));
        return ({ columns, index }) => ofCall(columns.nr[index]);
      }
    }
  }
}

function hasReturned({ columns, index }: Call): boolean {
  return (columns.flags[index] & DID_NOT_RETURN) === 0;
}

function errnoOfCall({ columns, words, index }: Call): number {
  return errnoOf(words, columns.flags, index);
}

/** Caches a test of small numbers, of which few are different. */
function remember(test: (value: number) => boolean): (value: number) => boolean {
  const known = new Map<number, boolean>();
  return (value) => {
    let answer = known.get(value);
    if (answer === undefined) known.set(value, answer = test(value));
    return answer;
  };
}

/** Results of several tests of the name of each slot, one bit per test. */
class SlotTests<Name> {
  readonly #tests: ((name: Name) => boolean)[] = [];
  readonly #bits: Uint32Array[] = [];

  /** Adds a test and returns its number. */
  add(test: (name: Name) => boolean): number {
    return this.#tests.push(test) - 1;
  }

  /** Tests the new name of a slot. */
  set(slot: number, name: Name): void {
    for (let first = 0; first < this.#tests.length; first += 32) {
      let bits = 0;
      this.#tests.slice(first, first + 32).forEach((test, i) => bits |= test(name) ? 1 << i : 0);
      this.#words(first >>> 5, slot)[slot] = bits;
    }
  }

  /** True when the name of a slot passed the test; false for a slot without a name. */
  passed(slot: number, test: number): boolean {
    return ((this.#bits[test >>> 5]?.[slot] ?? 0) & (1 << (test & 31))) !== 0;
  }

  /** The results of 32 tests, grown to include the slot. */
  #words(index: number, slot: number): Uint32Array {
    const words = this.#bits[index] ?? new Uint32Array(0);
    if (slot < words.length) return words;
    const longer = new Uint32Array(Math.max(slot + 1, words.length * 2, 1024));
    longer.set(words);
    return this.#bits[index] = longer;
  }
}
