/** The forms of a report, as rows of a table. */
import type { Report } from "../../runtime/report.ts";
import type { LeftOut } from "../../runtime/stats.ts";
import { createPaint } from "../text/style.ts";
import type { ColumnName, SortKey, TableName } from "./choices.ts";
import { intervalLines } from "./interval_lines.ts";
import { reportJson, reportLine } from "./report.ts";
import { renderReport } from "./report_text.ts";
import { arrangeTables } from "./tables.ts";

/** What of a report is shown. */
export interface Shown {
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Order of every table. */
  sort: SortKey;
  /** Columns to show, `null` for those that fit. */
  columns: ColumnName[] | null;
  /** Whether the report says what stands out. */
  advice: boolean;
  /** Sections to show, `null` for those that have something to tell. */
  tables: TableName[] | null;
  /** Tables of groups that the text shows, the first ones; all when left out. */
  groups?: number;
  /** Only the header and what stands out. */
  brief: boolean;
  /** A whole report of each interval, not a line. */
  full?: boolean;
  /** Length of the intervals asked for, `null` for one report of all. */
  intervalNs?: number | null;
  /** Made while the trace goes on. */
  interim?: boolean;
  /** What the statistics left out, see cli/report/needs.ts. */
  leftOut?: LeftOut;
}

/** How text is to look; `width` is `null` for a file or a pipe, where nothing is shortened. */
interface TextLook {
  color: boolean;
  ascii: boolean;
  width: number | null;
}

/** A form of a report. */
interface ReportFormat {
  /** The option that asks for it; `null` for what is printed without one. */
  option: { long: `--${string}`; summary: string } | null;
  /** Rows of each table where nobody says how many, `null` for all. */
  topRows: number | null;
  /** The report, or that of one interval, which is not cut, in pieces; ends with a line feed. */
  render(report: Report, shown: Shown, look: TextLook): Iterable<string>;
}

/** Columns that the tables of a report in a file or a pipe are laid out for. */
const PIPE_WIDTH = 120;

/** The forms by name. */
export const REPORT_FORMATS = {
  // Ten rows: with the other tables, what fits one screen.
  text: { option: null, topRows: 10, render: (report, shown, look) => [reportText(report, shown, look)] },
  json: {
    option: { long: "--json", summary: "print the report as one JSON document" },
    topRows: null,
    render(report, { top, sort }) {
      const arranged = top === null ? report : arrangeTables(report, top, sort);
      return report.interval === undefined ? reportJson(arranged) : [`${reportLine(arranged)}\n`];
    },
  },
} satisfies Record<string, ReportFormat>;

/** Name of a form. */
export type ReportFormatName = keyof typeof REPORT_FORMATS;

function reportText(report: Report, shown: Shown, { color, ascii, width }: TextLook): string {
  const { top, sort, columns, advice, full, intervalNs, brief, interim, tables, groups, leftOut = {} } =
    shown;
  if (typeof intervalNs === "number" && report.interval !== undefined && !full) {
    return intervalLines(report, intervalNs, ascii, createPaint(color));
  }
  const separator = (report.interval?.index ?? 1) > 1 ? "\n" : "";
  return separator + renderReport({ ...report, groups: report.groups.slice(0, groups) }, {
    width: width ?? PIPE_WIDTH,
    whole: width === null,
    color,
    ascii,
    top,
    sort,
    columns,
    advice,
    leftOut,
    interim,
    tables: brief ? (advice ? ["advice"] : []) : tables,
  });
}
