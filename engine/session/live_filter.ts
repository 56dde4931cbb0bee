import type { EventSink, LiveFilterSetter, MaybePromise } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { cloneFilter, compileCalls, compileCondition, type Filter } from "../../runtime/filter/mod.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { Probes } from "./probes.ts";
import type { RunningTrace } from "./running_trace.ts";

/** Parts of a filter that the programs get when they are loaded. */
const FIXED = ["pids", "tids", "follow"] as const satisfies (keyof Filter)[];

/** Everything that a new filter affects. */
export interface FilterTargets {
  running: RunningTrace;
  probes: Probes;
  /** What starts a new baseline, in this order. */
  baselines: readonly { reset(): MaybePromise<void> }[];
  /** Rows that are filtered again. */
  rows: Pick<EventSink, "retain"> | null;
}

/** The {@linkcode LiveFilterSetter} of a trace that runs under `first`. */
export function liveFilterSetter(first: Filter, targets: FilterTargets): LiveFilterSetter {
  const { running, probes, baselines, rows } = targets;
  return async (wanted) => {
    const filter = cloneFilter(wanted);
    if (FIXED.some((key) => String(first[key]) !== String(filter[key]))) {
      throw new IorError("usage", "Cannot change which processes a running trace follows", {
        hint: "Start the trace again",
      });
    }
    const isWanted = compileRows(filter);
    return await running.betweenLooks(async () => {
      const epoch = await running.swapFilter({ ...filter, ...probes.adjust(filter) });
      probes.filterChanged(filter);
      for (const baseline of baselines) await baseline.reset();
      rows?.retain(isWanted);
      return epoch;
    });
  };
}

/** True for rows that the filter selects; the set of traced processes does not change. */
function compileRows(filter: Filter): (row: StreamRow) => boolean {
  const isSelected = compileCalls(filter);
  const matches = filter.where === null ? () => true : compileCondition(filter.where);
  return (row) => isSelected(row.syscall) && matches(row);
}
