/** Reports made of a few rows, for the rules that look at reports. */
import { type Report, REPORT_SCHEMA, type ReportMeasures } from "../../../runtime/report.ts";
import { familyOf, syscallByName, syscallNumber } from "../../../runtime/syscalls/mod.ts";
import { emptyReport, HEADER } from "../report/fixture.ts";

/** What a row is given; the rest is zero. `ms` is its total time. */
export interface RowSpec {
  calls: number;
  errors?: number;
  read?: number;
  written?: number;
  ms?: number;
  max?: number;
  /** Milliseconds of I/O wait, and bytes fetched, of a trace that knows them. */
  iowait?: number;
  fetched?: number;
}

/** Measures of a row whose calls all take equally long. */
export function measures(spec: RowSpec): ReportMeasures {
  const { calls, errors = 0, read = 0, written = 0, ms = 0, max, iowait, fetched } = spec;
  const each = calls === 0 ? null : Math.round(ms * 1e6 / calls);
  return {
    calls,
    errors,
    read_bytes: read,
    write_bytes: written,
    total_ns: ms * 1e6,
    ...(iowait === undefined ? {} : { iowait_ns: iowait * 1e6 }),
    ...(fetched === undefined ? {} : { fetched_bytes: fetched }),
    mean_ns: each,
    p50_ns: each,
    p90_ns: each,
    p99_ns: each,
    max_ns: max ?? each,
  };
}

/** What a report is made of; totals are those of the calls. */
export interface ReportSpec {
  syscalls: Record<string, RowSpec>;
  files?: Record<string, RowSpec>;
  /** By `ERRNO call`. */
  errors?: Record<string, number>;
  slowest?: Record<string, unknown>[];
  uses?: Report["uses"];
  more?: Partial<Report>;
}

/** The table that answers what is asked of a path, of calls with one file; `folded` are those of its rows that a limit folded. */
export function filesAsGroups(files: Record<string, RowSpec>, folded?: RowSpec): Report["groups"][number] {
  const latency = { relative_error: 1 / 64, buckets: [] };
  const rows = Object.entries(files).map(([path, spec]) => (
    { path, old_path: null, ...measures(spec), latency }
  ));
  const other = folded === undefined ? null : { ...measures(folded), latency };
  return { by: ["file", "old_file"], rows, other, folded: other === null ? 0 : 1 };
}

/** A report of these rows. */
export function reportOf(
  { syscalls, files = {}, errors = {}, slowest = [], uses = [], more = {} }: ReportSpec,
): Report {
  const rows = Object.entries(syscalls).map(([syscall, spec]) => {
    const call = syscallByName(syscall)!;
    const family = familyOf("x86_64", syscallNumber("x86_64", call)!);
    const own = measures(spec);
    const low = own.mean_ns ?? 0;
    const buckets: [number, number, number][] = spec.calls === 0 ? [] : [[low, low + 1, spec.calls]];
    const empty = { relative_error: 1 / 64, buckets: [] };
    return { syscall, family, ...own, latency: { relative_error: 1 / 64, buckets }, gap: empty, size: empty };
  });
  const sum = (value: (row: typeof rows[number]) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  return {
    ...emptyReport(HEADER),
    schema: REPORT_SCHEMA,
    calls: sum((row) => row.calls),
    errors: sum((row) => row.errors),
    read_bytes: sum((row) => Number(row.read_bytes)),
    write_bytes: sum((row) => Number(row.write_bytes)),
    total_ns: sum((row) => Number(row.total_ns)),
    files_ns: sum((row) => Number(row.total_ns)),
    syscalls: rows,
    uses,
    files: Object.entries(files).map(([path, spec]) => ({ path, ...measures(spec) })),
    errors_by: Object.entries(errors).map(([key, calls]) => {
      const [errno, syscall] = key.split(" ");
      return { errno, syscall, calls };
    }),
    slowest,
    ...more,
  };
}
