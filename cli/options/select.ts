import { IorError } from "../../runtime/errors.ts";
import {
  allOf,
  CALL_EXTRAS,
  type CallExtra,
  FIELDS_OF_EXTRAS,
  usesField,
} from "../../runtime/expression/mod.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import type { Sampling } from "../../runtime/sampling.ts";
import type { CallFlags, SelectionFlags } from "./flag_values.ts";
import type { LookOptions } from "./look.ts";
import type { ValuesOf } from "./option.ts";
import type { LIVE_OPTIONS } from "./run_options.ts";
import { refuseUnsampled, type RowsNeed, rowsNeed } from "./sampling.ts";
import {
  fromAllFamilies,
  groupCondition,
  resolveCalls,
  resolveSelection,
  selectionDescription,
  withExclusions,
} from "./selection.ts";

/** Which calls. */
export interface SelectOptions {
  /** What to trace, or to take from a recording. */
  selection: Filter;
  /** Control groups as the user gave them; empty for all. */
  cgroups: readonly string[];
  /** The selection as the user gave it, for reports and row headers. */
  selectionDescription: Record<string, unknown>;
}

/** Options common to all commands that trace. */
export interface RunOptions extends LookOptions, SelectOptions {
  /** The command to start and trace, `null` for none. */
  command: string[] | null;
  /** Time after which to stop, nanoseconds, `null` for none. */
  durationNs: number | null;
  /** Size of the ring buffer, bytes. */
  ringBytes: number;
  /** Rows say the control group of their thread. */
  showsGroups: boolean;
  /** What is known of each call beside its result. */
  extras: readonly CallExtra[];
  /** Which calls are rows, `null` when no rates were given. */
  sampling: Sampling | null;
  /** Why every call is a row, or rates say which; `null` when the kernel adds up what nothing needs rows of. */
  needsRows: RowsNeed | null;
  /** Fewer calls are rows while the ring is more than half full. */
  autoSamples: boolean;
  /** ior waits for its command, even when it stops tracing earlier. */
  waitsForCommand: boolean;
  /** The trace ends with the last child that the command leaves, rather than with the command. */
  waitsForChildren: boolean;
  /** The selection is explained, and nothing is traced. */
  explains: boolean;
}

/** The selection of a trace. Throws a usage error when it is empty. */
export function selectLive(values: SelectionFlags): SelectOptions {
  const selection = resolveSelection(values);
  return {
    selection,
    cgroups: values.cgroups,
    selectionDescription: selectionDescription(values, selection),
  };
}

/** The selection from recordings, which were already selected once: only options that narrow it count. */
export function selectReplay(flags: Omit<SelectionFlags, "follow">): SelectOptions {
  const values = withExclusions({ ...flags, follow: true });
  const resolved = resolveSelection(fromAllFamilies(values));
  // A recording has the names of groups, and no groups to ask for.
  const where = allOf([resolved.where, groupCondition(values.cgroups)].filter((term) => term !== null));
  const selection = { ...resolved, where };
  return {
    selection,
    cgroups: values.cgroups,
    selectionDescription: selectionDescription(values, selection),
  };
}

/** Names of the calls that the options select; without any, all that ior knows. Throws a usage error when none is left. */
export function selectCalls(flags: CallFlags): string[] {
  return resolveCalls(fromAllFamilies(withExclusions(flags)));
}

/**
 * Builds the options of a trace. `need` is what the command needs rows for, `null` for nothing. Throws a usage error for a
 * selection that cannot be sampled, and for both --rows and rates.
 */
export function runOptions(
  look: LookOptions,
  select: SelectOptions,
  values: ValuesOf<typeof LIVE_OPTIONS> & { wantsRows?: boolean; fieldNames?: readonly string[] },
  command: string[] | null,
  need: RowsNeed | null,
): RunOptions {
  const { durationNs, ringBytes, sampling, autoSamples, waitsForCommand, waitsForChildren } = values;
  const { showsGroups, explains, wantsRows = false } = values;
  const extras = extrasOf(values, select.selection, values.fieldNames ?? []);
  const hasStacks = extras.includes("stacks");
  if (sampling !== null || autoSamples) {
    if (wantsRows) throw rowsAndRates("--rows");
    if (hasStacks) throw rowsAndRates("--stacks");
    refuseUnsampled(select.selection);
  }
  const needsRows = rowsNeed(select.selection, values, wantsRows, need ?? (hasStacks ? "stacks" : null));
  const run = { durationNs, ringBytes, sampling, autoSamples, needsRows, waitsForCommand, waitsForChildren };
  const selectionDescription = waitsForChildren && command !== null
    ? { ...select.selectionDescription, all_children: true }
    : select.selectionDescription;
  return { ...look, ...select, selectionDescription, command, ...run, showsGroups, extras, explains };
}

/** The extras that are asked for: by their options, by a condition, or by `names` of fields or measures. */
function extrasOf(
  values: Partial<Record<CallExtra, boolean>>,
  { where }: Filter,
  names: readonly string[],
): CallExtra[] {
  return CALL_EXTRAS.filter((extra) =>
    values[extra] === true ||
    FIELDS_OF_EXTRAS[extra].some((field) =>
      usesField(where, field) || names.some((name) => name === field || name.startsWith(`${field}_`))
    )
  );
}

function rowsAndRates(option: string): IorError {
  return new IorError(
    "usage",
    `Cannot use ${option} with --sample, --auto-sample or --no-rows: these leave calls without a row`,
    {
      hint: "Leave one of the two out",
    },
  );
}
