/** Compares two reports. */
import { type Report, type RunFacts, runFacts } from "../../runtime/report.ts";
import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import {
  type Change,
  type Changes,
  COMPARED_MEASURES,
  COMPARED_TABLES,
  type ComparedNames,
  type ComparedRow,
  type ComparedTable,
  type Comparison,
  DIFF_SCHEMA,
  type RowState,
} from "./comparison.ts";
import { judgeChange, type Side } from "./noise.ts";
import { hasUnknownNames, SIDE_TABLES, type SideNames, type SideRow, totalSide } from "./sides.ts";
import { comparisonWarnings } from "./warnings.ts";

/** Compares `after` with `before`: every table of both, with each row that one of them has. */
export function compareReports(before: Report, after: Report): Comparison {
  return {
    schema: DIFF_SCHEMA,
    before: factsOf(before),
    after: factsOf(after),
    warnings: comparisonWarnings(before, after),
    totals: changesOf(totalSide(before), totalSide(after)),
    syscalls: compareTable("syscalls", before, after, (names) => names),
    files: compareTable("files", before, after, (names) => names),
    directories: compareTable("directories", before, after, (names) => names),
    processes: compareTable("processes", before, after, ({ comm }, first, second) => (
      { comm, processes: { before: first?.processes ?? 0, after: second?.processes ?? 0 } }
    )),
    cut: {},
  };
}

/** An interval is a part of what its command took. */
function factsOf(report: Report): RunFacts {
  return runFacts(report.interval === undefined ? report : { ...report, command_wall_ns: null });
}

/** The first `top` rows of each table, with a summary of the hidden ones in `cut`. */
export function cutComparison(comparison: Comparison, top: number | null): Comparison {
  if (top === null) return comparison;
  const cut: Comparison = { ...comparison, cut: { ...comparison.cut } };
  for (const table of COMPARED_TABLES) {
    const hidden = comparison[table].slice(top);
    if (hidden.length === 0) continue;
    Object.assign(cut, { [table]: comparison[table].slice(0, top) });
    cut.cut[table] = { rows: hidden.length, beyond_noise: hidden.filter(isBeyondNoise).length };
  }
  return cut;
}

/** True when any measure of a row changed by more than the noise. */
function isBeyondNoise(row: Changes): boolean {
  return COMPARED_MEASURES.some((measure) => row[measure].verdict === "beyond_noise");
}

function compareTable<Table extends ComparedTable>(
  table: Table,
  before: Report,
  after: Report,
  namesOf: (
    names: SideNames[Table],
    before: SideNames[Table] | undefined,
    after: SideNames[Table] | undefined,
  ) => ComparedNames[Table],
): ComparedRow<ComparedNames[Table]>[] {
  const first = SIDE_TABLES[table](before);
  const second = SIDE_TABLES[table](after);
  const rows = [...new Set([...first.keys(), ...second.keys()])].map((key) => {
    const [one, other] = [first.get(key), second.get(key)];
    const { names } = (other ?? one)!;
    const compared = compareRow(one, other, isWhole(before, table), isWhole(after, table));
    return { key, row: { ...namesOf(names, one?.names, other?.names), ...compared } };
  });
  return rows.sort((a, b) => byChange(a.row, b.row) || (a.key < b.key ? -1 : 1)).map(({ row }) => row);
}

/** True when a row that the table lacks did not occur. */
function isWhole(report: Report, table: ComparedTable): boolean {
  const { cut, folded } = report;
  return cut[table] === undefined && (folded[table] ?? 0) === 0 && !hasUnknownNames(report, table);
}

function compareRow(
  before: SideRow<unknown> | undefined,
  after: SideRow<unknown> | undefined,
  beforeIsWhole: boolean,
  afterIsWhole: boolean,
): { state: RowState } & Changes {
  const state = before === undefined
    ? beforeIsWhole ? "new" : "unknown"
    : after === undefined
    ? afterIsWhole ? "gone" : "unknown"
    : "both";
  const absent = state === "unknown" ? null : NO_CALLS;
  return { state, ...changesOf(before?.side ?? absent, after?.side ?? absent) };
}

/** Measures of a row that a report does not have. */
const NO_CALLS: Side = {
  calls: 0,
  errors: 0,
  read_bytes: 0,
  write_bytes: 0,
  total_ns: 0,
  mean_ns: null,
  p50_ns: null,
  p90_ns: null,
  p99_ns: null,
  max_ns: null,
};

function changesOf(before: Side | null, after: Side | null): Changes {
  const changes = COMPARED_MEASURES.map((measure): [string, Change] => {
    const values = changeOf(before?.[measure] ?? null, after?.[measure] ?? null);
    const verdict = before === null || after === null ? "unknown" : judgeChange(measure, before, after);
    return [measure, { ...values, verdict }];
  });
  return Object.fromEntries(changes) as Changes;
}

function changeOf(before: ExactInteger | null, after: ExactInteger | null): Omit<Change, "verdict"> {
  if (before === null || after === null) return { before, after, change: null, ratio: null };
  const ratio = before == 0 ? null : Number((Number(after) / Number(before)).toPrecision(6));
  return { before, after, change: exactDifference(after, before), ratio };
}

/** Largest change of time first, then largest change of calls, then most time. */
function byChange(a: Changes, b: Changes): number {
  const size = ({ change }: Change) => Math.abs(Number(change ?? 0));
  const most = ({ before, after }: Change) => Math.max(Number(before ?? 0), Number(after ?? 0));
  return size(b.total_ns) - size(a.total_ns) || size(b.calls) - size(a.calls) ||
    most(b.total_ns) - most(a.total_ns);
}
