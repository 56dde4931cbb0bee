/** Whether every call has a row, and why. */
import type { Filter } from "../../runtime/filter/mod.ts";
import { decidedByRows, type Sampling } from "../../runtime/sampling.ts";

/**
 * Why the kernel does not decide by itself which calls it adds up: `--rows` asks for all rows, rates say which calls have one,
 * the command is made of rows (`command`: it writes them, `recording`, `view`: it shows them), or user space decides a part of
 * the condition for each.
 */
export type RowsNeed = "option" | "rates" | "command" | "recording" | "view" | "condition";

/** The need of a command line; `ofCommand` is that of the command. `null` when nothing needs single calls. */
export function rowsNeed(
  filter: Filter,
  { sampling, autoSamples }: { sampling: Sampling | null; autoSamples: boolean },
  wantsRows: boolean,
  ofCommand: RowsNeed | null,
): RowsNeed | null {
  if (sampling !== null || autoSamples) return "rates";
  if (wantsRows) return "option";
  return ofCommand ?? (decidedByRows(filter) === null ? null : "condition");
}
