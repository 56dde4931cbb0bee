/** A stream of rows in one of its formats, as a whole: its beginning, the rows, its end. */
import type { RunningCall, StreamRow, WarningRow } from "../../runtime/row.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { ByteText } from "./byte_text.ts";
import { CallLines } from "./call_lines.ts";
import { CallRows, type CallWriter } from "./call_writer.ts";
import { createChromeRenderer } from "./chrome.ts";
import { createRowClock } from "./clock.ts";
import { createCsvRenderer, csvLine } from "./csv.ts";
import {
  createNdjsonRenderer,
  ndjsonLine,
  renderRowsEnd,
  renderRowsHeader,
  type RowsEnd,
  type RowsHeader,
} from "./ndjson.ts";
import { createStraceRenderer } from "./strace.ts";
import { createTextRenderer } from "./text.ts";

/** A format, ready to write. All text ends with a line feed, or is empty. */
export interface RowFormat {
  /** What comes before the first row. */
  begin(): string;
  /** Appends what a row or a warning is. */
  row(row: StreamRow | WarningRow, out: ByteText): void;
  /** Writes the calls of batches, whose call numbers are those of `arch`, as `row` does their rows. */
  calls(arch: Arch): CallWriter;
  /** What comes after the last of `calls` rows. */
  end(end: RowsEnd, calls: number, running: readonly RunningCall[]): string;
  /** True when it includes warnings and the end of the stream; otherwise they must be reported elsewhere. */
  readonly tellsWarnings: boolean;
  /** True when it includes loss and cost. */
  readonly tellsEnd: boolean;
}

/** Options of a format. */
export interface RowFormatOptions {
  /** Content of the header record of NDJSON. */
  header: RowsHeader;
  /** Start of the trace, nanoseconds since 1970. */
  startedEpochNs: bigint;
  /** Names of the fields, in their order, `null` for the default. Not for strace's format. */
  columns: readonly string[] | null;
  /**
   * How text looks: columns that lines may take, `null` for no limit, and whether a terminal shows them; default false, for a
   * file or a pipe, which gets the exact bytes in CSV.
   */
  look: { width: number | null; color: boolean; ascii: boolean; isTerminal?: boolean };
}

/** A row of the table of formats. */
interface RowFormatEntry {
  /** False for a form of its own, whose fields cannot be chosen. */
  hasColumns: boolean;
  /** True when each line is written from its call alone, so that lines may be written elsewhere; default false. */
  hasWorker?: boolean;
  /** The format for one stream. */
  open(options: RowFormatOptions): RowFormat;
}

/** The formats by name, in the order the help lists them. */
const FORMATS = {
  text: {
    hasColumns: true,
    open({ startedEpochNs, columns, look }) {
      const lines = createTextRenderer({ ...look, columns, clock: createRowClock(startedEpochNs) });
      return {
        ...LINES,
        begin: () => lines.header() + "\n",
        ...rowByRow(textLines(lines.row)),
        tellsWarnings: true,
      };
    },
  },
  csv: {
    hasColumns: true,
    hasWorker: true,
    open({ startedEpochNs, columns, look: { isTerminal, ascii } }) {
      const options = { columns, terminal: isTerminal, ascii };
      const clock = createRowClock(startedEpochNs);
      const lines = createCsvRenderer(clock, options);
      return {
        ...LINES,
        begin: () => lines.header() + "\n",
        row: lines.row,
        calls: (arch) => new CallLines(arch, clock, csvLine(clock, options)),
      };
    },
  },
  ndjson: {
    hasColumns: true,
    hasWorker: true,
    open({ startedEpochNs, columns, header }) {
      const clock = createRowClock(startedEpochNs);
      const names = columns ?? undefined;
      return {
        begin: () => renderRowsHeader(header, columns) + "\n",
        row: createNdjsonRenderer(clock, names),
        calls: (arch) => new CallLines(arch, clock, ndjsonLine(clock, names)),
        end: (end, calls, running) => renderRowsEnd(end, calls, running) + "\n",
        tellsWarnings: true,
        tellsEnd: true,
      };
    },
  },
  strace: {
    hasColumns: false,
    open: ({ startedEpochNs }) => ({
      ...LINES,
      ...rowByRow(textLines(createStraceRenderer(startedEpochNs))),
    }),
  },
  chrome: {
    hasColumns: false,
    open({ header }) {
      const trace = createChromeRenderer(header);
      return {
        begin: trace.begin,
        ...rowByRow((row, out) => out.text(trace.row(row))),
        end: trace.end,
        tellsWarnings: true,
        tellsEnd: true,
      };
    },
  },
} satisfies Record<string, RowFormatEntry>;

/** Name of a format. */
export type RowFormatName = keyof typeof FORMATS;

/** The names of all formats. */
export const ROW_FORMAT_NAMES = Object.keys(FORMATS) as RowFormatName[];

/** A format that is lines of calls and nothing else. */
const LINES = { begin: () => "", end: () => "", tellsWarnings: false, tellsEnd: false };

/** A format for one stream. Throws a `RangeError` for a column that is none. */
export function rowFormat(name: RowFormatName, options: RowFormatOptions): RowFormat {
  return FORMATS[name].open(options);
}

/** Whether the fields of a format can be chosen. */
export function hasColumns(name: RowFormatName): boolean {
  return FORMATS[name].hasColumns;
}

/** Whether the rows of a format may be written by a worker. */
export function hasWorker(name: RowFormatName): boolean {
  const { hasWorker = false }: RowFormatEntry = FORMATS[name];
  return hasWorker;
}

/** Lines of a renderer of strings, which has `null` for what has no line. */
function textLines(render: (row: StreamRow | WarningRow) => string | null): RowFormat["row"] {
  return (row, out) => {
    const line = render(row);
    if (line !== null) out.text(line + "\n");
  };
}

/** A format that writes each row by itself. */
function rowByRow(row: RowFormat["row"]): Pick<RowFormat, "row" | "calls"> {
  return { row, calls: (arch) => new CallRows(arch, row) };
}
