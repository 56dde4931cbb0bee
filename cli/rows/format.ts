/** A stream of rows in one of its formats, as a whole: its beginning, the rows, its end. */
import type { RunningCall, StreamRow, WarningRow } from "../../runtime/row.ts";
import { createChromeRenderer } from "./chrome.ts";
import { createRowClock } from "./clock.ts";
import { createCsvRenderer } from "./csv.ts";
import {
  createNdjsonRenderer,
  createNdjsonSubsetRenderer,
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
  /** The lines of rows and warnings: bytes when a path among them is to be written exactly and is not UTF-8. */
  rows(rows: readonly (StreamRow | WarningRow)[]): string | Uint8Array<ArrayBuffer>;
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
  /** How text looks. Columns of a terminal, `null` for a file or a pipe, which gets the exact bytes in CSV. */
  look: { width: number | null; color: boolean; ascii: boolean };
}

/** A row of the table of formats. */
interface RowFormatEntry {
  /** False for a form of its own, whose fields cannot be chosen. */
  hasColumns: boolean;
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
        rows: textLines(lines.row),
        tellsWarnings: true,
      };
    },
  },
  csv: {
    hasColumns: true,
    open({ startedEpochNs, columns, look: { width, ascii } }) {
      const options = { columns, terminal: width !== null, ascii };
      const lines = createCsvRenderer(createRowClock(startedEpochNs), options);
      return { ...LINES, begin: () => lines.header() + "\n", rows: byteLines(lines.row) };
    },
  },
  ndjson: {
    hasColumns: true,
    open({ startedEpochNs, columns, header }) {
      const clock = createRowClock(startedEpochNs);
      const row = columns === null ? createNdjsonRenderer(clock) : createNdjsonSubsetRenderer(clock, columns);
      return {
        begin: () => renderRowsHeader(header, columns) + "\n",
        rows: textLines(row),
        end: (end, calls, running) => renderRowsEnd(end, calls, running) + "\n",
        tellsWarnings: true,
        tellsEnd: true,
      };
    },
  },
  strace: {
    hasColumns: false,
    open: ({ startedEpochNs }) => ({ ...LINES, rows: textLines(createStraceRenderer(startedEpochNs)) }),
  },
  chrome: {
    hasColumns: false,
    open({ header }) {
      const trace = createChromeRenderer(header);
      return {
        begin: trace.begin,
        rows: (rows) => rows.map(trace.row).join(""),
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

/** What renders one row or warning, `null` for one that has no line. */
type Renderer<Line> = (row: StreamRow | WarningRow) => Line | null;

function textLines(render: Renderer<string>): (rows: readonly (StreamRow | WarningRow)[]) => string {
  return (rows) => {
    let text = "";
    for (const row of rows) {
      const line = render(row);
      if (line !== null) text += line + "\n";
    }
    return text;
  };
}

/** As {@linkcode textLines}, but bytes as soon as one of the lines is bytes. */
function byteLines(render: Renderer<string | Uint8Array<ArrayBuffer>>): RowFormat["rows"] {
  const encoder = new TextEncoder();
  return (rows) => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let text = "";
    for (const row of rows) {
      const line = render(row);
      if (line === null) continue;
      if (typeof line === "string") {
        text += line + "\n";
        continue;
      }
      pieces.push(encoder.encode(text), line);
      text = "\n";
    }
    return pieces.length === 0 ? text : concat([...pieces, encoder.encode(text)]);
  };
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
