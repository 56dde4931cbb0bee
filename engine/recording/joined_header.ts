/** One header for several runs. */
import { LOSS_KINDS, type LossBy, type LossKind } from "../../runtime/loss.ts";
import {
  mappedSums,
  type ReportHeader,
  type ReportMappedIo,
  type ReportSampling,
} from "../../runtime/report.ts";
import { parseTime, timeAfter } from "../../runtime/rfc3339.ts";

/** When the run of a header began, nanoseconds since 1970. */
export function startOf({ started }: ReportHeader): bigint {
  return parseTime(started) ?? 0n; // checked when it was read
}

/**
 * The header of runs that are shown as one, in the order of their start: names that differ are listed, the time runs from the
 * first start to the last end, with the part of it that was traced, loss and cost are added up. Members that make sense for
 * one run only are kept for one run.
 */
export function joinHeaders(headers: readonly ReportHeader[]): ReportHeader {
  const [first] = headers;
  if (headers.length === 1) return first;
  const startedNs = startOf(first);
  const ends = headers.map((header) => Number(startOf(header) - startedNs) + header.wall_ns);
  const wallNs = Math.max(...ends);
  const traced = tracedNs(headers.map((header, i) => [Number(beginOf(header) - startedNs), ends[i]]));
  const triggers = headers.flatMap((header) => header.triggers ?? []);
  const requests = headers.flatMap((header) => header.io_uring_requests ?? []);
  const mapped = knowFetched(headers) ? headers.flatMap((header) => header.mapped_io ?? []) : [];
  return {
    ior: names(headers, ({ ior }) => ior),
    host: names(headers, ({ host }) => host),
    kernel: names(headers, ({ kernel }) => kernel),
    arch: first.arch,
    libbpf: names(headers, ({ libbpf }) => libbpf),
    deno: names(headers, ({ deno }) => deno),
    command: same(headers, ({ command }) => command) ? first.command : null,
    command_status: same(headers, (header) => header.command_status) ? first.command_status : null,
    started: first.started,
    ...(first.covers &&
      { covers: { from: first.covers.from, to: timeAfter(first.started, wallNs) } }),
    ...(triggers.length === 0 ? {} : { triggers }),
    wall_ns: wallNs,
    ...(traced < wallNs && { traced_ns: traced }),
    selection: same(headers, ({ selection }) => selection) ? first.selection : { recordings: headers.length },
    loss: joinLoss(headers.map(({ loss }) => loss)),
    cost: joinCost(headers.map(({ cost }) => cost)),
    ...(requests.length === 0 ? {} : { io_uring_requests: requests }),
    ...(mapped.length === 0 ? {} : { mapped_io: joinMapped(mapped) }),
    ...joinSampling(headers.flatMap(({ sampling = [] }) => sampling)),
  };
}

/** From when on a run has calls: its start, or later when its oldest segments were removed. */
function beginOf(header: ReportHeader): bigint {
  return (header.covers && parseTime(header.covers.from)) ?? startOf(header);
}

/** The length of ranges of time together; what several have counts once. */
function tracedNs(ranges: readonly [from: number, to: number][]): number {
  let [sum, end] = [0, -Infinity];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

/**
 * Whether all of several runs tell what was brought into the page cache. A run without is one that did not ask, whose kernel
 * cannot tell, or that has not ended: sums of all would be those of the others.
 */
export function knowFetched(headers: readonly ReportHeader[]): boolean {
  return headers.every((header) => header.mapped_io !== undefined);
}

/** A file that several runs read has a row for each. */
function joinMapped(runs: readonly ReportMappedIo[]): ReportMappedIo {
  const files = runs.flatMap(({ files }) => files).sort((a, b) => b.mapped_bytes - a.mapped_bytes);
  return mappedSums(files, runs.flatMap(({ without_file }) => without_file ?? []));
}

/** The calls without a row are added up; of a rate that differs the largest is kept. */
function joinSampling(samplings: readonly ReportSampling[]): Pick<ReportHeader, "sampling"> {
  if (samplings.length === 0) return {};
  const rates = merged(samplings.map((sampling) => sampling.rates), Math.max);
  const raised = samplings.flatMap((sampling) => sampling.raised ? [sampling.raised] : []);
  const by = merged(samplings.map((sampling) => sampling.by), (a, b) => a + b);
  const calls = samplings.reduce((sum, sampling) => sum + sampling.calls, 0);
  return {
    sampling: {
      rates,
      ...(raised.length > 0 && { raised: merged(raised, Math.max) }),
      calls,
      by,
      counted: false,
    },
  };
}

/** One record of several: numbers of the same name become one, beginning with 0. */
function merged(
  records: readonly Record<string, number>[],
  join: (a: number, b: number) => number,
): Record<string, number> {
  const all: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) all[name] = join(all[name] ?? 0, value);
  }
  return all;
}

/** Sums stay exact integers: what is beyond them is the largest. */
function joinLoss(losses: readonly ReportHeader["loss"][]): ReportHeader["loss"] {
  if (losses.some(({ state }) => state === "unknown")) return { state: "unknown", calls: null, by: null };
  const sum = (counts: number[]) => Math.min(Number.MAX_SAFE_INTEGER, counts.reduce((a, b) => a + b, 0));
  const sumOf = (kind: keyof LossBy) => sum(losses.map(({ by }) => by?.[kind] ?? 0));
  const by = Object.fromEntries(LOSS_KINDS.map((kind) => [kind, sumOf(kind)])) as Record<LossKind, number>;
  const notShown = sumOf("not_shown");
  const calls = sum(losses.map((loss) => loss.calls ?? 0));
  const unnamed = sum(losses.map((loss) => loss.unnamed ?? 0));
  return {
    state: calls === 0 ? "none" : "some",
    calls,
    by: notShown === 0 ? by : { ...by, not_shown: notShown },
    ...(unnamed === 0 ? {} : { unnamed }),
  };
}

/** The kernel's part is an estimate per run; there is none for several. */
function joinCost(costs: readonly ReportHeader["cost"][]): ReportHeader["cost"] {
  return {
    cpu_ns: costs.reduce((sum, cost) => sum + cost.cpu_ns, 0),
    bpf_ns_per_call: null,
    bpf_ns_per_run: null,
    max_rss_bytes: Math.max(...costs.map((cost) => cost.max_rss_bytes)),
  };
}

function names(headers: readonly ReportHeader[], name: (header: ReportHeader) => string): string {
  return [...new Set(headers.map(name))].join(", ");
}

function same(headers: readonly ReportHeader[], member: (header: ReportHeader) => unknown): boolean {
  return new Set(headers.map((header) => JSON.stringify(member(header)))).size === 1;
}
