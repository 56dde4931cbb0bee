import { RECORDING_KEY, type RecordingFacts } from "../../runtime/recording.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";
import { readFooter } from "../parquet/read_footer.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import { numbersOf, readColumn } from "../parquet/read_column.ts";
import { pageBudget } from "../parquet/read_pages.ts";
import { FileReader } from "./file_reader.ts";
import type { ColumnName } from "./columns.ts";
import { parseFacts, runningOf } from "./header_check.ts";
import { COLUMNS_READ, fileRows } from "./read_parquet_rows.ts";
import { RewrittenRun } from "./read_rewritten.ts";
import { explained, isGone } from "./read_errors.ts";
import type { RowColumns } from "./row_columns.ts";
import type { RecordedRun } from "./source.ts";

/** Columns that say when a call ended. */
const TIME_COLUMNS: ReadonlySet<string> = new Set<ColumnName>(["time_ns", "latency_ns"]);

/** A Parquet file of a recording. */
export interface ParquetSegment {
  path: string;
  facts: RecordingFacts;
}

/**
 * Reads the facts that a Parquet file holds about its recording. A file with the columns of rows but without facts, or with
 * those of other rows, is a run by itself. Throws an `IorError` when it is neither, or damaged.
 */
export async function readSegment(path: string): Promise<ParquetSegment | RecordedRun> {
  using file = FileReader.open(path);
  return await explained(path, async () => {
    const footer = await readFooter(file, COLUMNS_READ);
    const { metadata, rows } = footer;
    const facts = metadata.get(RECORDING_KEY);
    const parsed = facts === undefined ? null : parseFacts(facts);
    // Other programs may keep the facts of a file of whose rows they leave out some, or which they join with others.
    if (parsed === null || parsed.rows !== rows) return await RewrittenRun.open(file, footer);
    return { path, facts: parsed };
  });
}

/** Groups the files by run, in the order of their numbers. */
export async function parquetRuns(segments: readonly ParquetSegment[]): Promise<RecordedRun[]> {
  const runs = new Map<string, ParquetSegment[]>();
  for (const segment of segments) {
    const { run, header } = segment.facts;
    const key = JSON.stringify([header.host, header.started, run]);
    const found = runs.get(key);
    if (found) found.push(segment);
    else runs.set(key, [segment]);
  }
  const opened: RecordedRun[] = [];
  for (const files of runs.values()) {
    const run = new ParquetRun(files);
    await run.findCover();
    opened.push(run);
  }
  return opened;
}

class ParquetRun implements RecordedRun {
  readonly path: string;
  header: ReportHeader;
  readonly running: readonly RunningCall[];
  readonly rows: number;
  readonly dropped: number;
  complete: boolean;
  readonly notes: string[];
  readonly #paths: readonly string[];
  /** It is one of a directory, whose oldest segments may be removed. */
  readonly #isSegmented: boolean;
  /** Older segments were removed. */
  readonly #isRolled: boolean;

  constructor(segments: readonly ParquetSegment[]) {
    const ordered = segments.toSorted((a, b) => indexOf(a) - indexOf(b))
      .filter((segment, i, all) => i === 0 || indexOf(segment) !== indexOf(all[i - 1]));
    const copies = segments.length - ordered.length;
    const last = ordered[ordered.length - 1];
    const { header, running, dropped, complete, last_error: error } = last.facts;
    // Numbers before the first one were removed to make room, which is no loss; a hole behind it is one.
    const span = indexOf(last) - indexOf(ordered[0]) + 1;
    const missing = span - ordered.length;
    this.path = last.path;
    this.header = header;
    this.running = runningOf(running);
    this.rows = ordered.reduce((sum, { facts }) => sum + facts.rows, 0);
    this.dropped = dropped;
    this.complete = complete && missing === 0;
    this.#isSegmented = last.facts.segment !== undefined;
    this.#isRolled = indexOf(ordered[0]) > 1;
    this.#paths = ordered.map(({ path }) => path);
    this.notes = [
      ...(copies > 0 ? [`${copies} copies of files of the recording of ${last.path} are left out`] : []),
      ...(complete ? [] : [`${last.path} is not the end of its recording: what came later is missing`]),
      ...(missing > 0 ? [`${missing} of ${span} segments of the recording of ${last.path} are missing`] : []),
      ...(dropped > 0
        ? [`${dropped} calls are missing from ${last.path}${error === null ? "" : `: ${error}`}`]
        : []),
    ];
  }

  /** Says in the header from when to when the segments cover their run, when older ones were removed. */
  async findCover(): Promise<void> {
    if (!this.#isRolled) return;
    this.#coverFrom(await firstEndNs(this.#paths[0]));
  }

  /** Reads the segments that are still there. What has been removed since their facts were read makes the time shorter that they cover. */
  async *read(): AsyncGenerator<RowColumns> {
    let isBegun = false;
    for (const path of this.#paths) {
      try {
        for await (const rows of fileRows(path)) {
          if (!isBegun && path !== this.#paths[0]) this.#coverFrom(endOf(rows.timeNs, rows.latencyNs));
          isBegun = true;
          yield rows;
        }
      } catch (error) {
        if (!this.#isSegmented || !isGone(error)) throw error;
        if (isBegun) this.#noteRemoved(path);
        else this.#coverFrom(null);
      }
    }
  }

  /** Says from when on there are calls, nanoseconds since the trace began; `null` for none. */
  #coverFrom(ns: number | null): void {
    const { started, wall_ns: endNs } = this.header;
    const covers = { from: timeAfter(started, ns ?? endNs), to: timeAfter(started, endNs) };
    this.header = { ...this.header, covers };
  }

  /** A segment behind one that was read: its calls are missing. */
  #noteRemoved(path: string): void {
    this.complete = false;
    const note = `${path} was removed while the recording was read: its calls are missing`;
    if (!this.notes.includes(note)) this.notes.push(note);
  }
}

/** When the first call of a file ended, nanoseconds since the trace began; `null` where it has none, or has gone. */
async function firstEndNs(path: string): Promise<number | null> {
  try {
    using file = FileReader.open(path);
    return await explained(path, async () => {
      const { groups: [first] } = await readFooter(file, TIME_COLUMNS);
      if (first === undefined || first.rows === 0) return null;
      const budget = pageBudget(file.size);
      const [time, latency] = [
        await readColumn(file, first, "time_ns", budget),
        await readColumn(file, first, "latency_ns", budget),
      ];
      return time === null ? null : endOf(numbersOf(time), latency === null ? [] : numbersOf(latency));
    });
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** When the first call of some rows ended, `null` when that is unknown. */
function endOf(
  [timeNs]: ArrayLike<number> & Iterable<number>,
  [latencyNs]: ArrayLike<number> & Iterable<number>,
): number | null {
  const ns = timeNs + (latencyNs || 0);
  return Number.isSafeInteger(ns) ? ns : null;
}

/** Number of a segment; a recording of one file is its own first. */
function indexOf({ facts }: ParquetSegment): number {
  return facts.segment?.index ?? 1;
}
