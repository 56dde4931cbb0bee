import type { StatsClient } from "../engine/mod.ts";
import type { Report, ReportHeader } from "../runtime/report.ts";
import type { StatsSnapshot } from "../runtime/stats.ts";
import { advise } from "./advice/mod.ts";
import type { TraceCommand } from "./args/mod.ts";
import { type AssertionResult, checkAssertions } from "./assert/mod.ts";
import { headerSince } from "./report/header_since.ts";
import { buildReport, type ReportExtras, reportJson, reportLine } from "./report/report.ts";
import { renderReport } from "./report/report_text.ts";
import { arrangeTables } from "./report/tables.ts";
import type { Run } from "./run_session.ts";

/** Columns of a report that goes to a file or a pipe. */
const PIPE_WIDTH = 120;

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
    this.#run.output.write(this.#options.json ? reportJson(this.#arrange(report)) : this.#text(report));
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
    const separator = this.#intervals > 1 ? "\n" : "";
    output.write(
      this.#options.json ? reportLine(this.#arrange(report)) + "\n" : separator + this.#text(report),
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

  /** The report, not cut, with what is judged of it. */
  #build(header: ReportHeader, snapshot: StatsSnapshot, extras: ReportExtras): Report {
    const { sort, depth, advice, assertions } = this.#options;
    const report = buildReport(header, snapshot, { top: null, sort, depth }, extras);
    if (advice) report.advice = advise(report);
    if (assertions.length > 0) {
      report.assertions = checkAssertions(report, assertions);
      this.failed.push(...report.assertions.filter(({ holds }) => !holds) as AssertionResult[]);
    }
    return report;
  }

  #arrange(report: Report): Report {
    const { top, sort } = this.#options;
    return top === null ? report : arrangeTables(report, top, sort);
  }

  #text(report: Report): string {
    const { top, sort, columns, advice } = this.#options;
    const { color, ascii, width } = this.#run.look;
    return renderReport(report, { width: width ?? PIPE_WIDTH, color, ascii, top, sort, columns, advice });
  }
}
