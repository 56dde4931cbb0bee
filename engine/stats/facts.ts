/** What the rows of the bounded tables are, beside what they measure. */
import type { FileName, TaskName } from "../../runtime/event_batch.ts";

/** A file. */
export class FileFacts {
  readonly path: string;
  /** Base64 of the exact bytes, only when the path is not UTF-8. */
  readonly pathRaw: string | undefined;

  constructor(name: FileName) {
    this.path = name.path;
    this.pathRaw = name.raw?.toBase64();
  }
}

/** What tells files apart: the exact bytes of the path. A NUL cannot be in a path, so the two forms never meet. */
export function fileKey(name: FileName): string {
  return name.raw === undefined ? name.path : `\0${name.raw.toBase64()}`;
}

/** A process, from its start to its end. */
export class ProcessFacts {
  readonly pid: number;
  readonly startedNs: number;
  #comm: string;
  #leaderSeen = false;

  constructor(task: TaskName) {
    this.pid = task.pid;
    this.startedNs = task.processStartNs;
    this.#comm = task.comm;
  }

  /** Name of the leading thread when it made calls, or else of the thread that came last. */
  get comm(): string {
    return this.#comm;
  }

  /** Notes a thread that makes its first call under its name. */
  seen(task: TaskName): void {
    const leads = task.tid === task.pid;
    if (!leads && this.#leaderSeen) return;
    this.#leaderSeen = leads;
    this.#comm = task.comm;
  }
}

/** What tells processes apart: a number is used again, but not with the same start. */
export function processKey(task: TaskName): string {
  return `${task.pid}:${task.processStartNs}`;
}
