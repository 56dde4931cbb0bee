import type { RunningCall } from "../../runtime/row.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RowColumns } from "./row_columns.ts";

/** One run of a recording: its facts and its rows, from one file or from many. */
export interface RecordedRun {
  /** Name by which the user knows it. */
  readonly path: string;
  /** The run; final once its rows have been read. */
  readonly header: ReportHeader;
  readonly running: readonly RunningCall[];
  /** Number of rows, `null` when it is unknown until they have been read. */
  readonly rows: number | null;
  /** Calls that are missing from it, as far as they were counted. */
  readonly dropped: number;
  /** False when its end is missing, or a part of it. */
  readonly complete: boolean;
  /** What a reader should know of it, one line each. */
  readonly notes: readonly string[];
  /** Its rows, in their order. Throws an `IorError` where they cannot be read. */
  read(): AsyncIterable<RowColumns>;
}
