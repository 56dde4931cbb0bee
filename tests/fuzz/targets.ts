/** Everything that is fuzzed, by name. */
import type { Target } from "./target.ts";
import { FOLDED_STACKS, PAGE } from "./targets/flames.ts";
import { PARQUET_FILE, ROWS_FILE } from "./targets/recordings.ts";
import { REPORT } from "./targets/reports.ts";
import { COMMAND_LINE, EXPRESSION, REGEX, SYSTEM_TEXT } from "./targets/texts.ts";

/** The targets. */
export const TARGETS = {
  "a recording of Parquet": PARQUET_FILE,
  "rows of NDJSON": ROWS_FILE,
  "a JSON report": REPORT,
  "folded stacks": FOLDED_STACKS,
  "the page of a flamegraph": PAGE,
  "a command line": COMMAND_LINE,
  "an expression": EXPRESSION,
  "a regular expression": REGEX,
  "a text of the system": SYSTEM_TEXT,
} as const;

/** The name of a target. */
export type TargetName = keyof typeof TARGETS;

/** A target by its name. */
export function targetNamed(name: TargetName): Target {
  return TARGETS[name] as unknown as Target;
}
