import type { EndedTrace, TraceFacts, TraceFigures } from "../../engine/mod.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import { VERSION } from "../../runtime/version.ts";
import type { RunOptions } from "../options/mod.ts";
import { createRowClock } from "../rows/mod.ts";

/** Facts of a run for the report and the rows' header. */
export function runHeader(
  { command, selectionDescription }: Pick<RunOptions, "command" | "selectionDescription">,
  facts: TraceFacts,
  figures: TraceFigures | EndedTrace,
): ReportHeader {
  const { wallNs, commandWallNs, loss, cost, commandStatus } = figures;
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
    loss: { state: loss.state, calls: loss.calls, by: loss.by },
    cost: {
      cpu_ns: cost.cpuNs,
      bpf_ns_per_call: null,
      bpf_ns_per_run: cost.bpfNsPerRun,
      max_rss_bytes: cost.maxRssBytes,
    },
    ...("childrenLeft" in figures && figures.childrenLeft !== null
      ? { children_left: figures.childrenLeft }
      : {}),
    io_uring_requests: "uringRequests" in figures ? figures.uringRequests : [],
  };
}
