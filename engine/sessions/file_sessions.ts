import { type EventBatch, hasFd, isStartKnown, NO_FILE, type TaskName } from "../../runtime/event_batch.ts";
import { errnoName } from "../../runtime/errno.ts";
import type { SessionsResult } from "../../runtime/file_sessions.ts";
import { compileCalls, compileScope, type Filter, SlotPredicate } from "../../runtime/filter/mod.ts";
import { errnoOf, returnWords } from "../../runtime/outcome.ts";
import { PathNames } from "../../runtime/path_names.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import { waitingOf } from "../../runtime/waiting.ts";
import type { BatchReader } from "../batch_consumer.ts";
import { type CountedCall, DELETED, Description, fileText } from "./description.ts";
import { Process } from "./process.ts";
import { Renames } from "./renames.ts";
import { type SessionCall, sessionCall } from "./session_calls.ts";

/** Limits on memory. */
export interface SessionLimits {
  /** Sessions that are over. */
  finished: number;
  /** Open file descriptions. */
  open: number;
  /** Forks whose child was not seen yet, threads whose fork was not, and processes that ended last. */
  forks: number;
  /** Processes that have not been seen to end. */
  processes: number;
}

/** The limits of the program. A session takes a kilobyte; twice as many that are over are kept until the least are left out. */
export const SESSION_LIMITS: SessionLimits = {
  finished: 20_000,
  open: 40_000,
  forks: 1024,
  processes: 65_536,
};

/** Maximum number of calls that are remembered: more than there are, and a program may call any of 2^32 numbers. */
const MOST_CALLS = 1024;

/** Sessions that may be joined by a rename that returns soon. */
const MOST_SPLITS = 64;

/** The descriptors that programs are started with; what `fcntl` makes comes after them. */
const STANDARD_STREAMS = 3;

/** A fork whose child has not been seen: what it has inherited, if it is no thread. */
interface Fork {
  parent: Process;
  enterNs: number;
  endNs: number;
  descriptors: ReadonlyMap<number, Description>;
  guesses: ReadonlyMap<number, Description>;
}

/** A part of a session, if a rename explains it: a call found the descriptor to be of another file than before. */
interface Split {
  before: Description;
  part: Description;
  enterNs: number;
}

/** A process and the name of one of its threads. */
interface Task {
  process: Process;
  name: TaskName;
}

/**
 * Follows open file descriptions through the calls that make, duplicate, inherit and close their descriptors. What such calls
 * do not tell is inferred where only one thing fits, and left open where not.
 */
export class FileSessions implements BatchReader {
  readonly keepsColumns = false;
  readonly canIngest = true;
  readonly #arch: Arch;
  readonly #limits: SessionLimits;
  readonly #isOfScope: (pid: number, tid: number) => boolean;
  readonly #isSelectedCall: (name: string) => boolean;
  readonly #where: SlotPredicate | null;
  readonly #calls = new Map<number, SessionCall>();
  readonly #tasks: (Task | undefined)[] = [];
  readonly #paths = new PathNames();
  readonly #renames = new Renames();
  /** The last ones. */
  readonly #splits: Split[] = [];
  readonly #processes = new Map<number, Process>();
  readonly #forks = new Map<number, Fork>();
  /** Processes that ended last: their parent may not be known yet, and calls of their other threads return after the exit. */
  readonly #endedLast = new Map<number, Process>();
  /** Processes of threads that were seen before the call that has made them. */
  readonly #earlyThreads = new Map<number, Process>();
  readonly #open = new Set<Description>();
  #finished = new Set<Description>();
  #folded = 0;
  #seesProcesses = false;

  /** `selection` says which sessions are shown: those with a call that it selects. */
  constructor(arch: Arch, selection: Filter, limits: SessionLimits = SESSION_LIMITS) {
    this.#arch = arch;
    this.#limits = limits;
    this.#isOfScope = compileScope(selection);
    this.#isSelectedCall = compileCalls(selection);
    this.#where = selection.where && new SlotPredicate(selection.where, arch);
  }

