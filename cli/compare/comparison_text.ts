/** The comparison as text for people. Pure: the document in, text out. */
import { escapeText } from "../text/escape.ts";
import { formatCount, formatDuration } from "../text/format.ts";
import { createPaint, type Paint } from "../text/style.ts";
import { renderTable } from "../text/table.ts";
import type { RunFacts } from "../../runtime/report.ts";
import { commandText } from "../report/header_text.ts";
import { wrapWords } from "../text/wrap.ts";
import { changeText } from "./change_text.ts";
import { changeColumns, NAME_COLUMNS, totalColumns, totalRows } from "./change_columns.ts";
import { cutComparison } from "./compare.ts";
import {
  type Changes,
  COMPARED_MEASURES,
  COMPARED_TABLES,
  type ComparedTable,
  type ComparedTables,
  type Comparison,
  type Verdict,
} from "./comparison.ts";
import { innermostDirectories } from "./directories.ts";

/** How a comparison looks. */
export interface ComparisonLook {
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  /** Only ASCII. */
  ascii: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
}

/** Minimum width of the text: narrower it would be useless, so a smaller terminal wraps it. */
const MIN_WIDTH = 40;

/** What each table is called. */
const TITLES: Record<ComparedTable, string> = {
  syscalls: "System calls",
  files: "Files",
  directories: "Directories",
  processes: "Processes",
};

/** The whole comparison; ends with a line feed. Traced text is escaped. The comparison must not be cut. */
export function renderComparison(comparison: Comparison, options: ComparisonLook): string {
  const look = { ...options, width: Math.max(MIN_WIDTH, options.width) };
  const paint = createPaint(look.color);
  const seen = { ...comparison, directories: innermostDirectories(comparison.directories) };
  const shown = cutComparison(seen, look.top);
  return [
    ...renderRuns(comparison, look, paint),
    ...renderWall(comparison, look, paint),
    ...renderTotals(comparison, look, paint),
    ...COMPARED_TABLES.flatMap((table) => renderSection(shown, table, look, paint)),
    ...renderLegend(seen, look, paint),
  ].join("\n") + "\n";
}

function renderRuns({ before, after, warnings }: Comparison, look: ComparisonLook, paint: Paint): string[] {
  const lines = ([["before", before], ["after", after]] as const).flatMap(([label, run]) =>
    wrapWords(runText(run, look), look.width - LABEL_COLUMNS, look.ascii)
      .map((line, i) => paint("quiet", (i === 0 ? label : "").padEnd(LABEL_COLUMNS)) + line)
  );
  const warned = warnings.flatMap((warning) =>
    wrapWords(escapeText(warning, look), look.width - LABEL_COLUMNS, look.ascii)
      .map((line, i) => paint("bad", (i === 0 ? "CAUTION" : "").padEnd(LABEL_COLUMNS) + line))
  );
  return [...lines, ...warned];
}

/** How long the two runs took, and the change. */
function renderWall({ before, after }: Comparison, { ascii }: ComparisonLook, paint: Paint): string[] {
  const [one, other] = [before, after].map(({ command_wall_ns, wall_ns, traced_ns }) =>
    command_wall_ns ?? traced_ns ?? wall_ns
  );
  const text = [one, other].map((ns) => formatDuration(ns, { ascii })).join(ascii ? " -> " : " → ");
  const change = changeText("ns", { before: one, after: other }, ascii);
  return [paint("quiet", "wall".padEnd(LABEL_COLUMNS)) + `${text} (${change})`];
}

/** Width of the longest label plus two. */
const LABEL_COLUMNS = "CAUTION".length + 2;

function runText(run: RunFacts, { ascii }: ComparisonLook): string {
  const words = run.command === null ? "" : `: ${escapeText(commandText(run.command), { ascii })}`;
  const { started, host, kernel } = run;
  return `${started.slice(0, 19)}Z on ${escapeText(host, { ascii })}, ` +
    `Linux ${escapeText(kernel, { ascii })}${words}`;
}

function renderTotals({ totals }: Comparison, { width, ascii }: ComparisonLook, paint: Paint): string[] {
  const rows = totalRows(totals);
  if (rows.length === 0) return ["", paint("heading", "No calls were counted in either.")];
  return ["", paint("heading", "All calls"), ...renderTable(totalColumns(ascii), rows, width, paint)];
}

function renderSection<Table extends ComparedTable>(
  comparison: Comparison,
  table: Table,
  { width, ascii }: ComparisonLook,
  paint: Paint,
): string[] {
  const tables: ComparedTables = comparison;
  const rows = tables[table];
  if (rows.length === 0) return [];
  const names = NAME_COLUMNS[table](width, ascii);
  const columns = [...names.first, ...changeColumns(rows, ascii), ...names.last];
  const note = cutNote(comparison, table, ascii);
  return [
    "",
    `${paint("heading", TITLES[table])} ${paint("quiet", "by change in time")}`,
    ...renderTable(columns, rows, width, paint),
    ...(note === null ? [] : wrapWords(note, width, ascii).map((line) => paint("quiet", line))),
  ];
}

/** Summary of the rows that `--top` hides, `null` for none. */
function cutNote({ cut }: Comparison, table: ComparedTable, ascii: boolean): string | null {
  const hidden = cut[table];
  if (hidden === undefined) return null;
  const rows = `${ascii ? "..." : "…"} ${formatCount(hidden.rows)} more ${
    hidden.rows === 1 ? "row" : "rows"
  }`;
  return `${rows}, ${
    hidden.beyond_noise === 0 ? "none" : formatCount(hidden.beyond_noise)
  } of them beyond the noise`;
}

/** About all rows, as the summaries of hidden ones tell of their changes too. */
function renderLegend(comparison: Comparison, { width, ascii }: ComparisonLook, paint: Paint): string[] {
  const rows = [
    comparison.totals,
    ...COMPARED_TABLES.flatMap((table): readonly Changes[] => comparison[table]),
  ];
  const has = (verdict: Verdict) =>
    rows.some((row) => COMPARED_MEASURES.some((measure) => row[measure].verdict === verdict));
  const text = has("beyond_noise")
    ? "* marks changes beyond the noise of two such runs; unmarked changes may be noise."
    : "No change exceeds the noise of two such runs.";
  return ["", ...wrapWords(text, width, ascii).map((line) => paint("quiet", line))];
}
