/** The comparison of two reports as JSON, `ior.diff/1`: names, nesting and units of the published document. */
import type { RunFacts } from "../../runtime/report.ts";
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import type { Measure } from "../assert/mod.ts";

/** Version of the document. Additive changes keep it; readers ignore unknown members. */
export const DIFF_SCHEMA = "ior.diff/1";

/** What is compared of every row: the measures of a report. */
export const COMPARED_MEASURES = [
  "calls",
  "errors",
  "read_bytes",
  "write_bytes",
  "total_ns",
  "mean_ns",
  "p50_ns",
  "p90_ns",
  "p99_ns",
  "max_ns",
] as const;

/** One of {@linkcode COMPARED_MEASURES}. */
export type ComparedMeasure = typeof COMPARED_MEASURES[number];

/**
 * Whether a change exceeds the difference of two runs of the same program, see `noise.ts`. `too_few_calls`: too few to
 * tell. `unknown`: a report lacks the data, or the measure is the longest latency, which a single call decides.
 */
export type Verdict = "beyond_noise" | "within_noise" | "too_few_calls" | "unknown";

/** A measure on both sides: calls, bytes or nanoseconds. */
export interface Change {
  /** Value in the first report; `null` when no call returned or it is unknown. */
  before: ExactInteger | null;
  /** The same in the second. */
  after: ExactInteger | null;
  /** `after` minus `before`, `null` when one of them is. */
  change: ExactInteger | null;
  /** `after` over `before`, six digits; `null` when one of them is, or `before` is 0. */
  ratio: number | null;
  verdict: Verdict;
}

/** All measures of a row. */
export type Changes = Record<ComparedMeasure, Change>;

/**
 * Which of the reports have a row; `unknown`: one has it, and the other was cut, folded or
 * lacks names, and may have had it too.
 */
export type RowState = "both" | "new" | "gone" | "unknown";

/** A row of a table. */
export type ComparedRow<Names> = Names & { state: RowState } & Changes;

/** Names of the rows of each table. */
export interface ComparedNames {
  syscalls: { syscall: string; family: string };
  /** `path_raw` is base64 of the exact bytes, only where they are not UTF-8. */
  files: { path: string; path_raw?: string };
  /** Including subdirectories. */
  directories: { path: string; depth: number };
  /** Processes by name, because numbers differ from run to run; `processes` is how many they were. */
  processes: { comm: string; processes: { before: number; after: number } };
}

/** Name of a table. */
export type ComparedTable = keyof ComparedNames;

/** The tables, in their order. */
export const COMPARED_TABLES: readonly ComparedTable[] = ["syscalls", "files", "directories", "processes"];

/** The rows of every table, the largest change of time first. */
export type ComparedTables = { [Table in ComparedTable]: ComparedRow<ComparedNames[Table]>[] };

/** What came of a condition. */
export interface FailOnResult {
  /** As the user wrote it. */
  text: string;
  measure: Measure;
  /** The number in each report: calls, bytes or nanoseconds; `null` when there is none, or when it cannot be told. */
  before: ExactInteger | null;
  after: ExactInteger | null;
  /** True when the change is what the condition says, and the comparison has failed. */
  holds: boolean;
  /** Whether the change exceeds the noise: told, and never waited for. */
  verdict: Verdict;
  /** Why it cannot be told whether the condition holds, one plain sentence without a full stop; `null` when it can. */
  doubt: string | null;
}

/** The whole document. */
export interface Comparison extends ComparedTables {
  /** Identifies the document. */
  schema: typeof DIFF_SCHEMA;
  before: RunFacts;
  after: RunFacts;
  /** Why the two may not be comparable, one plain sentence each without a full stop. */
  warnings: string[];
  /** All calls. */
  totals: Changes;
  /** Results of `--fail-on`; left out without it. */
  fail_on?: FailOnResult[];
  /** Rows cut by `--top`, by table, and how many of them have a change beyond the noise. */
  cut: Partial<Record<ComparedTable, { rows: number; beyond_noise: number }>>;
}
