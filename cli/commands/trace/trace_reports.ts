import type { EndedTrace, StatsClient } from "../../../engine/mod.ts";
import type { Report, ReportHeader } from "../../../runtime/report.ts";
import type { LeftOut, SnapshotRequest, StatsSnapshot } from "../../../runtime/stats.ts";
import type { AssertionResult } from "../../assert/mod.ts";
import type { Output } from "../../run/output.ts";
import { REPORT_FORMATS, type ReportFormatName, type Shown } from "../../report/formats.ts";
import { needsOfText } from "../../report/needs.ts";
import { headerSince } from "../../report/header_since.ts";
import { makeReport } from "../../run/make_report.ts";
import { countedHeader } from "../../run/run_header.ts";
import { buildReport, type ReportExtras } from "../../report/report.ts";
import { MissedSlow } from "../../report/slowest_missing.ts";
import type { Look } from "../../run/terminal.ts";
import { writePieces } from "../../run/write_pieces.ts";
import type { TraceCommand } from "./task.ts";

/** Makes the reports of one trace. */
export class TraceReports {
  readonly #options: TraceCommand;
  readonly #output: Output;
  readonly #look: Look;
  readonly #stats: StatsClient;
  /** Header at the end of the previous interval, `null` for none. */
  #before: ReportHeader | null = null;
  readonly #missed = new MissedSlow();
  #intervals = 0;
  #asked: Promise<StatsSnapshot> | null = null;
  /** Assertions that did not hold in one of the reports. */
  readonly failed: AssertionResult[] = [];

  constructor(
    options: TraceCommand,
    { output, look }: { output: Output; look: Look },
    stats: StatsClient,
  ) {
    this.#options = options;
    this.#output = output;
    this.#look = look;
    this.#stats = stats;
  }

  /** The trace has ended: the worker sums it up while others are busy, for {@linkcode TraceReports.writeWhole}. */
  askWhole(): void {
    this.#asked = this.#stats.snapshot(this.#needs(this.#options.format));
    this.#asked.catch(() => {}); // whoever writes the report sees the reason
  }

  /** Writes the report of the whole trace, and ends the worker: none follows, and what it holds would be there twice. */
  async writeWhole(header: ReportHeader, { running, missedSlow }: EndedTrace): Promise<void> {
    const snapshot = await (this.#asked ?? this.#stats.snapshot(this.#needs(this.#options.format)));
    await this.#stats[Symbol.asyncDispose]();
    const slowestMissing = this.#missed.since(missedSlow, snapshot);
    const report = this.#build(countedHeader(header), snapshot, { running, slowestMissing });
    await writePieces(this.#output, this.#render(report, this.#options.format, snapshot.leftOut));
  }

  /**
   * Writes the report of the time since the last one, or since the start, up to `now`, and begins a new interval. Each
   * call is in exactly one interval: `snapshot` is what was counted in it. Waits for a slow reader.
   */
  async writeInterval(
    now: ReportHeader,
    { running, missedSlow }: Pick<EndedTrace, "running" | "missedSlow">,
    snapshot: StatsSnapshot,
  ): Promise<void> {
    const before = this.#before;
    this.#before = now;
    const slowestMissing = this.#missed.since(missedSlow, snapshot);
    const report = this.#build(
      countedHeader(headerSince(now, before)),
      snapshot,
      {
        running,
        slowestMissing,
        interval: { index: ++this.#intervals, start_ns: before?.wall_ns ?? 0, end_ns: now.wall_ns },
      },
    );
    await writePieces(this.#output, this.#render(report, this.#options.format, snapshot.leftOut));
  }

  /** The report of what has been counted so far, on request while the trace goes on. Changes nothing. */
  async interimReport(now: ReportHeader): Promise<string> {
    const header = countedHeader(headerSince(now, this.#before));
    const snapshot = await this.#stats.snapshot(this.#needs("text"));
    const { format, top, sort, depth } = this.#options;
    const report = buildReport(header, snapshot, { top: null, sort, depth });
    // All rows of a document are for programs; this is for people.
    const shown = { top: format === "text" ? top : top ?? REPORT_FORMATS.text.topRows, interim: true };
    return [...this.#render(report, "text", snapshot.leftOut, shown)].join("");
  }

  /** What a report needs of the statistics, `undefined` for everything. */
  #needs(format: ReportFormatName): SnapshotRequest | undefined {
    const { assertions, extras } = this.#options;
    const isText = format === "text" && assertions.length === 0 && !extras.includes("waits");
    return isText ? needsOfText(this.#options) : undefined;
  }

  #build(header: ReportHeader, snapshot: StatsSnapshot, extras: ReportExtras): Report {
    const { report, failed } = makeReport(this.#options, header, snapshot, extras);
    this.failed.push(...failed);
    return report;
  }

  #render(
    report: Report,
    format: ReportFormatName,
    leftOut: LeftOut,
    shown: Pick<Shown, "top" | "interim"> = this.#options,
  ): Iterable<string> {
    return REPORT_FORMATS[format].render(report, { ...this.#options, leftOut, ...shown }, this.#look);
  }
}
