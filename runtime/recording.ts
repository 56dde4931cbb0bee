/** Recordings: what their files say of the run they are of, where they go, and their limits. */
import type { ReportHeader, ReportRunning } from "./report.ts";
import type { RunningCall } from "./row.ts";

/** Version of what a recording says of its run. An additive change keeps it; readers ignore what they do not know. */
export const RECORDING_SCHEMA = "ior.recording/1";

/** Key of that text among the metadata of a Parquet file. */
export const RECORDING_KEY = "ior.recording";

/** What a file of a recording says of its run, as JSON. */
export interface RecordingFacts {
  /** Says what the text is. */
  schema: typeof RECORDING_SCHEMA;
  /** Name of the run, the same in all its segments. */
  run: string;
  /** The run as it was known when the file was finished. */
  header: ReportHeader;
  /** Calls that had not returned when the trace ended. */
  running: ReportRunning[];
  /** Rows of this file. */
  rows: number;
  /** Calls of the run so far that should be in the recording and are in none of its files. */
  dropped: number;
  /** Why they are in none, `null` when nothing went wrong. */
  last_error: string | null;
  /** True in the file that was finished when the trace had ended: its header is final. */
  complete: boolean;
  /** Number of the segment in its run, from 1 on; left out in a recording of one file. */
  segment?: { index: number };
}

/** Where a recording goes. */
export type RecordingTarget =
  /** One file, which appears under its name when it is complete. */
  | { kind: "file"; path: string }
  /** A directory of segments, each a file of its own. */
  | ({ kind: "directory"; path: string; keep: number | null } & SegmentLimits);

/** Where a segment ends and the next one begins: at whichever comes first. */
export interface SegmentLimits {
  /** Rows of a segment. */
  segmentRows: number;
  /** Bytes of a segment, compared at the end of each row group. */
  segmentBytes: number;
  /** Time from the first row of a segment to its end, nanoseconds of the wall clock. */
  segmentNs: number;
}

/** Limits of segments when nothing else is asked for. */
export const SEGMENT_LIMITS: Readonly<SegmentLimits> = {
  /** What five seconds of a busy machine are. */
  segmentRows: 8_000_000,
  /** What object stores and query engines like for one file. */
  segmentBytes: 128 * 1024 * 1024,
  /** What a machine that dies takes with it. */
  segmentNs: 5_000_000_000,
};

/** What is known of a run when tracing has begun. */
export interface RecordingStart {
  /** When the trace began, nanoseconds since 1970. */
  startedWallNs: bigint;
  /** The run as far as it is known. */
  header: ReportHeader;
}

/** What is known of a run when the trace has ended. */
export interface RecordingEnd {
  /** The final header. */
  header: ReportHeader;
  /** Calls that had not returned, longest first. */
  running: readonly RunningCall[];
}
