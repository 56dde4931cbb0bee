/**
 * Messages between the main thread and a recorder worker: closed unions keyed by `kind`, plain data only. Every request
 * carries an `id` and is answered once, with the same `id`. The protocol's number is that of runtime/messages.ts.
 */
import type { RecorderStatus } from "./contracts.ts";
import type { ErrorData } from "./errors.ts";
import type { EventBatch } from "./event_batch.ts";
import type { RecordingEnd, RecordingStart, RecordingTarget } from "./recording.ts";
import type { ReportHeader } from "./report.ts";

/** What a recorder worker is built with. */
export interface RecorderConfig {
  /** Which machine's numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Where the rows go. */
  target: RecordingTarget;
  /** Whom the files shall belong to, `null` for the user of this process. */
  owner: { uid: number; gid: number } | null;
}

/** From the main thread. The buffer behind `ingest`'s columns is transferred. */
export type RecorderRequest =
  | { kind: "hello"; id: number; protocol: number; config: RecorderConfig }
  | { kind: "start"; id: number; start: RecordingStart }
  | { kind: "ingest"; id: number; batch: EventBatch }
  /** What is known of the run by now, for the segments that end from here on. */
  | { kind: "update"; id: number; header: ReportHeader }
  | { kind: "status"; id: number }
  | { kind: "stop"; id: number; end: RecordingEnd }
  /** Takes back what is not complete. */
  | { kind: "discard"; id: number };

/** From the worker. `done` for an `ingest` gives the columns' buffer back, transferred, to be used again. */
export type RecorderReply =
  | { kind: "done"; id: number; buffer?: ArrayBuffer }
  | { kind: "status"; id: number; status: RecorderStatus }
  | { kind: "failed"; id: number; error: ErrorData };
