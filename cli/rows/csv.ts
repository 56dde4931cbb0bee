/**
 * Rows as CSV by RFC 4180, with a header line, in UTF-8. Three things the format leaves open:
 *
 * - Lines end with a line feed alone, as `sort`, `cut`, `awk` and databases write and read them: with the carriage
 *   return of the RFC every value of the last column would end in one.
 * - No value is an empty field, a text that is empty is `""`.
 * - Text stands as it is, also when a spreadsheet would take it for a formula (`=`, `+`, `-`, `@`): this is data for
 *   programs, and a quote put before it would be another file name.
 */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeText } from "../text/escape.ts";
import type { RowClock } from "./clock.ts";
import { type FieldValue, ROW_COLUMN_NAMES, type RowColumn, rowColumn } from "./columns.ts";

/** How {@linkcode createCsvRenderer} writes. */
export interface CsvOptions {
  /** Names of the fields, in the order of the line; all of them, in their order, when left out. */
  columns?: readonly string[] | null;
  /** True for a terminal: what it would act on or hide is escaped. Else a path comes out as its exact bytes. */
  terminal?: boolean;
  /** Escape for a terminal that shows only ASCII. */
  ascii?: boolean;
}

/** A renderer of lines, none of which ends with its line feed. */
export interface CsvRenderer {
  /** The line of the names. */
  header(): string;
  /** The line of a row: bytes when a path in it is no UTF-8. `null` for a warning, which has no place in a table. */
  row(row: StreamRow | WarningRow): string | Uint8Array<ArrayBuffer> | null;
}

/** What must stand in quotes: RFC 4180 has the first four; readers that trim fields would take the spaces. */
const QUOTED = /[",\r\n]|^ | $/;

/** The exact bytes of a field, of those that have some. */
const RAW: Readonly<Record<string, (row: StreamRow) => Uint8Array | null>> = {
  path: (row) => row.pathRaw,
  old_path: (row) => row.oldPathRaw,
};

/** Makes a renderer. Throws a `RangeError` for a name that is no field. */
export function createCsvRenderer(clock: RowClock, options: CsvOptions = {}): CsvRenderer {
  const { terminal = false, ascii = false } = options;
  const columns = (options.columns ?? ROW_COLUMN_NAMES).map(rowColumn);
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

/** A line with exact bytes. It is put together of characters that stand for one byte each. */
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
