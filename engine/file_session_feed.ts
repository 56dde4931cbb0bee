import type { FileSessionSource } from "../runtime/contracts.ts";
import type { EventBatch } from "../runtime/event_batch.ts";
import type { SessionsResult } from "../runtime/file_sessions.ts";
import { emptyFilter } from "../runtime/filter/mod.ts";
import { type Arch, SYSCALLS } from "../runtime/syscalls/mod.ts";
import type { BatchReader } from "./batch_consumer.ts";
import type { FileSessions, SessionLimits } from "./sessions/file_sessions.ts";

/**
 * More than anyone scrolls through, and little to hand over with each frame: a session takes a kilobyte, as does a process, which
 * is named again before so many others are new.
 */
const LIMITS: SessionLimits = { finished: 2000, open: 10_000, forks: 1024, processes: 32_768 };

/** Names that batches have brought and do not repeat. */
export type KnownNames = Pick<EventBatch, "tasks" | "files">;

/**
 * Follows open file descriptions while an interface wants to see them. Otherwise it does nothing, and what follows them is not
 * even loaded.
 */
export class FileSessionFeed implements BatchReader, FileSessionSource {
  readonly keepsColumns = false;
  readonly canIngest = true;
  readonly #arch: Arch;
  readonly #known: () => KnownNames;
  #begin: (() => FileSessions) | null = null;
  #sessions: FileSessions | null = null;
  /** Whether they have got the names of before. */
  #isInformed = false;

  /** `known` are the names that were there before those of the batch that comes next. */
  constructor(arch: Arch, known: () => KnownNames) {
    this.#arch = arch;
    this.#known = known;
  }

  /** There is always room. */
  room(): Promise<void> {
    return Promise.resolve();
  }

  ingest(batch: EventBatch): void {
    if (this.#sessions === null) return;
    this.#sessions.ingest(this.#isInformed ? batch : this.#withNames(batch));
    this.#isInformed = true;
  }

  async follow(wanted: boolean): Promise<void> {
    if (wanted && this.#begin === null) {
      const { FileSessions } = await import("./sessions/file_sessions.ts");
      // The trace selects the calls.
      const every = { ...emptyFilter(), syscalls: SYSCALLS.map(({ name }) => name), unknownSyscalls: true };
      this.#begin = () => new FileSessions(this.#arch, every, LIMITS);
    }
    this.#sessions = wanted ? this.#begin!() : null;
    this.#isInformed = false;
  }

  snapshot(): SessionsResult | null {
    return this.#sessions?.result() ?? null;
  }

  /** Forgets what has been followed. */
  reset(): void {
    if (this.#sessions === null) return;
    this.#sessions = this.#begin!();
    this.#isInformed = false;
  }

  /** A number of a process is used again: the last one that had it counts. */
  #withNames(batch: EventBatch): EventBatch {
    const { tasks, files } = this.#known();
    return {
      ...batch,
      tasks: [...tasks.toSorted((a, b) => a.processStartNs - b.processStartNs), ...batch.tasks],
      files: [...files, ...batch.files],
    };
  }
}
