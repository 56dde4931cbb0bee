import type { RecorderStatus } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { endOfCall, type EventBatch } from "../../runtime/event_batch.ts";
import type { RecorderConfig } from "../../runtime/recorder_messages.ts";
import {
  RECORDING_KEY,
  RECORDING_SCHEMA,
  type RecordingEnd,
  type RecordingFacts,
  type RecordingStart,
  type RecordingTarget,
} from "../../runtime/recording.ts";
import { type ReportHeader, type ReportRunning, reportRunning } from "../../runtime/report.ts";
import { VERSION } from "../../runtime/version.ts";
import type { ColumnName } from "./columns.ts";
import { openTarget, type RecordingFile, type RecordingFiles, type Segment } from "./recording_files.ts";
import { RowGroup } from "./row_group.ts";
import { runName } from "./segment_names.ts";

/** The file that rows go to. */
interface OpenFile extends RecordingFile {
  index: number;
  /** When its first row came, milliseconds of the clock. */
  sinceMs: number;
}

/**
 * Writes batches as a recording. The first failure ends only the recording: complete row groups are kept, later rows are
 * counted as dropped.
 */
export class RecordingWriter {
  readonly #target: RecordingTarget;
  readonly #nowMs: () => number;
  readonly #files: RecordingFiles;
  readonly #group: RowGroup;
  #run = "";
  #startedWallNs = 0n;
  /** End of the last row, nanoseconds since the trace began: a run lasts at least until then. */
  #lastEndNs = 0;
  #header: ReportHeader | null = null;
  #open: OpenFile | null = null;
  #segments = 0;
  /** Segments with rows that have their name, oldest first. */
  readonly #published: (Segment & { rows: number })[] = [];
  /** Segments of earlier runs, oldest first, when there is a limit of bytes for all. */
  #earlier: Segment[] = [];
  /** Settles when all finished segments have their names. */
  #publishing: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Rows in files that are finished. */
  #rows = 0;
  #dropped = 0;
  #error: Error | null = null;
  /** The segment that got its name last. */
  #file: string | null = null;

  /**
   * Opens the place the recording goes to.
   *
   * @throws {IorError} `usage` when it cannot be written to.
   */
  constructor({ arch, target, owner }: RecorderConfig, nowMs: () => number = () => performance.now()) {
    this.#target = target;
    this.#nowMs = nowMs;
    this.#group = new RowGroup(arch);
    this.#files = openTarget(target, owner);
  }

