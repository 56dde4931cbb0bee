import type { StatsClient } from "../../../engine/mod.ts";
import type { Report, ReportHeader } from "../../../runtime/report.ts";
import type { StatsSnapshot } from "../../../runtime/stats.ts";
import type { AssertionResult } from "../../assert/mod.ts";
import { headerSince } from "../../report/header_since.ts";
import { makeReport, reportDocument, reportText } from "../../report/make_report.ts";
import { buildReport, type ReportExtras } from "../../report/report.ts";
import type { Run } from "../../run_session.ts";
import type { TraceCommand } from "./command.ts";

/** Makes the reports of one trace. */
export class TraceReports {
  readonly #options: TraceCommand;
  readonly #run: Run;
  readonly #stats: StatsClient;
  /** The header and the end of the interval before, when there was one. */
  #before: ReportHeader | null = null;
  #intervals = 0;
  /** Assertions that did not hold in one of the reports. */
  readonly failed: AssertionResult[] = [];

  constructor(options: TraceCommand, run: Run, stats: StatsClient) {
    this.#options = options;
    this.#run = run;
    this.#stats = stats;
  }

  /** Writes the report of the whole trace. */
  async writeWhole(): Promise<void> {
    const report = this.#build(this.#run.header(), await this.#stats.snapshot(), {
      running: this.#running(),
    });
    const { json } = this.#options;
    this.#run.output.write(
      json ? reportDocument(this.#options, report, "indented") : this.#text(report),
    );
  }

  /**
   * Writes the report of the time since the last one, or since the start, and begins a new interval. Each call is in one
   * interval only. Waits for a reader that is slow.
   */
  async writeInterval(): Promise<void> {
    const { output, header } = this.#run;
    const snapshot = await this.#stats.snapshotAndReset();
    const now = header();
    const start = this.#before?.wall_ns ?? 0;
    const report = this.#build(headerSince(now, this.#before), snapshot, {
      running: this.#running(),
      interval: { index: ++this.#intervals, start_ns: start, end_ns: now.wall_ns },
    });
    this.#before = now;
    const separator = this.#intervals > 1 && this.#options.full ? "\n" : "";
    output.write(
      this.#options.json ? reportDocument(this.#options, report, "line") : separator + this.#text(report),
    );
    await output.room();
  }

  /** The text of what was counted so far, for whoever asks while the trace goes on. Changes nothing. */
  async interimReport(): Promise<string> {
    const header = headerSince(this.#run.header(), this.#before);
    const report = buildReport(header, await this.#stats.snapshot(), { top: null, sort: this.#options.sort });
    return this.#text(report);
  }

  #running() {
    return this.#run.session.summary().running;
  }

  #build(header: ReportHeader, snapshot: StatsSnapshot, extras: ReportExtras): Report {
    const { report, failed } = makeReport(this.#options, header, snapshot, extras);
    this.failed.push(...failed);
    return report;
  }

  #text(report: Report): string {
    return reportText(this.#options, report, this.#run.look);
  }
}
