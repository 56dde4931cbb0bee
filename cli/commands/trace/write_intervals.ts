import { delay } from "../../../runtime/delay.ts";
import type { RunningTrace, StatsClient } from "../../../engine/mod.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { TraceReports } from "./trace_reports.ts";

/** What writes the reports, counts their calls, and says what the header of one has to say now. */
export interface IntervalSources {
  reports: Pick<TraceReports, "writeInterval">;
  stats: Pick<StatsClient, "snapshotAndReset">;
  header: () => ReportHeader;
}

/** When reports are written. */
export interface IntervalPlan {
  intervalNs: number;
  /** After so many the trace is ended; `null` for never. */
  count: number | null;
  /** When the trace ends by itself, `null` for never: the interval that ends with it is not written here. */
  durationNs: number | null;
}

/** Writes a report every interval. Ends with the trace, or ends it after `count`; false when no more are wanted. */
export async function writeIntervals(
  running: Pick<RunningTrace, "ended" | "wallNs" | "cut" | "figures" | "stop">,
  { reports, stats, header }: IntervalSources,
  { intervalNs, count, durationNs }: IntervalPlan,
): Promise<boolean> {
  const ended = new AbortController();
  running.ended.catch(() => {}).finally(() => ended.abort());
  // The interval ends where its calls do: a snapshot may come much later.
  const endInterval = async () => {
    const now = header();
    const { missedSlow } = running.figures();
    return { now, missedSlow, snapshot: await stats.snapshotAndReset(now.wall_ns) };
  };
  for (let written = 0; count === null || written < count; written++) {
    // Counted from the start, so that a late report does not delay all later ones.
    const dueNs = (Math.floor(running.wallNs / intervalNs) + 1) * intervalNs;
    // Else it would be cut a moment before the end, and that moment would be an interval of its own.
    if (durationNs !== null && dueNs >= durationNs) await running.ended.catch(() => {});
    else await delay((dueNs - running.wallNs) / 1e6, ended.signal);
    if (ended.signal.aborted) return true;
    const interval = await running.cut(endInterval).catch(() => null);
    if (interval === null) return true; // the trace has ended
    const { now, missedSlow, snapshot } = interval;
    await reports.writeInterval(now, { running: [], missedSlow }, snapshot);
  }
  void running.stop().catch(() => {});
  return false;
}
