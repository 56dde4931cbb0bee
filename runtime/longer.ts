/** Columns that grow. */
type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/**
 * A longer copy of a column: of at least `length` elements, and a quarter longer than before, so that little of it stays
 * unused. The new part takes no memory until it is written; what `ArrayBuffer.transfer` adds is written at once.
 */
export function longer<Of extends Column>(column: Of, length: number): Of {
  const create = column.constructor as new (length: number) => Of;
  const grown = new create(Math.max(length, Math.ceil(column.length * 5 / 4)));
  grown.set(column);
  return grown;
}
