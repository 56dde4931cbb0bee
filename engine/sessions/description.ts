import { type Access, AccessPattern } from "./access_pattern.ts";
import type { SessionCall } from "./session_calls.ts";

/** How much is known of the end of an open file description. */
export type SessionState =
  /** A descriptor of it is open. */
  | "open"
  /** Its last descriptor was closed. */
  | "closed"
  /**
   * It may be either: its process has run another program or closed descriptors by range since, or it was there before the
   * trace, and others may have it.
   */
  | "unsure";

/** One open file description, from its open to the close of its last descriptor. Times are nanoseconds since the trace began. */
export interface FileSession {
  path: string;
  /** Who opened it; who was seen with it first, when that was not seen. */
  pid: number;
  comm: string;
  /** The call that made it, `null` when that was not seen. */
  openedBy: string | null;
  openedNs: number | null;
  /** When the last descriptor was closed that is known of it. */
  closedNs: number | null;
  state: SessionState;
  calls: number;
  errors: number;
  totalNs: number;
  readBytes: number;
  writeBytes: number;
  seeks: number;
  syncs: number;
  access: Access | null;
  /** Processes that used it. */
  processes: number;
}

/** An open file description while it is followed. */
export class Description {
  readonly path: string;
  readonly #pid: number;
  readonly #comm: string;
  readonly #openedBy: string | null;
  readonly #openedNs: number | null;
  #pattern: AccessPattern;
  #calls = 0;
  #errors = 0;
  #seeks = 0;
  #syncs = 0;
  #readBytes = 0;
  #writeBytes = 0;
  readonly #pids = new Set<number>();
  /** Time inside its calls, nanoseconds. */
  totalNs = 0;
  /** Descriptors that refer to it. */
  descriptors = 0;
  closedNs: number | null = null;
  /** True when one of its calls was selected. */
  isSelected = false;
  /** What it has turned out to be a part of. */
  #whole: Description | null = null;

  /** `openedBy` is the call that made it, `null` when it was there before. */
  constructor(
    path: string,
    owner: { pid: number; comm: string },
    openedBy: string | null,
    openedNs: number | null,
  ) {
    this.path = path;
    this.#pid = owner.pid;
    this.#comm = owner.comm;
    this.#openedBy = openedBy;
    this.#openedNs = openedNs;
    this.#pattern = new AccessPattern(openedBy !== null);
  }

  /** Counts a call on it. */
  count(call: SessionCall, pid: number, ret: number, bytes: number, durationNs: number): void {
    this.#calls++;
    this.#pids.add(pid);
    this.totalNs += durationNs;
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
    if (call.placing === "position") this.#pattern.move(bytes);
    if (call.placing === "elsewhere") this.#pattern.moveElsewhere();
  }

  /** Adds bytes that a call of another descriptor has copied out of this one or into it. */
  copy(bytes: number, out: boolean): void {
    if (out) this.#readBytes += bytes;
    else this.#writeBytes += bytes;
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
    this.totalNs += part.totalNs;
    this.isSelected ||= part.isSelected;
    for (const pid of part.#pids) this.#pids.add(pid);
    // Where its positions come among these is not known; the pattern of more calls is kept.
    if (part.#calls > this.#calls - part.#calls) this.#pattern = part.#pattern;
  }

  /** What is known of it; `isUnsure` when all of its descriptors may have been closed unseen. */
  session(isUnsure: boolean): FileSession {
    const { closedNs } = this;
    const state = closedNs === null ? "open" : this.#openedBy === null ? "unsure" : "closed";
    return {
      path: this.path,
      pid: this.#pid,
      comm: this.#comm,
      openedBy: this.#openedBy,
      openedNs: this.#openedNs,
      closedNs,
      state: state === "open" && isUnsure ? "unsure" : state,
      calls: this.#calls,
      errors: this.#errors,
      totalNs: this.totalNs,
      readBytes: this.#readBytes,
      writeBytes: this.#writeBytes,
      seeks: this.#seeks,
      syncs: this.#syncs,
      access: this.#pattern.access,
      processes: this.#pids.size,
    };
  }
}
