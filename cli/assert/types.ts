/** Assertions as plain data. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import type { NumberOperator, TextOperator, Unit } from "../../runtime/expression/mod.ts";
import type { GroupKey } from "../../runtime/stats.ts";

/** What a measure counts, which decides how its bound is written. */
export type MeasureUnit = Exclude<Unit, "offset" | "value">;

/** The measures of assertions, and whether they need the latencies of the calls rather than a sum. */
export const MEASURES = {
  calls: { unit: "count", distribution: false },
  errors: { unit: "count", distribution: false },
  bytes: { unit: "bytes", distribution: false },
  read_bytes: { unit: "bytes", distribution: false },
  write_bytes: { unit: "bytes", distribution: false },
  total: { unit: "ns", distribution: false },
  mean: { unit: "ns", distribution: true },
  p50: { unit: "ns", distribution: true },
  p90: { unit: "ns", distribution: true },
  p99: { unit: "ns", distribution: true },
  max: { unit: "ns", distribution: false },
  iowait: { unit: "ns", distribution: false },
  blocked: { unit: "ns", distribution: false },
  runqueue: { unit: "ns", distribution: false },
  fetched: { unit: "bytes", distribution: false },
} as const satisfies Record<string, { unit: MeasureUnit; distribution: boolean }>;

/** One of {@linkcode MEASURES}. */
export type Measure = keyof typeof MEASURES;

/** Fields of a condition, each with the key of the tables that have it. */
export const FIELDS = {
  syscall: "syscall",
  family: "syscall",
  errno: "errno",
  path: "file",
  process: "process",
  pid: "process",
} as const satisfies Record<string, GroupKey>;

/** One of {@linkcode FIELDS}. */
export type Field = keyof typeof FIELDS;

/** How a condition compares: equal, unequal, by a pattern, or by a regular expression. */
export type ConditionOperator = TextOperator;

/** Selects calls. Of several conditions on one field any may match, but those with `!=` must all hold. */
export interface Condition {
  field: Field;
  operator: ConditionOperator;
  value: string;
}

/** Selects a number of a report. */
export interface Subject {
  /** All of what the user wrote. */
  text: string;
  measure: Measure;
  conditions: Condition[];
}

/** One assertion. */
export interface Assertion extends Subject {
  /** How the value found compares with the bound. */
  comparison: NumberOperator;
  /** In the unit of the measure: calls, bytes or nanoseconds. */
  bound: number;
}

/** Result of an assertion. */
export interface AssertionResult {
  /** As the user wrote it. */
  text: string;
  measure: Measure;
  /** The value, in the unit of the measure; `null` when there is none or it is unknown. */
  found: ExactInteger | null;
  holds: boolean;
  /** Why the exact value is unknown, one plain sentence without a full stop; `null` when it is known. */
  doubt: string | null;
}
