import type { Description } from "./description.ts";

/** Descriptors that are remembered as touched: as many as a process may have, unless it asks for more. */
const MOST_TOUCHED = 1024;

/** Threads of a process that are followed: of a program with more it is not known which is the last one. */
const MOST_THREADS = 4096;

/** A descriptor of a process. */
export interface Descriptor {
  description: Description;
  /** True when it may have been closed unseen: by an exec, or by the close of a range. */
  isUnsure: boolean;
}

/** The descriptors of a process, as far as its calls have shown them. */
export class Process {
  readonly pid: number;
  /** Start of the process, nanoseconds since the trace began. */
  readonly startNs: number;
  readonly descriptors = new Map<number, Descriptor>();
  /** What `fcntl` has returned that may be a new descriptor of this description. */
  readonly guesses = new Map<number, Description>();
  /** Descriptors that it had from the start, as it seemed, before its parent was known; `null` once that is known. */
  inherited: Map<number, Description> | null = new Map();
  readonly #touched = new Set<number>();
  /** Threads that have not ended; the first one also when none of its calls was seen. */
  readonly #threads: Set<number>;
  #hadMoreThreads = false;
  /** It has run another program. */
  hasExecuted = false;
  /** It is over. */
  hasEnded = false;

  constructor(pid: number, startNs: number) {
    this.pid = pid;
    this.startNs = startNs;
    this.#threads = new Set([pid]);
  }

  /** Notes a thread that runs; false when it was known. */
  begin(tid: number): boolean {
    if (this.#threads.has(tid)) return false;
    if (this.#threads.size < MOST_THREADS) this.#threads.add(tid);
    else this.#hadMoreThreads = true;
    return true;
  }

  /** Notes that a thread has ended; true when no other is known, and none can have been there before the trace. */
  end(tid: number): boolean {
    this.#threads.delete(tid);
    // An exec leaves one thread.
    const isKnown = this.hasExecuted || this.startNs >= 0;
    return isKnown && this.#threads.size === 0 && !this.#hadMoreThreads;
  }

  /** Notes a descriptor that it has made or closed itself while it is not known what it has inherited. */
  touch(fd: number): void {
    // Programs close every number up to a million.
    if (this.inherited !== null && this.#touched.size < MOST_TOUCHED) this.#touched.add(fd);
  }

  /** Whether it may have made or closed the descriptor: any, where it was more than are remembered. */
  mayHaveTouched(fd: number): boolean {
    return this.#touched.has(fd) || this.#touched.size === MOST_TOUCHED;
  }

  /** From now on any of its descriptors may be closed unseen. */
  loseTrack(): void {
    for (const descriptor of this.descriptors.values()) descriptor.isUnsure = true;
  }
}
