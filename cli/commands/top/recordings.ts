import { type EndedTrace, machineArch, RecorderClient } from "../../../engine/mod.ts";
import type { RecorderStatus } from "../../../runtime/contracts.ts";
import { IorError } from "../../../runtime/errors.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import { recordingTarget } from "../../run/recording_of_trace.ts";
import { traceUser } from "../../run/trace_user.ts";
import { formatCount } from "../../text/format.ts";
import type { TopInterface } from "../../top/mod.ts";

/** Interval of updating the header of the run, for the segments that end meanwhile. */
const UPDATE_MS = 1000;

/** The recordings that a user starts and stops, one at a time. */
export class Recordings implements AsyncDisposable {
  readonly #bindings: TopInterface;
  readonly #startedWallNs: bigint;
  readonly #header: () => ReportHeader;
  #current: RecorderClient | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** True when rows are missing from one of them. */
  hasFailed = false;

  constructor(bindings: TopInterface, startedWallNs: bigint, header: () => ReportHeader) {
    this.#bindings = bindings;
    this.#startedWallNs = startedWallNs;
    this.#header = header;
  }

  /** Begins to record. */
  async start(path: string): Promise<void> {
    if (!/\.parquet$|\/$/.test(path)) {
      throw new IorError(
        "usage",
        `Cannot record to ${path}: its name must end in .parquet, or in / for a directory`,
      );
    }
    const target = recordingTarget({ path, segmentFlag: null, keep: null, ...SEGMENT_LIMITS });
    const client = await RecorderClient.open({ arch: machineArch(), target, owner: traceUser() });
    await client.start({ startedWallNs: this.#startedWallNs, header: this.#header() });
    this.#current = client;
    this.#bindings.recording = client;
    this.#timer = setInterval(() => client.update(this.#header()).catch(() => {}), UPDATE_MS);
  }

  /** Completes the recording, and returns what is to be said of it. */
  stop(): Promise<string> {
    return this.#stop(this.#header(), []);
  }

  /** Completes a recording that still goes on when the trace has ended; `null` for none. */
  async finish(ended: EndedTrace): Promise<string | null> {
    return this.#current === null ? null : await this.#stop(this.#header(), ended.running);
  }

  async #stop(header: ReportHeader, running: readonly RunningCall[]): Promise<string> {
    const client = this.#current;
    if (client === null) return "Nothing is recorded";
    this.#forget();
    try {
      const status = await client.stop({ header, running });
      this.hasFailed ||= status.lastError !== null || status.dropped > 0;
      return statusText(status);
    } finally {
      await client[Symbol.asyncDispose]();
    }
  }

  #forget(): void {
    clearInterval(this.#timer);
    this.#current = null;
    this.#bindings.recording = null;
  }

  /** Removes what was not completed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const client = this.#current;
    this.#forget();
    await client?.[Symbol.asyncDispose]();
  }
}

function statusText({ path, rows, dropped, lastError }: RecorderStatus): string {
  if (lastError !== null) return lastError;
  const missing = dropped > 0 ? `, ${formatCount(dropped)} are missing` : "";
  return `${formatCount(rows)} calls recorded in ${path}${missing}`;
}
