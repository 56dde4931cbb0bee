import { IorError } from "../../runtime/errors.ts";
import type { Expression } from "../../runtime/expression/mod.ts";
import { type Filter, splitFilter } from "../../runtime/filter/mod.ts";
import type { Machine } from "./machine.ts";
import type { ValuesOf } from "./option.ts";
import { type Given, refuseAlone, refuseRates } from "./refusals.ts";
import { TRIGGER_OPTION, WINDOW_OPTIONS } from "./trigger_options.ts";

/** A recording of calls around those that match a condition. */
export interface RecordTrigger {
  /** The condition as given. */
  text: string;
  /** The condition. */
  trigger: Expression;
  /** Time before the first match, nanoseconds. */
  beforeNs: number;
  /** Time after the last match, nanoseconds. */
  afterNs: number;
  /** Memory for rows, bytes. */
  bufferBytes: number;
  /** Program and arguments that run when a window is written, `null` for none. */
  exec: string[] | null;
}

/**
 * Builds the trigger, `null` for none. Throws a usage error for a target or options that it cannot go with, and for a condition
 * that holds for none of the calls of `selection`.
 */
export function recordTrigger(
  { trigger, beforeNs, afterNs, bufferBytes, exec }: ValuesOf<
    [typeof TRIGGER_OPTION, ...typeof WINDOW_OPTIONS]
  >,
  given: Given,
  path: string,
  selection: Filter,
  { isDirectory }: Pick<Machine, "isDirectory">,
): RecordTrigger | null {
  if (trigger === null) {
    refuseAlone(given, WINDOW_OPTIONS, `${TRIGGER_OPTION.long} '${TRIGGER_OPTION.example}'`);
    return null;
  }
  if (!path.endsWith("/") && !isDirectory(path)) {
    throw new IorError("usage", `Cannot use --trigger with ${path}: each window is a file in a directory`, {
      hint: `End the name in a slash: ${path.replace(/\.parquet$/, "")}/`,
    });
  }
  refuseRates(given, "--trigger", "a call without a row triggers nothing");
  const { kernel } = splitFilter({ ...selection, where: trigger.condition });
  if (kernel.syscalls.length === 0 && !kernel.unknownSyscalls) {
    throw new IorError("usage", `Cannot use --trigger \`${trigger.text}\`: none of its calls is traced`, {
      hint: "Select them with --syscall or --family",
    });
  }
  return { text: trigger.text, trigger: trigger.condition, beforeNs, afterNs, bufferBytes, exec };
}
