import type { FileName } from "../../runtime/event_batch.ts";
import type { FileSession } from "../../runtime/file_sessions.ts";
import { AccessPattern } from "./access_pattern.ts";
import type { SessionCall } from "./session_calls.ts";

/** The offset with which `preadv2` and `pwritev2` use the position. */
const AT_POSITION = -1;

/** How an open file description came to be. */
export interface Opening {
  /** Who opened it, or was seen with it first. */
  pid: number;
  comm: string;
  /** The call, `null` when it was there before. */
  by: string | null;
  ns: number | null;
  flags: string | null;
  stack: string | null;
}

/** A call on an open file description. */
export interface CountedCall {
  call: SessionCall;
  /** Negative for a failure. */
  ret: number;
  bytes: number;
  /** NaN where it is not known. */
  fetchedBytes: number;
  durationNs: number;
  /** Of a read or write that says it, else NaN. */
  offset: number;
}

/** How the path of a file ends that has no name any more. */
export const DELETED = " (deleted)";

/** Stands before the exact bytes of a name; no path can have it. */
const RAW_MARK = "\0";

/** What tells a file from others: its path, with its exact bytes as base64 where they are not UTF-8. */
export function fileText({ path, raw }: Pick<FileName, "path" | "raw">): string {
  return raw === undefined ? path : path + RAW_MARK + raw.toBase64();
}

/** An open file description while it is followed. */
export class Description {
  /** Its name when it was opened, see {@linkcode fileText}. */
  readonly file: string;
  /** Its name when it was used last: it may be renamed while it is open. */
  lastFile: string;
  readonly #opening: Opening;
  /** Every write goes to the end of the file, also one with an offset (BUGS of pwrite(2)). */
  readonly #appends: boolean;
  #pattern: AccessPattern;
  #calls = 0;
  #errors = 0;
  #seeks = 0;
  #syncs = 0;
  #readBytes = 0;
  #writeBytes = 0;
  #fetchedBytes: number | null = null;
  /** False when it was read by a call of which it is not known what that fetched. */
  #knowsFetched = true;
  readonly #pids = new Set<number>();
  /** Time inside its calls, nanoseconds. */
  totalNs = 0;
  /** Descriptors that refer to it. */
  descriptors = 0;
  closedNs: number | null = null;
  /** Descriptors of it that were found to be of another file: they were closed unseen, or it was renamed unseen. */
  lostDescriptors = 0;
  /** True when one of its calls was selected. */
  isSelected = false;
  /** What it has turned out to be a part of. */
  #whole: Description | null = null;

  constructor(file: string, opening: Opening) {
    this.file = file;
    this.lastFile = file;
    this.#opening = opening;
    this.#appends = opening.flags?.split("|").includes("O_APPEND") ?? false;
    this.#pattern = new AccessPattern(opening.by !== null);
  }

  /** Counts a call on it. */
  count({ call, ret, bytes, fetchedBytes, durationNs, offset }: CountedCall, pid: number): void {
    this.#calls++;
    this.#pids.add(pid);
    this.totalNs += durationNs;
    if (call.copiesFrom !== false) this.fetch(fetchedBytes, call.bytes === "write" ? 0 : bytes);
    if (ret < 0) {
      this.#errors++;
      return;
    }
    if (call.syncs) this.#syncs++;
    if (call.seeks) {
      this.#seeks++;
      this.#pattern.seek(ret);
    }
    if (call.bytes === "read") this.#readBytes += bytes;
    if (call.bytes === "write") this.#writeBytes += bytes;
    const isAtPosition = call.placing === "position" || offset === AT_POSITION;
    if (this.#appends && call.bytes === "write" && call.placing !== null) {
      this.#pattern.append(bytes, isAtPosition);
    } else if (isAtPosition) this.#pattern.move(bytes);
    else if (call.placing === "elsewhere") {
      if (Number.isNaN(offset)) this.#pattern.moveElsewhere(bytes);
      else this.#pattern.moveAt(offset, bytes);
    }
  }

  /** Adds bytes that a call brought into the page cache, NaN when that is not known of the bytes that it read. */
  fetch(fetchedBytes: number, readBytes: number): void {
    if (!Number.isNaN(fetchedBytes)) this.#fetchedBytes = (this.#fetchedBytes ?? 0) + fetchedBytes;
    else if (readBytes > 0) this.#knowsFetched = false;
  }

  /** Adds bytes that a call has copied out of it or into it. */
  copy(bytes: number, out: boolean): void {
    if (out) this.#readBytes += bytes;
    else this.#writeBytes += bytes;
    this.#pattern.moveElsewhere(bytes);
  }

  /** False when it was not opened for what a copy does with it: read out of it, or write into it. */
  mayCopy(out: boolean): boolean {
    const [mode] = this.#opening.flags?.split("|") ?? [];
    return mode !== (out ? "O_WRONLY" : "O_RDONLY");
  }

  /** Whether this is a name of it: its file may have been deleted since it was named. */
  isNamed(file: string): boolean {
    return file === this.lastFile || file === this.file ||
      file === this.lastFile + DELETED || file === this.file + DELETED;
  }

  /** Itself, or what it has turned out to be a part of. */
  get whole(): Description {
    return this.#whole?.whole ?? this;
  }

  /** Adds a part of it that was not known to be one. */
  fold(part: Description): void {
    part.#whole = this;
    this.descriptors += part.descriptors;
    this.#calls += part.#calls;
    this.#errors += part.#errors;
    this.#seeks += part.#seeks;
    this.#syncs += part.#syncs;
    this.#readBytes += part.#readBytes;
    this.#writeBytes += part.#writeBytes;
    if (part.#fetchedBytes !== null) this.fetch(part.#fetchedBytes, 0);
    this.#knowsFetched &&= part.#knowsFetched;
    this.totalNs += part.totalNs;
    this.isSelected ||= part.isSelected;
    this.lostDescriptors += part.lostDescriptors;
    if (this.closedNs !== null && part.closedNs !== null) {
      this.closedNs = Math.max(this.closedNs, part.closedNs);
    }
    for (const pid of part.#pids) this.#pids.add(pid);
    // Where its positions come among these is not known; the pattern of more calls is kept.
    if (part.#calls > this.#calls - part.#calls) this.#pattern = part.#pattern;
  }

  /** What is known of it; `isUnsure` when all of its descriptors may have been closed unseen. */
  session(isUnsure: boolean): FileSession {
    const { closedNs } = this;
    const { pid, comm, by, ns, flags, stack } = this.#opening;
    const [path, pathRaw = null] = this.file.split(RAW_MARK);
    const state = closedNs === null ? "open" : by === null || this.lostDescriptors > 0 ? "unsure" : "closed";
    return {
      path,
      pathRaw,
      pid,
      comm,
      openedBy: by,
      openedNs: ns,
      flags,
      stack,
      closedNs,
      state: state === "open" && isUnsure ? "unsure" : state,
      calls: this.#calls,
      errors: this.#errors,
      totalNs: this.totalNs,
      readBytes: this.#readBytes,
      writeBytes: this.#writeBytes,
      fetchedBytes: this.#knowsFetched ? this.#fetchedBytes : null,
      seeks: this.#seeks,
      syncs: this.#syncs,
      access: this.#pattern.access,
      processes: this.#pids.size,
    };
  }
}
