/**
 * Rows as CSV by RFC 4180, with a header line, in UTF-8. Three things the format leaves open:
 *
 * - Lines end with a line feed alone, as `sort`, `cut`, `awk` and databases write and read them: with the carriage
 *   return of the RFC every value of the last column would end in one.
 * - No value is an empty field, an empty text is `""`.
 * - Text is unchanged, even when a spreadsheet would take it as a formula (`=`, `+`, `-`, `@`): this is data for
 *   programs, and a quote before it would make it another file name.
 */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeText } from "../text/escape.ts";
import type { RowClock } from "./clock.ts";
import { DEFAULT_COLUMN_NAMES, type FieldValue, type RowColumn, rowColumn } from "./columns.ts";

/** How {@linkcode createCsvRenderer} writes. */
export interface CsvOptions {
  /** Names of the fields, in the order of the line; default all that are shown without being asked for. */
  columns?: readonly string[] | null;
  /** True for a terminal: characters that it would act on or hide are escaped. Otherwise a path is written as its exact bytes. */
  terminal?: boolean;
  /** Escape for a terminal that shows only ASCII. */
  ascii?: boolean;
}

/** A renderer of lines, none of which ends with its line feed. */
export interface CsvRenderer {
  /** The line of names. */
  header(): string;
  /** The line of a row: bytes when a path in it is not UTF-8. `null` for a warning, which does not fit a table. */
  row(row: StreamRow | WarningRow): string | Uint8Array<ArrayBuffer> | null;
}

/** Texts that need quotes: the first four by RFC 4180, spaces because some readers trim fields. */
const QUOTED = /[",\r\n]|^ | $/;

/** The exact bytes of a field, of those that have some. */
const RAW: Readonly<Record<string, (row: StreamRow) => Uint8Array | null>> = {
  path: (row) => row.pathRaw,
  old_path: (row) => row.oldPathRaw,
};

/** Makes a renderer. Throws a `RangeError` for an unknown field. */
export function createCsvRenderer(clock: RowClock, options: CsvOptions = {}): CsvRenderer {
  const { terminal = false, ascii = false } = options;
  const columns = (options.columns ?? DEFAULT_COLUMN_NAMES).map(rowColumn);
  const rawNames = terminal ? [] : columns.map(({ name }) => name).filter((name) => Object.hasOwn(RAW, name));
  const text = (value: string) => quote(terminal ? escapeText(value, { ascii }) : value);
  return {
    header: () => columns.map(({ name }) => name).join(","),
    row(row) {
      if ("warning" in row) return null;
      if (rawNames.some((name) => RAW[name](row) !== null)) return rowBytes(columns, row, clock);
      let line = "";
      for (let i = 0; i < columns.length; i++) {
        const value = columns[i].value(row, clock);
        line += (i === 0 ? "" : ",") + (typeof value === "string" ? text(value) : plain(value));
      }
      return line;
    },
  };
}

/** A line with exact bytes. It is assembled from characters that stand for one byte each. */
function rowBytes(columns: readonly RowColumn[], row: StreamRow, clock: RowClock): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const line = columns.map((column) => {
    const value = column.value(row, clock);
    if (typeof value !== "string") return plain(value);
    return quote(byteCharacters(RAW[column.name]?.(row) ?? encoder.encode(value)));
  }).join(",");
  return Uint8Array.from(line, (character) => character.charCodeAt(0));
}

function byteCharacters(bytes: Uint8Array): string {
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return characters;
}

function plain(value: Exclude<FieldValue, string>): string {
  return value === null ? "" : String(value);
}

function quote(text: string): string {
  return text === "" || QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
