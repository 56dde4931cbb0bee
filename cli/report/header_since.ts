import { LOSS_KINDS } from "../../runtime/loss.ts";
import type { ReportHeader } from "../../runtime/report.ts";

/**
 * The header of the time between two others: its length, what was lost in it and what it cost. `before` is `null` when it
 * begins with the trace. The largest memory and the kernel's time per call are those so far.
 */
export function headerSince(now: ReportHeader, before: ReportHeader | null): ReportHeader {
  if (before === null) return now;
  return {
    ...now,
    wall_ns: now.wall_ns - before.wall_ns,
    loss: lossSince(now.loss, before.loss),
    cost: { ...now.cost, cpu_ns: now.cost.cpu_ns - before.cost.cpu_ns },
    ...samplingSince(now, before),
  };
}

function samplingSince(
  { sampling: now }: ReportHeader,
  { sampling: before }: ReportHeader,
): Pick<ReportHeader, "sampling"> {
  if (now === undefined || before === undefined) return {};
  const by = Object.fromEntries(
    Object.entries(now.by).map(([name, calls]) => [name, calls - (before.by[name] ?? 0)]),
  );
  return { sampling: { ...now, calls: now.calls - before.calls, by } };
}

/** Unknown when either is. */
function lossSince(now: ReportHeader["loss"], before: ReportHeader["loss"]): ReportHeader["loss"] {
  if (now.by === null || before.by === null) return { state: "unknown", calls: null, by: null };
  const by = { ...now.by };
  for (const kind of LOSS_KINDS) by[kind] -= before.by[kind];
  const calls = LOSS_KINDS.reduce((sum, kind) => sum + by[kind], 0);
  return { state: calls === 0 ? "none" : "some", calls, by };
}
