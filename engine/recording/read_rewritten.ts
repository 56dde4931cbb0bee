import type { ReportHeader } from "../../runtime/report.ts";
import { require } from "../parquet/damage.ts";
import { exactOf, numbersOf, readColumn } from "../parquet/read_column.ts";
import type { ParquetFooter } from "../parquet/read_footer.ts";
import { pageBudget } from "../parquet/read_pages.ts";
import type { FileReader } from "./file_reader.ts";
import { headerOf } from "./header_check.ts";
import { fileRows, missingColumns } from "./read_parquet_rows.ts";
import type { RowColumns } from "./row_columns.ts";
import type { RecordedRun } from "./source.ts";
import { formatTime } from "../../runtime/rfc3339.ts";

/** Stands for unknown names. */
const UNKNOWN = "unknown";

/** Unit of the times that ior writes, nanoseconds. */
const WRITTEN_UNIT_NS = 1_000;

/** The architecture whose table has every call. */
const ARCH = "x86_64";

/**
 * The rows of a Parquet file that another program has written from ours, without the facts about the run: the rows are
 * exact, and the start of the trace is derived from the two times of each row.
 */
export class RewrittenRun implements RecordedRun {
  readonly path: string;
  readonly rows: number;
  readonly running = [];
  readonly dropped = 0;
  readonly complete = false;
  readonly notes: readonly string[];
  header: ReportHeader;

  private constructor(path: string, rows: number, startedWallNs: bigint) {
    this.path = path;
    this.rows = rows;
    this.notes = [
      `${path} was rewritten by another program: its host, its command and its loss are unknown`,
    ];
    this.header = headerOf({
      ior: UNKNOWN,
      host: UNKNOWN,
      kernel: UNKNOWN,
      arch: ARCH,
      started: formatTime(startedWallNs),
      command: null,
      selection: {},
    });
  }

  /** Opens a file with the columns of rows. Throws `Damage` for any other. */
  static async open(file: FileReader, footer: ParquetFooter): Promise<RewrittenRun> {
    const [group] = footer.groups;
    require(
      group !== undefined && missingColumns(group).length === 0 && group.columns.has("time"),
      () => "it is a Parquet file that ior did not write, it holds no recording",
    );
    return new RewrittenRun(file.path, footer.rows, await startOfTrace(file, footer));
  }

  async *read(): AsyncGenerator<RowColumns> {
    let wallNs = 0;
    for await (const rows of fileRows(this.path)) {
      for (let i = 0; i < rows.length; i++) {
        wallNs = Math.max(wallNs, rows.timeNs[i] + (rows.latencyNs[i] || 0));
      }
      this.header = { ...this.header, wall_ns: wallNs };
      yield rows;
    }
  }
}

/**
 * When the trace began, nanoseconds since 1970. A time was truncated to its unit, in finer ones to the microseconds that ior
 * writes, so each row allows as many starts as that has nanoseconds. All rows together allow one or a few, of which the first
 * is taken; when they allow none they are from several traces.
 */
async function startOfTrace(file: FileReader, { groups }: ParquetFooter): Promise<bigint> {
  const budget = pageBudget(file.size);
  let first: bigint | null = null;
  let last: bigint | null = null;
  for (const group of groups) {
    const time = await readColumn(file, group, "time", budget);
    const timeNs = await readColumn(file, group, "time_ns", budget);
    require(time?.place.unitNs != null && timeNs !== null, () => "its column time is not a timestamp");
    const unitNs = BigInt(time.place.unitNs);
    const allowedNs = BigInt(Math.max(WRITTEN_UNIT_NS, time.place.unitNs));
    const { words } = exactOf(time);
    const units = new BigInt64Array(words.buffer);
    for (const [i, ns] of numbersOf(timeNs).entries()) {
      require(Number.isSafeInteger(ns), () => `a row has the time ${ns}`);
      const earliest = units[i] * unitNs - BigInt(ns);
      if (first === null || earliest > first) first = earliest;
      const latest = earliest + allowedNs - 1n;
      if (last === null || latest < last) last = latest;
      require(
        first <= last,
        () =>
          "it has rows of several traces without their facts: write the rows of each to a file of its own",
      );
    }
  }
  require(first !== null && first >= 0n && first < MOST_NS, () => "it does not tell when its trace began");
  return first;
}

/** The end of the year 9998: times of rows are later, and RFC 3339 has four digits for a year. */
const MOST_NS = 253_370_764_800n * 1_000_000_000n;
