/** The columns of a comparison, as data. */
import { MEASURES, type MeasureUnit } from "../assert/types.ts";
import { name, number, pathColumn } from "../report/columns.ts";
import { formatCount } from "../text/format.ts";
import { shortenEnd } from "../text/shorten.ts";
import type { Tone } from "../text/style.ts";
import type { Column } from "../text/table.ts";
import { changeText, valueText } from "./change_text.ts";
import type {
  Change,
  Changes,
  ComparedMeasure,
  ComparedNames,
  ComparedRow,
  ComparedTable,
  RowState,
} from "./comparison.ts";

/** Fewest columns of a command's name. */
const MIN_NAME_COLUMNS = 12;

/** Mark before a change beyond the noise. */
const MARK = "*";

/**
 * The measures from left to right. `rank`: the smaller, the longer a column stays when there is no room. `worse`: whether
 * more of it is worse; calls and bytes are neither good nor bad.
 */
const MEASURE_COLUMNS: readonly { measure: ComparedMeasure; title: string; rank: number; worse: boolean }[] =
  [
    { measure: "calls", title: "CALLS", rank: 2, worse: false },
    { measure: "errors", title: "ERRORS", rank: 3, worse: true },
    { measure: "read_bytes", title: "READ", rank: 5, worse: false },
    { measure: "write_bytes", title: "WRITTEN", rank: 6, worse: false },
    { measure: "total_ns", title: "TIME", rank: 0, worse: true },
    { measure: "mean_ns", title: "MEAN", rank: 7, worse: true },
    { measure: "p50_ns", title: "P50", rank: 4, worse: true },
    { measure: "p90_ns", title: "P90", rank: 8, worse: true },
    { measure: "p99_ns", title: "P99", rank: 1, worse: true },
    { measure: "max_ns", title: "MAX", rank: 9, worse: true },
  ];

/** A row as far as columns of measures use it. */
type MeasuredRow = Changes & { state?: RowState };

/** The columns of a row's names, left and right of its measures. */
export const NAME_COLUMNS: {
  [Table in ComparedTable]: (width: number, ascii: boolean) => {
    first: Column<ComparedRow<ComparedNames[Table]>>[];
    last: Column<ComparedRow<ComparedNames[Table]>>[];
  };
} = {
  syscalls: (_, ascii) => ({ first: [name("SYSCALL", ascii, (row) => row.syscall)], last: [] }),
  files: (width, ascii) => ({
    first: [],
    last: [pathColumn("FILE", { width, ascii, columns: null }, (row) => row.path)],
  }),
  directories: (width, ascii) => ({
    first: [],
    last: [pathColumn("DIRECTORY", { width, ascii, columns: null }, (row) => row.path)],
  }),
  processes: (_, ascii) => ({
    first: [
      {
        ...name("COMMAND", ascii, (row) => row.comm),
        flexible: { min: MIN_NAME_COLUMNS, shorten: (text, width) => shortenEnd(text, width, ascii) },
      },
      number(
        "PROCESSES",
        10,
        ({ processes: { before, after } }) => pairText(formatCount(before), formatCount(after), ascii),
      ),
    ],
    last: [],
  }),
};

/** Two columns for each measure that any row has: both values, and the change. */
export function changeColumns<Row extends MeasuredRow>(rows: readonly Row[], ascii: boolean): Column<Row>[] {
  return MEASURE_COLUMNS.filter(({ measure }) => rows.some((row) => hasValue(row[measure])))
    .flatMap(({ measure, title, rank, worse }) => {
      const unit = unitOf(measure);
      return [
        number<Row>(title, rank, (row) => bothText(unit, row[measure], ascii)),
        {
          ...number<Row>("CHANGE", rank, (row) => markedText(unit, row[measure], row.state, ascii)),
          tone: (row: Row) => toneOf(row[measure], worse),
        },
      ];
    });
}

/** A measure of all calls, as a row. */
interface TotalRow {
  title: string;
  measure: ComparedMeasure;
  worse: boolean;
  change: Change;
}

/** The measures of all calls, one a row. */
export function totalRows(totals: Changes): TotalRow[] {
  return MEASURE_COLUMNS.map(({ title, measure, worse }) => ({
    title,
    measure,
    worse,
    change: totals[measure],
  }))
    .filter(({ change }) => hasValue(change));
}

/** The columns of {@linkcode totalRows}. */
export function totalColumns(ascii: boolean): Column<TotalRow>[] {
  const value = (side: "before" | "after") => ({ measure, change }: TotalRow) => (
    valueText(unitOf(measure), change[side], ascii)
  );
  return [
    name("MEASURE", ascii, (row) => row.title.toLowerCase()),
    number("BEFORE", 0, value("before")),
    number("AFTER", 0, value("after")),
    {
      ...number("CHANGE", 0, ({ measure, change }) => markedText(unitOf(measure), change, "both", ascii)),
      tone: ({ change, worse }) => toneOf(change, worse),
    },
  ];
}

function hasValue({ before, after }: Change): boolean {
  return Number(before ?? 0) !== 0 || Number(after ?? 0) !== 0;
}

function bothText(unit: MeasureUnit, { before, after }: Change, ascii: boolean): string {
  return pairText(valueText(unit, before, ascii), valueText(unit, after, ascii), ascii);
}

function pairText(before: string, after: string, ascii: boolean): string {
  return `${before}${ascii ? " -> " : " → "}${after}`;
}

/** The change with its mark; for a row that only one side has, which side that is. */
function markedText(unit: MeasureUnit, change: Change, state: RowState | undefined, ascii: boolean): string {
  const text = state === "new" || state === "gone"
    ? onlyText(change, state)
    : changeText(unit, change, ascii);
  return (change.verdict === "beyond_noise" ? MARK : "") + text;
}

function onlyText(change: Change, state: "new" | "gone"): string {
  return hasValue(change) ? state : "-";
}

function toneOf({ before, after, verdict }: Change, worse: boolean): Tone | null {
  if (verdict !== "beyond_noise") return "quiet";
  if (!worse) return null;
  return Number(after ?? 0) > Number(before ?? 0) ? "bad" : "good";
}

/** What a measure counts; the measures of a report have the names of those of assertions, with or without a unit. */
function unitOf(measure: ComparedMeasure): MeasureUnit {
  const short = measure.replace(/_ns$/, "") as keyof typeof MEASURES;
  return MEASURES[short].unit;
}
