import { require } from "./damage.ts";
import { ConvertedType, MAGIC, Repetition } from "./format.ts";
import { ThriftStruct } from "./read_thrift.ts";

/** Largest footer read: that of a recording of one day at full speed. */
const MOST_FOOTER_BYTES = 512 * 1024 * 1024;

/**
 * Limit of the rows that a file may claim, because the claim decides what reading costs: a row takes 15 bytes as written
 * here, and half a byte in the densest files seen.
 */
const MOST_ROWS = { few: 131_072, perByte: 16 };

/** Largest row group read, rows: other writers make some of a few million. */
const MOST_GROUP_ROWS = 8_000_000;

/** Largest column of a row group in the file, bytes. */
const MOST_CHUNK_BYTES = 1024 * 1024 * 1024;

/** Length and magic after the footer, and the magic at the start of the file. */
const TAIL_BYTES = 8;
const HEAD_BYTES = 4;

/** Where the bytes of a file come from. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `at` on, fewer than `length` only at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A column as described by the schema. */
interface ColumnFacts {
  /** True when rows may have no value. */
  nullable: boolean;
  /** Nanoseconds per unit of a timestamp, `null` for any other column. */
  unitNs: number | null;
}

/** Where a column of a row group lies, and how it is stored. */
export interface ColumnPlace extends ColumnFacts {
  at: number;
  bytes: number;
  codec: number;
  /** Physical type of single values. */
  type: number;
}

/** A row group. */
export interface RowGroupPlaces {
  rows: number;
  /** By name. */
  columns: ReadonlyMap<string, ColumnPlace>;
}

/** The footer of a Parquet file. */
export interface ParquetFooter {
  rows: number;
  groups: RowGroupPlaces[];
  /** Texts by key. */
  metadata: ReadonlyMap<string, string>;
}

/** Reads the footer of a Parquet file, for the given columns only. Throws `Damage`, and what the source throws. */
export async function readFooter(
  source: ByteSource,
  columns: ReadonlySet<string>,
): Promise<ParquetFooter> {
  const tail = await source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
  const magic = new TextDecoder().decode(tail.subarray(4));
  require(
    source.size > HEAD_BYTES + TAIL_BYTES && tail.length === TAIL_BYTES && magic === MAGIC,
    () => `it does not end with ${MAGIC}, it is cut or incomplete`,
  );
  const length = new DataView(tail.buffer).getUint32(0, true);
  const at = source.size - TAIL_BYTES - length;
  require(
    at >= HEAD_BYTES && length <= MOST_FOOTER_BYTES,
    () => `its footer has ${length} bytes, the file ${source.size}`,
  );
  const file = new ThriftStruct(await source.read(at, length), 0);
  const schema = schemaOf(file);
  const groups = needed(
    file.structs(4, (group) => ({
      rows: count(group.integer(3), MOST_GROUP_ROWS, "rows of a row group"),
      columns: placesOf(group, columns, schema, at),
    })),
    "row groups",
  );
  const mostRows = MOST_ROWS.few + MOST_ROWS.perByte * source.size;
  const rows = count(file.integer(3), mostRows, "rows");
  const found = groups.reduce((sum, group) => sum + group.rows, 0);
  require(found === rows, () => `its footer says ${rows} rows, its row groups have ${found}`);
  const metadata = file.structs(5, (pair) => [pair.text(1) ?? "", pair.text(2) ?? ""] as const);
  return { rows, groups, metadata: new Map(metadata) };
}

function schemaOf(file: ThriftStruct): Map<string, ColumnFacts> {
  const [root, ...fields] = needed(file.structs(2, (element) => element), "columns");
  require(
    root !== undefined && root.integer(5) === fields.length,
    () => "its columns are nested, those of a recording are not",
  );
  return new Map(fields.map((field) => {
    const name = field.text(4) ?? "";
    require(field.integer(3) !== Repetition.REPEATED, () => `its column ${name} is a list`);
    return [name, { nullable: field.integer(3) === Repetition.OPTIONAL, unitNs: timeUnitNs(field) }];
  }));
}

/** Nanoseconds per unit of a timestamp, from the logical or the older converted type. */
function timeUnitNs(field: ThriftStruct): number | null {
  const unit = field.struct(10)?.struct(8)?.struct(2);
  const converted = field.integer(6);
  if (unit?.struct(3)) return 1;
  if (unit?.struct(2) || converted === ConvertedType.TIMESTAMP_MICROS) return 1_000;
  return unit?.struct(1) || converted === ConvertedType.TIMESTAMP_MILLIS ? 1_000_000 : null;
}

function placesOf(
  group: ThriftStruct,
  wanted: ReadonlySet<string>,
  schema: ReadonlyMap<string, ColumnFacts>,
  dataEnd: number,
): Map<string, ColumnPlace> {
  const places = new Map<string, ColumnPlace>();
  group.structs(1, (chunk) => {
    const facts = chunk.struct(3);
    const name = facts?.texts(3)?.join(".");
    if (facts === undefined || name === undefined || !wanted.has(name)) return;
    const known = schema.get(name);
    require(known !== undefined, () => `its column ${name} is not in its schema`);
    const data = facts.integer(9) ?? NaN;
    // Some writers have 0 for a missing dictionary.
    const at = count(Math.min(facts.integer(11) || data, data), dataEnd, `place of ${name}`);
    const bytes = count(facts.integer(7), MOST_CHUNK_BYTES, `bytes of ${name}`);
    require(at + bytes <= dataEnd, () => `its column ${name} extends past the end of the file`);
    places.set(name, { ...known, at, bytes, codec: facts.integer(4) ?? NaN, type: facts.integer(1) ?? NaN });
  });
  return places;
}

function needed<Value>(value: Value | undefined, what: string): Value {
  require(value !== undefined, () => `its footer lacks its ${what}`);
  return value;
}

/** A number of the footer that must be from 0 to `most`. */
function count(value: number | undefined, most: number, what: string): number {
  require(value !== undefined && value >= 0 && value <= most, () => `its number of ${what} is ${value}`);
  return value;
}
