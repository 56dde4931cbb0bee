/** Reports as `ior report` makes them, of one thread. */
import { makeReport } from "../../cli/run/make_report.ts";
import { REPORT_FORMATS } from "../../cli/report/formats.ts";
import type { ReportOptions } from "../../cli/options/mod.ts";
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { Report, ReportHeader } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";

const OPTIONS: ReportOptions = {
  format: "json",
  top: null,
  sort: "time",
  by: [["file"], ["process"]],
  columns: null,
  depth: null,
  advice: true,
  tables: null,
  brief: false,
  assertions: [],
};

const LOOK = { color: false, ascii: false, width: 120 };

/** The report of some batches, as text and as JSON too. */
export function reportOf(
  header: ReportHeader,
  batches: readonly EventBatch[],
  running: readonly RunningCall[],
): { report: Report; json: string; text: string } {
  const arch = header.arch as "x86_64" | "aarch64";
  const stats = new StatsEngine({
    arch,
    maxFiles: 1_000,
    maxProcesses: 1_000,
    maxSlowest: 10,
    by: OPTIONS.by,
  });
  for (const batch of batches) stats.ingest(batch);
  const { report } = makeReport(OPTIONS, header, stats.snapshot(), { running });
  return {
    report,
    json: [...REPORT_FORMATS.json.render(report, OPTIONS)].join(""),
    text: [...REPORT_FORMATS.text.render(report, OPTIONS, LOOK)].join(""),
  };
}
