import { abandonTarget, machineArch, RecorderClient } from "../engine/mod.ts";
import type { RecorderStatus } from "../runtime/contracts.ts";
import { IorError } from "../runtime/errors.ts";
import type { RecordingEnd, RecordingStart, RecordingTarget } from "../runtime/recording.ts";
import type { ReportHeader } from "../runtime/report.ts";
import type { RecordTarget } from "./options/mod.ts";
import { formatCount } from "./text/format.ts";
import { traceUser } from "./trace_user.ts";

/** Pause between two looks at what is known of the run, for the segments that end meanwhile. */
const UPDATE_MS = 1000;

/** The recording that a trace writes. */
export class RecordingOfTrace implements AsyncDisposable {
  /** What takes the batches. */
  readonly consumer: RecorderClient;
  readonly #target: RecordingTarget;
  #timer: ReturnType<typeof setInterval> | undefined;

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

  /** Says what is known before the first row. */
  begin(start: RecordingStart): void {
    // What goes wrong shows at the next batch, or at the end.
    this.consumer.start(start).catch(() => {});
  }

  /** Says what is known of the run now and then: segments that end meanwhile have it. */
  keepUpdated(header: () => ReportHeader): void {
    if (this.#target.kind === "file") return;
    this.#timer = setInterval(() => this.consumer.update(header()).catch(() => {}), UPDATE_MS);
  }

  /** Completes the recording, and says on standard error what came of it. False when rows are missing. */
  async finish(end: RecordingEnd, quiet: boolean): Promise<boolean> {
    clearInterval(this.#timer);
    const status = await this.consumer.stop(end);
    for (const line of statusLines(status, quiet)) console.error(`ior: ${line}`);
    return status.lastError === null && status.dropped === 0;
  }

  /** Removes what was not completed. */
  [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    return this.consumer[Symbol.asyncDispose]();
  }
}

/**
 * Where a recording goes: a name that ends in a slash, or is a directory's, means segments in it.
 *
 * @throws {IorError} `usage` for flags of segments with a file.
 */
export function recordingTarget({ path, segmentFlag, ...limits }: RecordTarget): RecordingTarget {
  if (path.endsWith("/") || isDirectory(path)) return { kind: "directory", path, ...limits };
  if (segmentFlag === null) return { kind: "file", path };
  throw new IorError(
    "usage",
    `Cannot use ${segmentFlag} with ${path}: a file has no segments, a directory has`,
    {
      hint: `Leave ${segmentFlag} out, or end the name in a slash: ${path.replace(/\.parquet$/, "")}/`,
    },
  );
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // whoever makes the file says what is wrong
  }
}

function statusLines({ path, rows, dropped, lastError }: RecorderStatus, quiet: boolean): string[] {
  const lines: string[] = [];
  if (lastError !== null) lines.push(lastError);
  if (dropped > 0) lines.push(`${formatCount(dropped)} calls are not in the recording`);
  if (lastError !== null && rows === 0) lines.push(`Nothing is recorded in ${path}`);
  else if (!quiet || lines.length > 0) lines.push(`${formatCount(rows)} calls recorded in ${path}`);
  return lines;
}
