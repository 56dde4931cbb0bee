/**
 * Rows as CSV by RFC 4180, with a header line, in UTF-8. Three things the format leaves open:
 *
 * - Lines end with a line feed alone, as `sort`, `cut`, `awk` and databases write and read them: with the carriage
 *   return of the RFC every value of the last column would end in one.
 * - No value is an empty field, an empty text is `""`. In lines of one field no value is `""` as well: many readers skip
 *   blank lines.
 * - Text is unchanged, even when a spreadsheet would take it as a formula (`=`, `+`, `-`, `@`): this is data for
 *   programs, and a quote before it would make it another file name.
 */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeText } from "../text/escape.ts";
import { type ByteText, pieceOf } from "./byte_text.ts";
import type { RowClock } from "./clock.ts";
import { DEFAULT_COLUMN_NAMES, rowColumn } from "./columns.ts";
import { type RowLine, writeLine } from "./row_line.ts";

/** How {@linkcode createCsvRenderer} writes. */
export interface CsvOptions {
  /** Names of the fields, in the order of the line; default all that are shown without being asked for. */
  columns?: readonly string[] | null;
  /** True for a terminal: characters that it would act on or hide are escaped. Otherwise a path is written as its exact bytes. */
  terminal?: boolean;
  /** Escape for a terminal that shows only ASCII. */
  ascii?: boolean;
}

/** A renderer of lines. */
export interface CsvRenderer {
  /** The line of names, without its line feed. */
  header(): string;
  /** Appends the line of a row; a warning does not fit a table. */
  row(row: StreamRow | WarningRow, out: ByteText): void;
}

/** Texts that need quotes: the first four by RFC 4180, spaces because some readers trim fields. */
const QUOTED = /[",\r\n]|^ | $/;

/** The exact bytes of a field, of those that have some. */
const RAW: Readonly<Record<string, (row: StreamRow) => Uint8Array | null>> = {
  path: (row) => row.pathRaw,
  old_path: (row) => row.oldPathRaw,
};

const NOTHING = pieceOf("");

/** The lines of rows with these fields. Throws a `RangeError` for an unknown field. */
export function csvLine(clock: RowClock, options: CsvOptions = {}): RowLine {
  const { terminal = false, ascii = false } = options;
  const form = (text: string) => quote(terminal ? escapeText(text, { ascii }) : text);
  const fields = (options.columns ?? DEFAULT_COLUMN_NAMES).map(rowColumn).map((column, i, { length }) => {
    const { name, key, type } = column;
    const raw = terminal ? undefined : RAW[name];
    const before = pieceOf(i === 0 ? "" : ",");
    return {
      ...column,
      before,
      after: NOTHING,
      absent: length === 1 ? pieceOf('""') : before,
      write(row: StreamRow, out: ByteText) {
        const bytes = raw?.(row) ?? null;
        const value = row[key];
        if (bytes !== null) writeBytes(bytes, out);
        else if (type === "timestamp") clock.write(value as number, out);
        else if (typeof value === "string") out.text(form(value));
        else if (typeof value === "number" || typeof value === "bigint") out.integer(value);
        else if (value instanceof Uint8Array) out.text(value.toBase64());
        else out.text(String(value));
      },
    };
  });
  return { begin: NOTHING, end: pieceOf("\n"), fields };
}

/** Makes a renderer. Throws a `RangeError` for an unknown field. */
export function createCsvRenderer(clock: RowClock, options: CsvOptions = {}): CsvRenderer {
  const line = csvLine(clock, options);
  return {
    header: () => line.fields.map(({ name }) => name).join(","),
    row(row, out) {
      if (!("warning" in row)) writeLine(line, row, out);
    },
  };
}

/** Exact bytes, quoted as characters that stand for one byte each. */
function writeBytes(bytes: Uint8Array, out: ByteText): void {
  const text = quote(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  out.bytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

function quote(text: string): string {
  return text === "" || QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
