import type { Selection } from "../../runtime/selection.ts";
import type { SelectionFlags } from "./flag_values.ts";
import type { LookOptions } from "./look.ts";
import type { Machine } from "./machine.ts";
import type { ValuesOf } from "./option.ts";
import type { LIVE_OPTIONS } from "./run_options.ts";
import { resolveSelection, selectionDescription } from "./selection.ts";

/** Which calls. */
export interface SelectOptions {
  /** What to trace, or to take from a recording. */
  selection: Selection;
  /** The selection as the user gave it, for reports and row headers. */
  selectionDescription: Record<string, unknown>;
}

/** What every command that traces is asked to do. */
export interface RunOptions extends LookOptions, SelectOptions {
  /** The command to start and trace, `null` for none. */
  command: string[] | null;
  /** Time after which to stop, nanoseconds, `null` for none. */
  durationNs: number | null;
  /** Size of the ring buffer, bytes. */
  ringBytes: number;
}

/** The selection of a trace. Throws a usage error when it is empty. */
export function selectLive(values: SelectionFlags, { arch }: Machine): SelectOptions {
  const selection = resolveSelection(values, arch);
  return { selection, selectionDescription: selectionDescription(values, selection, arch) };
}

/** The selection from recordings: what was recorded was selected once, and only what narrows it further counts. */
export function selectReplay(flags: Omit<SelectionFlags, "follow">, { arch }: Machine): SelectOptions {
  const values = { ...flags, follow: true };
  const { families, kinds, syscalls } = values;
  const isUnnamed = families.length + kinds.length + syscalls.length === 0;
  const selection = resolveSelection(isUnnamed ? { ...values, families: ["all"] } : values, arch);
  return { selection, selectionDescription: selectionDescription(values, selection, arch) };
}

/** What a trace is asked to do. */
export function runOptions(
  look: LookOptions,
  select: SelectOptions,
  { durationNs, ringBytes }: ValuesOf<typeof LIVE_OPTIONS>,
  command: string[] | null,
): RunOptions {
  return { ...look, ...select, command, durationNs, ringBytes };
}