  /** Begins a run; before any batch, and in a directory again after the run before was stopped. */
  start({ startedWallNs, header }: RecordingStart): void {
    const isFirst = this.#header === null;
    this.#run = runName(startedWallNs, Deno.pid);
    this.#startedWallNs = startedWallNs;
    this.#lastEndNs = 0;
    this.#header = header;
    this.#segments = 0;
    this.#dropped = 0;
    this.#error = null;
    this.#file = null;
    if (isFirst && this.#quota !== null) this.#try(() => this.#earlier = this.#files.earlier(header.host));
  }

  /** Takes a batch. Keeps no reference to its columns. */
  ingest(batch: EventBatch): void {
    this.#known();
    this.#group.applyNames(batch);
    const last = batch.length - 1;
    if (last >= 0) this.#lastEndNs = Math.max(this.#lastEndNs, endOfCall(batch.columns, last));
    let from = 0;
    while (from < batch.length && this.#error === null) {
      this.#try(() => this.#open ??= this.#nextFile(batch.columns.enterNs[from]));
      if (this.#open === null) break;
      this.#try(() =>
        from = this.#group.add(batch, from, Math.min(batch.length, from + this.#roomInSegment()))
      );
      if (this.#group.full) this.#flush();
      this.#cutWhenDue();
    }
    this.#dropped += batch.length - from;
  }

  /** Takes what is now known of the run, for the segments that end from here on. */
  update(header: ReportHeader): void {
    this.#header = header;
  }

  /** Ends a segment whose time is over, also when no more rows arrive. */
  tick(): void {
    if (this.#error === null) this.#cutWhenDue();
  }

  /** Ends the segment that is written, unless it is empty. */
  cut(): void {
    if (this.#target.kind === "directory" && this.#error === null && this.#rowsOfSegment > 0) {
      this.#endSegment();
    }
  }

  /** Rows written and waiting, and what went wrong. */
  status(): RecorderStatus {
    return {
      path: this.#target.path,
      rows: this.#rows + (this.#open?.rows.rows ?? 0) + this.#group.rows,
      dropped: this.#dropped,
      lastError: this.#error?.message ?? null,
      ...(this.#file !== null && { file: this.#file }),
    };
  }

  /** Number of finished segments that wait for their names. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when all finished segments have their names and surplus old ones are removed. */
  settled(): Promise<void> {
    return this.#publishing;
  }

  /** Writes the waiting rows and the final facts; resolves when all files have their names. */
  async stop({ header, running }: RecordingEnd): Promise<RecorderStatus> {
    this.#known();
    this.#header = header;
    await this.#publishing;
    this.#flush();
    // The last file has the final facts, also when no row is left for it.
    if (this.#error === null) this.#try(() => this.#open ??= this.#nextFile(header.wall_ns));
    this.#finish(reportRunning(running), true);
    await this.#publishing;
    this.#files.close();
    return this.status();
  }

  /** Removes what is not complete. */
  async discard(): Promise<void> {
    this.#open?.part.discard();
    this.#open = null;
    this.#files.close();
    await this.#publishing;
  }

  #known(): ReportHeader {
    if (this.#header !== null) return this.#header;
    throw new IorError("runtime", "Cannot record: the recording was not started");
  }

  #nextFile(firstNs: number): OpenFile {
    const index = this.#segments + 1;
    const firstWallNs = this.#startedWallNs + BigInt(Math.trunc(firstNs) || 0);
    const opened = this.#files.next(this.#known().host, this.#run, index, firstWallNs);
    this.#segments = index;
    return { ...opened, index, sinceMs: this.#nowMs() };
  }

  #roomInSegment(): number {
    if (this.#target.kind === "file") return Infinity;
    return Math.max(1, this.#target.segmentRows - this.#open!.rows.rows - this.#group.rows);
  }

  #cutWhenDue(): void {
    if (this.#target.kind === "file" || this.#open === null) return;
    const { segmentRows, segmentBytes, segmentNs } = this.#target;
    const { rows: written, part, sinceMs } = this.#open;
    const rows = this.#rowsOfSegment;
    const due = rows >= segmentRows || (written.rows > 0 && part.bytes >= segmentBytes) ||
      (this.#nowMs() - sinceMs) * 1e6 >= segmentNs;
    if (rows > 0 && due) this.#endSegment();
  }

  /** Rows of the file that is written, those that wait included. */
  get #rowsOfSegment(): number {
    return this.#open === null ? 0 : this.#open.rows.rows + this.#group.rows;
  }

  #endSegment(): void {
    this.#flush();
    if (this.#error === null) this.#finish([], false);
  }

  /** Writes the rows that wait; they are dropped when that fails. */
  #flush(): void {
    const { rows } = this.#group;
    if (rows === 0 || this.#open === null) return;
    const { rows: written } = this.#open;
    const columns = this.#group.columns(this.#startedWallNs);
    if (!this.#try(() => written.append(rows, (name) => columns[name as ColumnName]()))) {
      this.#dropped += rows;
    }
    this.#group.clear();
    this.#keepToQuota();
  }

  /** Writes the end of the open file and lets it have its name, in the background. */
  #finish(running: ReportRunning[], complete: boolean): void {
    if (this.#open === null) return;
    const { rows: written, part, path, index } = this.#open;
    this.#open = null;
    const whole = written.rows;
    const failed = this.#error !== null;
    const facts = (rows: number) => this.#facts(rows, whole - rows, index, running, complete);
    const { kept, error } = written.finish(
      (rows) => ({ [RECORDING_KEY]: JSON.stringify(facts(rows)) }),
      `ior version ${VERSION}`,
    );
    const { rows } = written;
    const { bytes } = part;
    this.#dropped += whole - rows;
    if (error !== null) this.#fail(error);
    if (!kept || (failed && rows === 0)) return part.discard();
    this.#rows += rows;
    this.#waiting++;
    this.#publishing = this.#publishing.then(() => part.publish()).then(
      () => this.#publishedAs(path, rows, bytes),
      (reason) => {
        this.#rows -= rows;
        this.#dropped += rows;
        this.#fail(reason);
      },
    ).finally(() => this.#waiting--);
  }

  #facts(
    rows: number,
    lost: number,
    index: number,
    running: ReportRunning[],
    complete: boolean,
  ): RecordingFacts {
    const header = this.#known();
    return {
      schema: RECORDING_SCHEMA,
      run: this.#run,
      header: { ...header, wall_ns: complete ? header.wall_ns : Math.max(header.wall_ns, this.#lastEndNs) },
      running,
      rows,
      dropped: this.#dropped + lost,
      last_error: this.#error?.message ?? null,
      complete,
      ...(this.#target.kind === "file" ? {} : { segment: { index } }),
    };
  }

  /** Bytes that all segments may take, `null` for no limit. */
  get #quota(): number | null {
    return this.#target.kind === "file" ? null : this.#target.maxBytes ?? null;
  }

  /** Keeps only the newest segments, if asked to. */
  #publishedAs(path: string, rows: number, bytes: number): void {
    if (this.#target.kind === "file" || rows === 0) return;
    this.#file = path;
    const { keep } = this.#target;
    if (keep === null && this.#quota === null) return;
    this.#published.push({ path, rows, bytes });
    if (keep !== null) { while (this.#published.length > keep) this.#removeOldest(); }
    this.#keepToQuota();
  }

  /** Removes the oldest segments, those of earlier runs first, while all with the one that is written take too much. */
  #keepToQuota(): void {
    const quota = this.#quota;
    if (quota === null) return;
    let bytes = [...this.#earlier, ...this.#published].reduce((sum, segment) => sum + segment.bytes, 0) +
      (this.#open?.part.bytes ?? 0);
    while (bytes > quota && this.#earlier.length + this.#published.length > 0) {
      const oldest = this.#earlier.shift();
      if (oldest !== undefined) this.#files.remove(oldest.path);
      bytes -= (oldest ?? this.#removeOldest()).bytes;
    }
  }

  #removeOldest(): Segment {
    const oldest = this.#published.shift()!;
    this.#rows -= oldest.rows;
    this.#files.remove(oldest.path);
    return oldest;
  }

  /** Does `work`; returns false when it failed. */
  #try(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error(String(error));
  }
}
