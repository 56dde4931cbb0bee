import type { EndedTrace, TraceFacts, TraceFigures } from "../../engine/mod.ts";
import { type ReportHeader, reportMappedIo, type ReportSampling } from "../../runtime/report.ts";
import type { Sampling } from "../../runtime/sampling.ts";
import { VERSION } from "../../runtime/version.ts";
import type { RunOptions } from "../options/mod.ts";
import { createRowClock } from "../rows/clock.ts";

/** What the header of a run says of the options. */
type HeaderOptions = Pick<RunOptions, "command" | "selectionDescription" | "sampling" | "autoSamples">;

/** Facts of a run for its report, where {@linkcode countedHeader} belongs, and for the header of its rows. */
export function runHeader(
  { command, selectionDescription, sampling, autoSamples }: HeaderOptions,
  facts: TraceFacts,
  figures: TraceFigures | EndedTrace,
): ReportHeader {
  const { wallNs, commandWallNs, loss, cost, mappedIo, commandStatus, uringRequests } = figures;
  return {
    ior: VERSION,
    host: Deno.hostname(),
    kernel: Deno.osRelease(),
    arch: Deno.build.arch,
    libbpf: facts.libbpfVersion,
    deno: Deno.version.deno,
    command: command?.map((word) => word.toWellFormed()) ?? null,
    command_status: commandStatus,
    started: createRowClock(facts.startedWallNs).timestamp(0),
    wall_ns: wallNs,
    command_wall_ns: commandWallNs,
    selection: selectionDescription,
    loss,
    cost: {
      cpu_ns: cost.cpuNs,
      bpf_ns_per_call: null,
      bpf_ns_per_run: cost.bpfNsPerRun,
      max_rss_bytes: cost.maxRssBytes,
    },
    ...("childrenLeft" in figures && figures.childrenLeft !== null
      ? { children_left: figures.childrenLeft }
      : {}),
    io_uring_requests: uringRequests,
    ...(mappedIo === null ? {} : { mapped_io: reportMappedIo(mappedIo) }),
    ...(sampling !== null || autoSamples ? { sampling: samplingOf(sampling ?? {}, figures) } : {}),
  };
}

function samplingOf(rates: Sampling, { summed, raised }: TraceFigures): ReportSampling {
  const calls = Object.values(summed).reduce((sum, calls) => sum + calls, 0);
  return { rates, ...(raised !== null && { raised }), calls, by: summed, counted: false };
}

/** The header for consumers that have counted the calls without rows as well. */
export function countedHeader({ sampling, ...header }: ReportHeader): ReportHeader {
  return sampling === undefined ? header : { ...header, sampling: { ...sampling, counted: true } };
}
