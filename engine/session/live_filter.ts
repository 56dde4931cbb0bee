import type { EventSink, LiveFilterSetter, MaybePromise } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { cloneSelection, type Selection } from "../../runtime/selection.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import type { Probes } from "./probes.ts";
import { rowFilter } from "./row_filter.ts";
import type { RunningTrace } from "./running_trace.ts";

/** What the programs have from the load on. */
const FIXED = ["pids", "tids", "follow"] as const satisfies (keyof Selection)[];

/** What a new filter acts on. */
export interface FilterTargets {
  running: RunningTrace;
  probes: Probes;
  arch: Arch;
  /** What starts a new baseline, in this order. */
  baselines: readonly { reset(): MaybePromise<void> }[];
  /** Rows that are judged again. */
  rows: EventSink | null;
}

/** The {@linkcode LiveFilterSetter} of a trace that runs under `first`. */
export function liveFilterSetter(first: Selection, targets: FilterTargets): LiveFilterSetter {
  const { running, probes, arch, baselines, rows } = targets;
  return async (wanted) => {
    const selection = cloneSelection(wanted);
    checkChange(first, selection);
    const isWanted = rowFilter(selection, arch);
    return await running.betweenLooks(async () => {
      const epoch = await running.swapFilter({ ...selection, syscalls: probes.applyTo(selection.syscalls) });
      for (const baseline of baselines) await baseline.reset();
      rows?.retain(isWanted);
      return epoch;
    });
  };
}

/** Throws for a filter that a running trace cannot take. */
function checkChange(first: Selection, wanted: Selection): void {
  if (FIXED.some((key) => String(first[key]) !== String(wanted[key]))) {
    throw new IorError("usage", "Cannot change which processes a running trace follows", {
      hint: "Start the trace again",
    });
  }
  const { slowerNs, uids } = wanted;
  if (!(Number.isSafeInteger(slowerNs) && slowerNs >= 0)) {
    throw new IorError("usage", `Cannot select calls slower than ${slowerNs} ns: it must be a whole number`);
  }
  const wrong = uids.find((uid) => uid !== uid >>> 0);
  if (wrong !== undefined) throw new IorError("usage", `Cannot select user ${wrong}: it must be a UID`);
}
