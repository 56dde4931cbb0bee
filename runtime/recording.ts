/** Recordings: the facts about the run that their files hold, where the files go, and their limits. */
import type { ReportHeader, ReportRunning } from "./report.ts";
import type { RunningCall } from "./row.ts";

/** Version of the facts about the run. Additive changes keep it; readers ignore unknown members. */
export const RECORDING_SCHEMA = "ior.recording/1";

/** Key of these facts in the metadata of a Parquet file. */
export const RECORDING_KEY = "ior.recording";

/** The facts about its run that a file of a recording holds, as JSON. */
export interface RecordingFacts {
  /** Identifies the document. */
  schema: typeof RECORDING_SCHEMA;
  /** Name of the run, the same in all its segments. */
  run: string;
  /** The run as it was known when the file was finished. */
  header: ReportHeader;
  /** Calls that had not returned when the trace ended. */
  running: ReportRunning[];
  /** Rows of this file. */
  rows: number;
  /** Calls of the run so far that are missing from all files of the recording. */
  dropped: number;
  /** Why they are missing, `null` when nothing went wrong. */
  last_error: string | null;
  /** True in the file that was finished after the trace ended: its header is final. */
  complete: boolean;
  /** Number of the segment in its run, from 1 on; left out in a recording of one file. */
  segment?: { index: number };
}

/** Where a recording goes. */
export type RecordingTarget =
  /** One file, which appears under its name when it is complete. */
  | { kind: "file"; path: string }
  /** A directory of segments, each a file of its own. */
  | ({
    kind: "directory";
    path: string;
    /** Newest segments of the run to keep, `null` for all. */
    keep: number | null;
    /** Bytes that the segments of this host may take, those of earlier runs included; default all that there are. */
    maxBytes?: number | null;
  } & SegmentLimits);

/** Limits of a segment: the next one begins when the first of them is reached. */
export interface SegmentLimits {
  /** Rows of a segment. */
  segmentRows: number;
  /** Bytes of a segment, compared at the end of each row group. */
  segmentBytes: number;
  /** Time from the first row of a segment to its end, nanoseconds of the wall clock. */
  segmentNs: number;
}

/** Default limits of segments. */
export const SEGMENT_LIMITS: Readonly<SegmentLimits> = {
  /** Five seconds of a busy machine. */
  segmentRows: 8_000_000,
  /** A file size that suits object stores and query engines. */
  segmentBytes: 128 * 1024 * 1024,
  /** The time that is lost when the machine crashes. */
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
