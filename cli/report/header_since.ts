import { LOSS_KINDS, lossOf, withUnnamed } from "../../runtime/loss.ts";
import { mappedSums, type ReportHeader, type ReportMapped, sumOfMapped } from "../../runtime/report.ts";

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
    ...requestsSince(now, before),
    ...mappedSince(now, before),
  };
}

/** The header of a part of a run: of what is told of the whole run only, no more is known than that there was none. */
export function headerOfPart(header: ReportHeader, wallNs: number): ReportHeader {
  const { io_uring_requests: requests, traced_ns: _ofWhole, ...rest } = header;
  return {
    ...rest,
    wall_ns: wallNs,
    loss: lossOfPart(header.loss),
    ...(requests?.length === 0 ? { io_uring_requests: requests } : {}),
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

/** Processes that have made none since are left out. */
function requestsSince(
  { io_uring_requests: now }: ReportHeader,
  { io_uring_requests: before = [] }: ReportHeader,
): Pick<ReportHeader, "io_uring_requests"> {
  if (now === undefined) return {};
  const known = new Map(before.map(({ pid, requests }) => [pid, requests]));
  const since = now.map(({ pid, requests }) => ({ pid, requests: requests - (known.get(pid) ?? 0) }));
  return { io_uring_requests: since.filter(({ requests }) => requests > 0) };
}

/**
 * Of each file what has been added; files of which nothing has are left out. Processes that had the same number one after the
 * other are one.
 */
function mappedSince(
  { mapped_io: now }: ReportHeader,
  { mapped_io: before }: ReportHeader,
): Pick<ReportHeader, "mapped_io"> {
  if (now === undefined || before === undefined) return {};
  const keyOf = ({ pid, path, path_raw }: typeof now.files[number]) => `${pid} ${path_raw ?? path}`;
  const known = Map.groupBy(before.files, keyOf);
  const files = Array.from(
    Map.groupBy(now.files, keyOf),
    ([key, rows]) => ({ ...rows[0], ...addedTo(sumOfMapped(rows), sumOfMapped(known.get(key) ?? [])) }),
  );
  const rest = now.without_file === undefined ? [] : [addedTo(now.without_file, before.without_file)];
  return { mapped_io: mappedSums(files.filter(isSome).sort(byBytes), rest.filter(isSome)) };
}

function addedTo(now: ReportMapped, before: ReportMapped | undefined): ReportMapped {
  const since = (now: number | null, before: number | null = 0) => now === null ? null : now - (before ?? 0);
  return {
    mapped_bytes: now.mapped_bytes - (before?.mapped_bytes ?? 0),
    major_faults: since(now.major_faults, before?.major_faults),
    fault_ns: since(now.fault_ns, before?.fault_ns),
  };
}

function isSome({ mapped_bytes, major_faults }: ReportMapped): boolean {
  return mapped_bytes > 0 || (major_faults ?? 0) > 0;
}

function byBytes(a: ReportMapped, b: ReportMapped): number {
  return b.mapped_bytes - a.mapped_bytes || (b.fault_ns ?? 0) - (a.fault_ns ?? 0);
}

/** Unknown when either is. */
function lossSince(now: ReportHeader["loss"], before: ReportHeader["loss"]): ReportHeader["loss"] {
  if (now.by === null || before.by === null) return { state: "unknown", calls: null, by: null };
  const by = { ...now.by };
  for (const kind of LOSS_KINDS) by[kind] -= before.by[kind];
  return withUnnamed(lossOf(by), (now.unnamed ?? 0) - (before.unnamed ?? 0));
}

/** What is known of the loss in a part of the time in which this was lost. */
function lossOfPart(loss: ReportHeader["loss"]): ReportHeader["loss"] {
  return loss.state === "none"
    ? { state: loss.state, calls: loss.calls, by: loss.by }
    : { state: "unknown", calls: null, by: null };
}
