import { isDirectory } from "../../engine/files/named.ts";
import { machineArch, RecorderClient, type RunningTrace } from "../../engine/mod.ts";
import { abandonTarget } from "../../engine/recording/abandon_target.ts";
import type { RecorderStatus } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import type { RecordingEnd, RecordingStart, RecordingTarget } from "../../runtime/recording.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RecordTarget } from "../options/mod.ts";
import { formatCount } from "../text/format.ts";
import { traceUser } from "./trace_user.ts";
import { say } from "../say.ts";

/** Interval of updating the header of the run, for the segments that end meanwhile. */
const UPDATE_MS = 1000;

/** How a recording ended. */
export interface RecordingResult {
  /** What is to be said of it. */
  lines: readonly string[];
  /** False when rows are missing. */
  isWhole: boolean;
}

/** The recording that a trace writes. */
export class RecordingOfTrace implements AsyncDisposable {
  /** Consumes the batches. */
  readonly consumer: RecorderClient;
  readonly #target: RecordingTarget;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Pick<RunningTrace, "cut"> | null = null;

  private constructor(consumer: RecorderClient, target: RecordingTarget) {
    this.consumer = consumer;
    this.#target = target;
  }

  /** Removes what is not complete of it, also of one that is still opened, when ior is about to end in the middle. */
  static abandon(target: RecordingTarget): void {
    abandonTarget(target, traceUser());
  }

  /** Makes the file or the directory. */
  static async open(target: RecordingTarget): Promise<RecordingOfTrace> {
    const client = await RecorderClient.open({ arch: machineArch(), target, owner: traceUser() });
    return new RecordingOfTrace(client, target);
  }

  /** Sends what is known before the first row. */
  begin(start: RecordingStart): void {
    // A failure shows at the next batch or at the end.
    this.consumer.start(start).catch(() => {});
  }

  /** Sends the header of the run at intervals, for the segments that end meanwhile. */
  keepUpdated(header: () => ReportHeader): void {
    if (this.#target.kind === "file") return;
    this.#timer = setInterval(() => this.consumer.update(header()).catch(() => {}), UPDATE_MS);
  }

  /** Says which trace it is of, once that runs. */
  follow(running: Pick<RunningTrace, "cut">): void {
    this.#running = running;
  }

  /** Ends the segment that is written, if it has rows: those of all calls that have ended by now. */
  cut(): void {
    const cut = () => this.consumer.cut();
    (this.#running?.cut(cut) ?? cut()).catch(() => {}); // a failure shows at the next batch or at the end
  }

  /** Completes the recording. */
  async stop(end: RecordingEnd): Promise<RecordingResult> {
    clearInterval(this.#timer);
    const status = await this.consumer.stop(end);
    return { lines: statusLines(status), isWhole: status.lastError === null && status.dropped === 0 };
  }

  /** Completes it, and reports the result on standard error. False when rows are missing. */
  async finish(end: RecordingEnd, quiet: boolean): Promise<boolean> {
    const { lines, isWhole } = await this.stop(end);
    if (!quiet || !isWhole) { for (const line of lines) say(line); }
    return isWhole;
  }

  /** Removes what was not completed. */
  [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    return this.consumer[Symbol.asyncDispose]();
  }
}

/**
 * The target of a recording: a name that ends in a slash, or of a directory, means segments in it.
 *
 * @throws {IorError} `usage` for options of segments with a file.
 */
export function recordingTarget({ path, segmentFlag, ...limits }: RecordTarget): RecordingTarget {
  if (path.endsWith("/") || isDirectory(path)) return { kind: "directory", path, ...limits };
  if (segmentFlag === null) return { kind: "file", path };
  throw new IorError(
    "usage",
    `Cannot use ${segmentFlag} with ${path}: only a directory has segments`,
    {
      hint: `Leave ${segmentFlag} out, or end the name in a slash: ${path.replace(/\.parquet$/, "")}/`,
    },
  );
}

function statusLines({ path, rows, dropped, lastError }: RecorderStatus): string[] {
  const lines: string[] = [];
  if (lastError !== null) lines.push(lastError);
  if (dropped > 0) lines.push(`${formatCount(dropped)} calls are not in the recording`);
  lines.push(
    lastError !== null && rows === 0
      ? `Nothing is recorded in ${path}`
      : `${formatCount(rows)} calls recorded in ${path}`,
  );
  return lines;
}