  /** There is always room. */
  room(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes calls, in the order of their ends. */
  ingest(batch: EventBatch): void {
    const { columns, tasks, files } = batch;
    for (const name of tasks) {
      const process = this.#processOf(name);
      this.#named(name, process);
      this.#tasks[name.slot] = { process, name };
      this.#where?.task(name);
    }
    for (const name of files) {
      this.#paths.set(name);
      this.#where?.file(name.slot, name.path);
    }
    const words = returnWords(columns);
    for (let i = 0; i < batch.length; i++) {
      const task = this.#taskOf(columns.task[i]);
      const call = this.#callOf(columns.nr[i]);
      const errno = errnoOf(words, columns.flags, i);
      this.#take({
        task,
        call,
        fd: hasFd(columns, i) ? columns.fd[i] : -1,
        file: this.#fileOf(columns.file[i]),
        oldFile: this.#fileOf(columns.oldFile[i]),
        ret: errno === 0 ? Number(columns.ret[i]) : -errno,
        errno,
        bytes: columns.bytes[i] || 0,
        fetchedBytes: columns.extra?.fetchedBytes[i] ?? NaN,
        offset: columns.extra?.offsetBytes[i] ?? NaN,
        flags: columns.extra?.flags[i] ?? NO_FILE,
        stack: columns.extra?.stack[i] ?? NO_FILE,
        enterNs: columns.enterNs[i],
        durationNs: columns.durationNs[i] || 0,
        isSelected: this.#isOfScope(task.name.pid, task.name.tid) && this.#isSelectedCall(call.name) &&
          (this.#where?.holds(columns, i) ?? true),
      });
    }
  }

  /** The sessions so far, of files: pipes, sockets and the like are followed, but are no files. */
  result(): SessionsResult {
    const sure = new Set<Description>();
    for (const { descriptors } of this.#processes.values()) {
      for (const { description, isUnsure } of descriptors.values()) {
        if (!isUnsure) sure.add(description.whole);
      }
    }
    const sessions = [...this.#finished, ...this.#open].filter(isShown)
      .map((description) => description.session(!sure.has(description)));
    return { sessions, folded: this.#folded, seesProcesses: this.#seesProcesses };
  }

  #take(row: Row): void {
    const { call, task: { process }, errno, ret, fd, enterNs, durationNs } = row;
    const endNs = enterNs + durationNs;
    switch (call.role) {
      case "open":
        if (errno === 0 && fd >= 0 && row.file !== null) this.#opened(row, endNs);
        return;
      case "close": {
        this.#use(row);
        if (errno === 0 || errnoName(errno) !== "EBADF") this.#forget(process, fd, endNs);
        process.touch(fd);
        return;
      }
      case "dup": {
        const description = this.#use(row);
        if (description !== null && errno === 0 && ret !== fd) this.#refer(process, ret, description, endNs);
        return;
      }
      case "fcntl": {
        const description = this.#use(row);
        // Small results are flags more often than descriptors.
        if (description !== null && errno === 0 && ret >= STANDARD_STREAMS) {
          process.guesses.set(ret, description);
        }
        return;
      }
      case "close_all":
        if (errno === 0) process.loseTrack();
        return;
      case "fork":
        this.#seesProcesses = true;
        if (errno === 0 && ret > 0) this.#forked(process, ret, enterNs, endNs);
        return;
      case "exec":
        this.#seesProcesses = true;
        if (errno === 0) {
          process.hasExecuted = true;
          process.loseTrack();
        }
        return;
      case "exit":
        this.#seesProcesses = true;
        this.#ended(process, endNs);
        return;
      case "exit_thread":
        this.#seesProcesses = true;
        // A child that has not been seen may be a thread.
        if (
          process.end(row.task.name.tid) && !this.#forks.values().some(({ parent }) => parent === process)
        ) {
          this.#ended(process, endNs);
        }
        return;
      case "rename":
        if (errno === 0 && row.oldFile !== null && row.file !== null) {
          this.#renamed(row.oldFile, row.file, enterNs);
        }
        return;
      case "use":
        this.#use(row);
    }
  }

  /** A call has made a descriptor. One of the same number has been closed unseen. */
  #opened(row: Row, endNs: number): void {
    const { call, task, fd, file, enterNs } = row;
    if (this.#open.size >= this.#limits.open) {
      this.#folded++;
      this.#forget(task.process, fd, endNs);
      return;
    }
    const { pid, comm } = task.name;
    const opening = {
      pid,
      comm,
      by: call.name,
      ns: enterNs,
      flags: call.openFlags ?? this.#textOf(row.flags),
      stack: this.#textOf(row.stack),
    };
    const description = new Description(file!, opening);
    this.#open.add(description);
    description.count(row, pid);
    description.isSelected = row.isSelected;
    this.#refer(task.process, fd, description, endNs);
  }

