import type { StreamRow } from "../../runtime/row.ts";
import type { RowField } from "../../runtime/row_fields.ts";
import type { ByteText, Piece } from "./byte_text.ts";

/** A field in the lines of a format. */
export interface LineField extends RowField {
  /** What stands before and after a value. */
  before: Piece;
  after: Piece;
  /** All of the field when it has no value. */
  absent: Piece;
  /** Appends the value of a row that has one. */
  write(row: StreamRow, out: ByteText): void;
}

/** The lines of a format that has one for each row. */
export interface RowLine {
  /** What stands before the first field, and after the last one. */
  begin: Piece;
  end: Piece;
  fields: readonly LineField[];
}

/** Appends the line of a row. */
export function writeLine({ begin, fields, end }: RowLine, row: StreamRow, out: ByteText): void {
  out.piece(begin);
  for (const field of fields) writeField(field, row, out);
  out.piece(end);
}

/** Appends a field of a row, with what stands around it. */
export function writeField(field: LineField, row: StreamRow, out: ByteText): void {
  if (row[field.key] === null) return out.piece(field.absent);
  out.piece(field.before);
  field.write(row, out);
  out.piece(field.after);
}
