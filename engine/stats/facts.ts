/** Facts about the rows of the bounded tables, beside their measures. */
import type { FileName, TaskName } from "../../runtime/event_batch.ts";
import type { Waiting } from "../../runtime/waiting.ts";

/** What a call counts for: a file, what it waits for, or `elsewhere` for calls on neither. */
export type FileFacts = NamedFile | WaitingFacts | { kind: "elsewhere" };

/** Identifies the row of calls that are neither about files nor wait. No path contains a NUL. */
export const ELSEWHERE_KEY = "\0elsewhere";

/** A file. */
export interface NamedFile {
  kind: "file";
  path: string;
  /** Base64 of the exact bytes, only when the path is not UTF-8. */
  pathRaw: string | undefined;
}

/** A file's facts. */
export function namedFile(name: FileName): NamedFile {
  return { kind: "file", path: name.path, pathRaw: name.raw?.toBase64() };
}

/**
 * Maximum number of descriptors distinguished by path, of one row and of all rows: 90 bytes each. Beyond it, every announcement
 * counts: a connection that the kernel side announces again then counts twice.
 */
const DESCRIPTORS_MAX = 10_000;
const ALL_DESCRIPTORS_MAX = 32_768;

/** How many descriptors can still be distinguished by path: all rows share it. */
export class DescriptorRoom {
  left = ALL_DESCRIPTORS_MAX;
}

/** What is waited for. */
export class WaitingFacts {
  readonly kind = "waiting";
  readonly waiting: Waiting;
  /** Different descriptors seen. */
  descriptors = 0;
  readonly #seen = new Set<string>();
  readonly #room: DescriptorRoom;

  constructor(waiting: Waiting, room: DescriptorRoom) {
    this.waiting = waiting;
    this.#room = room;
  }

  /** Notes a descriptor of this name. */
  seen(path: string): void {
    if (this.#seen.has(path)) return;
    this.descriptors++;
    if (this.#seen.size >= DESCRIPTORS_MAX || this.#room.left === 0) return;
    this.#room.left--;
    this.#seen.add(path);
  }
}

/** Identifies a file: the exact bytes of its path. A path contains no NUL, so the two forms never collide. */
export function fileKey(name: FileName): string {
  return name.raw === undefined ? name.path : `\0${name.raw.toBase64()}`;
}

/** Processes of one name that have no rows of their own any more. */
export interface CommandFacts {
  readonly comm: string;
  processes: number;
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

  /** Name of the leading thread if it made calls, otherwise of the last thread that did. */
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

/** Identifies a process: a number is reused, but not with the same start. */
export function processKey(task: TaskName): string {
  return `${task.pid}:${task.processStartNs}`;
}
