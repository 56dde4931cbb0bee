/**
 * Messages between the main thread and a recorder worker: closed unions keyed by `kind`, plain data only. Every request
 * carries an `id` and is answered once, with the same `id`. The protocol's number is that of runtime/messages.ts.
 */
import type { RecorderStatus } from "./contracts.ts";
import type { DoneReply, FailedReply, IngestRequest } from "./messages.ts";
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

/** From the main thread. */
export type RecorderRequest =
  | IngestRequest
  | { kind: "hello"; id: number; protocol: number; config: RecorderConfig }
  | { kind: "start"; id: number; start: RecordingStart }
  /** What is known of the run by now, for the segments that end from here on. */
  | { kind: "update"; id: number; header: ReportHeader }
  | { kind: "status"; id: number }
  | { kind: "stop"; id: number; end: RecordingEnd }
  /** Takes back what is not complete. */
  | { kind: "discard"; id: number };

/** Answers of a recorder worker to questions. */
export type RecorderAnswer = { kind: "status"; id: number; status: RecorderStatus };

/** From the worker. */
export type RecorderReply = RecorderAnswer | DoneReply | FailedReply;