  /** Counts a call on the description of its descriptor; `null` when that cannot be known. */
  #use(row: Row): Description | null {
    const { task, call, fd, errno } = row;
    if (fd < 0) return null;
    const file = call.ownPath === null ? null : call.ownPath === "path" ? row.file : row.oldFile;
    // With a file it is open, and the call refused for what it was opened for.
    if (file === null && errno !== 0 && errnoName(errno) === "EBADF") return null;
    const description = this.#descriptionOf(task, fd, file, row.enterNs);
    if (description === null) return null;
    if (file !== null) description.lastFile = file;
    description.count(row, task.name.pid);
    description.isSelected ||= row.isSelected;
    if (call.copiesFrom !== null && errno === 0) this.#countCopy(row, description, call.copiesFrom);
    return description;
  }

  /** Bytes of a copy: read from one file and written to the other, whose descriptor is found by its name. */
  #countCopy(row: Row, own: Description, isSource: boolean): void {
    const { task: { process }, file, oldFile, bytes, fetchedBytes } = row;
    own.copy(bytes, isSource);
    const otherFile = isSource ? file : oldFile;
    if (otherFile === null) return;
    // A copy within a file may be one within a description.
    const others = new Set(
      [...process.descriptors.values()].map(({ description }) => description.whole)
        .filter((description) => this.#mayBe(description, otherFile) && description.mayCopy(!isSource)),
    );
    if (others.size !== 1) return;
    const [other] = others;
    other.copy(bytes, !isSource);
    if (!isSource) other.fetch(fetchedBytes, bytes);
  }

  /**
   * What a descriptor is of as a call enters. Where that is another file than it was, and no rename is known, the one before may
   * have been closed unseen.
   */
  #descriptionOf(task: Task, fd: number, file: string | null, enterNs: number): Description | null {
    const { process } = task;
    const known = process.descriptors.get(fd);
    if (known !== undefined && (file === null || this.#mayBe(known.description.whole, file))) {
      known.isUnsure = false;
      return known.description.whole;
    }
    if (file === null) return null;
    if (known !== undefined) known.description.whole.lostDescriptors++;
    const guess = process.guesses.get(fd);
    if (guess !== undefined && this.#mayBe(guess.whole, file)) {
      this.#refer(process, fd, guess.whole, enterNs);
      return guess.whole;
    }
    if (this.#open.size >= this.#limits.open) return null;
    const { pid, comm } = task.name;
    const description = new Description(file, { pid, comm, by: null, ns: null, flags: null, stack: null });
    this.#open.add(description);
    if (known === undefined) process.inherited?.set(fd, description);
    else {
      this.#splits.push({ before: known.description, part: description, enterNs });
      if (this.#splits.length > MOST_SPLITS) this.#splits.shift();
    }
    this.#refer(process, fd, description, enterNs);
    return description;
  }

  /** A file or a directory has got another name, under which calls may have returned before this one. */
  #renamed(oldPath: string, newPath: string, enterNs: number): void {
    this.#renames.add(oldPath, newPath);
    for (const { before: { whole }, part, enterNs: splitNs } of this.#splits) {
      const isOfThis = part.file.startsWith(newPath) || part.file.startsWith(oldPath);
      if (!isOfThis || splitNs < enterNs || part.whole !== part || !this.#mayBe(whole, part.file)) continue;
      whole.lostDescriptors--;
      this.#join(part, whole);
    }
  }

  /** Whether a descriptor of this file may be of the description: the file may have been deleted or renamed since. */
  #mayBe(description: Description, file: string): boolean {
    if (description.isNamed(file)) return true;
    const path = file.endsWith(DELETED) ? file.slice(0, -DELETED.length) : file;
    return this.#renames.namesOf(path).values().some((name) => description.isNamed(name));
  }

  /** A descriptor refers to a description from now on, and no longer to another. */
  #refer(process: Process, fd: number, description: Description, timeNs: number, isUnsure = false): void {
    description.descriptors++; // first, as it may be the same
    this.#forget(process, fd, timeNs);
    process.descriptors.set(fd, { description, isUnsure });
    process.guesses.delete(fd);
    process.touch(fd);
    this.#reopen(description);
    if (process.hasEnded) this.#release(description, timeNs);
  }

  /** A description that seemed to be closed is open. */
  #reopen(description: Description): void {
    if (description.closedNs === null) return;
    description.closedNs = null;
    this.#finished.delete(description);
    this.#open.add(description);
  }

  /** A descriptor is closed. */
  #forget(process: Process, fd: number, timeNs: number): void {
    const descriptor = process.descriptors.get(fd);
    process.guesses.delete(fd);
    if (descriptor === undefined) return;
    process.descriptors.delete(fd);
    if (!process.hasEnded) this.#release(descriptor.description.whole, timeNs);
  }

  /** One descriptor fewer refers to a description: the last one closes it. */
  #release(description: Description, timeNs: number): void {
    if (--description.descriptors > 0) return;
    description.closedNs = timeNs;
    this.#open.delete(description);
    this.#finished.add(description);
    if (this.#finished.size >= 2 * this.#limits.finished) this.#foldFinished();
  }

  /** Closes all descriptors of a process; which they were is kept for calls that return later. */
  #ended(process: Process, timeNs: number): void {
    if (process.hasEnded) return;
    for (const { description } of process.descriptors.values()) this.#release(description.whole, timeNs);
    process.hasEnded = true;
    if (this.#processes.get(process.pid) === process) this.#processes.delete(process.pid);
    const [first] = this.#endedLast.values();
    if (this.#endedLast.size >= this.#limits.forks) first.descriptors.clear();
    setBounded(this.#endedLast, process.pid, process, this.#limits.forks);
  }

  /** A process has got a child with all of its descriptors; or a thread, which has none of its own. */
  #forked(parent: Process, childPid: number, enterNs: number, endNs: number): void {
    if (this.#earlyThreads.get(childPid) === parent) {
      this.#earlyThreads.delete(childPid);
      return;
    }
    const descriptors = new Map(
      [...parent.descriptors].map(([fd, { description }]) => [fd, description]),
    );
    const fork = { parent, enterNs, endNs, descriptors, guesses: new Map(parent.guesses) };
    const child = this.#processes.get(childPid) ?? this.#endedLast.get(childPid);
    if (child !== undefined && child !== parent && hasMade(fork, child)) return this.#inherit(child, fork);
    setBounded(this.#forks, childPid, fork, this.#limits.forks);
  }

  /** Gives a process what it has inherited: what it did with it before its parent was known was done with this. */
  #inherit(child: Process, { descriptors, guesses }: Fork): void {
    const seen = child.inherited ?? new Map<number, Description>();
    for (const [fd, description] of guesses) {
      const part = seen.get(fd);
      if (part !== undefined && this.#mayBe(description.whole, part.file)) {
        this.#join(part, description.whole);
      } else if (!child.mayHaveTouched(fd)) child.guesses.set(fd, description);
    }
    for (const [fd, description] of descriptors) {
      const part = seen.get(fd);
      if (part !== undefined && this.#mayBe(description.whole, part.file)) {
        this.#join(part, description.whole);
      } else if (!child.hasEnded && !child.mayHaveTouched(fd)) {
        this.#refer(child, fd, description.whole, 0, child.hasExecuted);
      }
    }
    child.inherited = null;
  }

  /** What seemed to be a description is a part of another. */
  #join(part: Description, description: Description): void {
    if (part.whole === description) return;
    description.fold(part);
    this.#open.delete(part);
    this.#finished.delete(part);
    if (description.descriptors > 0) this.#reopen(description);
  }

  #textOf(slot: number): string | null {
    return slot === NO_FILE ? null : this.#paths.get(slot)!.path;
  }

  #fileOf(slot: number): string | null {
    return slot === NO_FILE ? null : fileText(this.#paths.get(slot)!);
  }

  #taskOf(slot: number): Task {
    const task = this.#tasks[slot];
    if (task === undefined) throw new RangeError(`Cannot follow a call: no batch has named task ${slot}`);
    return task;
  }

  /** The process of a task; another start means that the one before it has ended. */
  #processOf({ pid, processStartNs }: TaskName): Process {
    const known = this.#processes.get(pid);
    if (known?.startNs === processStartNs) {
      // Behind those that are named no more.
      this.#processes.delete(pid);
      this.#processes.set(pid, known);
      return known;
    }
    if (known !== undefined) this.#ended(known, processStartNs);
    const ended = this.#endedLast.get(pid);
    if (ended?.startNs === processStartNs && isStartKnown(processStartNs)) return ended;
    const process = new Process(pid, processStartNs);
    // Where ends are not seen each process would stay; whether what it has is open is not known from here on.
    setBounded(this.#processes, pid, process, this.#limits.processes);
    const fork = this.#forks.get(pid);
    // Where starts are not known, as in NDJSON, the number has to do.
    if (fork !== undefined && (hasMade(fork, process) || !isStartKnown(processStartNs))) {
      this.#inherit(process, fork);
    }
    this.#forks.delete(pid);
    return process;
  }

  /** A thread is named: if not for the first time, it has got another name. */
  #named({ pid, tid }: TaskName, process: Process): void {
    if (!process.begin(tid) || tid === pid) return;
    // It is no process that has inherited anything.
    if (!this.#forks.delete(tid)) setBounded(this.#earlyThreads, tid, process, this.#limits.forks);
  }

  #callOf(nr: number): SessionCall {
    let call = this.#calls.get(nr);
    if (call === undefined) {
      if (this.#calls.size >= MOST_CALLS) this.#calls.clear();
      this.#calls.set(nr, call = sessionCall(this.#arch, nr));
    }
    return call;
  }

  /** Keeps the sessions with the most time. */
  #foldFinished(): void {
    const kept = [...this.#finished].filter(isShown).sort((a, b) => b.totalNs - a.totalNs);
    this.#folded += Math.max(0, kept.length - this.#limits.finished);
    this.#finished = new Set(kept.slice(0, this.#limits.finished));
  }
}

/** One call. */
interface Row extends CountedCall {
  task: Task;
  /** -1 for none. */
  fd: number;
  /** Its files, see {@linkcode fileText}. */
  file: string | null;
  oldFile: string | null;
  errno: number;
  enterNs: number;
  /** Slots of the texts of its stack and of the flags that it opens with. */
  stack: number;
  flags: number;
  isSelected: boolean;
}

/** Whether a process has begun during a fork: another one of its number has not. */
function hasMade({ enterNs, endNs }: Fork, { startNs }: Process): boolean {
  return startNs >= enterNs && startNs <= endNs;
}

/** Adds to a map; the entry that was added first goes when it is full. */
function setBounded<Value>(map: Map<number, Value>, key: number, value: Value, limit: number): void {
  if (map.size >= limit) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** Only files: what has no place in a file system, as the descriptors of BPF and KVM, is none. */
function isShown({ isSelected, file }: Description): boolean {
  return isSelected && waitingOf(file) === null && !file.startsWith("anon_inode:");
}
