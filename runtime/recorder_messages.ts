/**
 * Messages between the main thread and a recorder worker: closed unions keyed by `kind`, plain data only. Every request
 * carries an `id` and is answered once, with the same `id`. The protocol version is in runtime/messages.ts.
 */
import type { RecorderStatus } from "./contracts.ts";
import type { DoneReply, FailedReply, IngestRequest } from "./messages.ts";
import type { RecordingEnd, RecordingStart, RecordingTarget } from "./recording.ts";
import type { ReportHeader } from "./report.ts";

/** What a recorder worker is built with. */
export interface RecorderConfig {
  /** Architecture whose call numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Where the rows go. */
  target: RecordingTarget;
  /** Owner of the files, `null` for the user of this process. */
  owner: { uid: number; gid: number } | null;
}

/** From the main thread. */
export type RecorderRequest =
  | IngestRequest
  | { kind: "hello"; id: number; protocol: number; config: RecorderConfig }
  | { kind: "start"; id: number; start: RecordingStart }
  /** What is now known of the run, for the segments that end from here on. */
  | { kind: "update"; id: number; header: ReportHeader }
  /** Ends the segment that is written; the next row begins another. */
  | { kind: "cut"; id: number }
  | { kind: "status"; id: number }
  | { kind: "stop"; id: number; end: RecordingEnd }
  /** Removes what is not complete. */
  | { kind: "discard"; id: number };

/** Answers of a recorder worker. */
export type RecorderAnswer = { kind: "status"; id: number; status: RecorderStatus };

/** From the worker. */
export type RecorderReply = RecorderAnswer | DoneReply | FailedReply;
