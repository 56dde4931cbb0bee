import { RECORDING_KEY } from "../../runtime/recording.ts";
import type { FileReader } from "./file_reader.ts";
import { MAGIC } from "./parquet_numbers.ts";
import { type FileMetaData, parquetMetadata, type RowGroup } from "./parquet_reader_library.ts";
import { require } from "./read_errors.ts";
import { thriftEnd } from "./thrift_bounds.ts";

/** Largest footer read: that of a recording of a day at full speed. */
const MOST_FOOTER_BYTES = 512 * 1024 * 1024;

/** Rows of a row group that are read at once: ior's own have 65,536, those of other writers some millions. */
const MOST_GROUP_ROWS = 8_000_000;

/** Bytes of a column of a row group in the file. */
const MOST_CHUNK_BYTES = 1024 * 1024 * 1024;

/** Length and magic behind the footer, and the magic at the start of the file. */
const TAIL_BYTES = 8;
const HEAD_BYTES = 4;

/** Where a column of a row group lies, and how it is stored. */
export interface ChunkPlace {
  at: number;
  bytes: number;
  codec: string;
  /** How single values are stored. */
  type: string;
  /** True when rows may have no value. */
  nullable: boolean;
}

/** What the end of a Parquet file says. */
export interface ParquetFooter {
  rows: number;
  groups: { rows: number; chunks: Map<string, ChunkPlace> }[];
  /** What the file says of its recording, `null` when ior did not write it. */
  facts: string | null;
}

/** Reads the end of a Parquet file, of the given columns only. Throws `Damage`, or what the system's error became. */
export async function readFooter(file: FileReader, columns: ReadonlySet<string>): Promise<ParquetFooter> {
  const tail = await file.read(Math.max(0, file.size - TAIL_BYTES), TAIL_BYTES);
  const magic = new TextDecoder().decode(tail.subarray(4));
  require(
    file.size > HEAD_BYTES + TAIL_BYTES && tail.length === TAIL_BYTES && magic === MAGIC,
    () => `it does not end with ${MAGIC}, it was cut or is not complete`,
  );
  const length = new DataView(tail.buffer).getUint32(0, true);
  const at = file.size - TAIL_BYTES - length;
  require(
    at >= HEAD_BYTES && length <= MOST_FOOTER_BYTES,
    () => `its footer has ${length} bytes, the file ${file.size}`,
  );
  const footer = await file.read(at, length + TAIL_BYTES);
  require(
    thriftEnd(footer.subarray(0, length), 0) <= length,
    () => "its footer goes over its end",
  );
  return footerOf(parquetMetadata(footer, { geoparquet: false }), columns, at);
}

function footerOf(metadata: FileMetaData, columns: ReadonlySet<string>, dataEnd: number): ParquetFooter {
  const [root, ...fields] = metadata.schema;
  require(
    root !== undefined && root.num_children === fields.length,
    () => "its columns are nested, those of a recording are not",
  );
  const nullable = new Map(fields.map(({ name, repetition_type }) => {
    require(repetition_type !== "REPEATED", () => `its column ${name} is a list`);
    return [name, repetition_type === "OPTIONAL"];
  }));
  const groups = metadata.row_groups.map((group) => ({
    rows: count(group.num_rows, MOST_GROUP_ROWS, "rows of a row group"),
    chunks: chunksOf(group, columns, nullable, dataEnd),
  }));
  const rows = count(metadata.num_rows, Number.MAX_SAFE_INTEGER, "rows");
  const found = groups.reduce((sum, group) => sum + group.rows, 0);
  require(found === rows, () => `its footer says ${rows} rows, its row groups have ${found}`);
  const facts = metadata.key_value_metadata?.find(({ key }) => key === RECORDING_KEY)?.value;
  return { rows, groups, facts: facts ?? null };
}

function chunksOf(
  group: RowGroup,
  columns: ReadonlySet<string>,
  nullable: ReadonlyMap<string, boolean>,
  dataEnd: number,
): Map<string, ChunkPlace> {
  const chunks = new Map<string, ChunkPlace>();
  for (const { meta_data: facts } of group.columns) {
    const name = facts?.path_in_schema.join(".");
    if (facts === undefined || name === undefined || !columns.has(name)) continue;
    const isNullable = nullable.get(name);
    require(isNullable !== undefined, () => `its column ${name} is not in its schema`);
    const dictionaryAt = facts.dictionary_page_offset || facts.data_page_offset;
    const first = dictionaryAt < facts.data_page_offset ? dictionaryAt : facts.data_page_offset;
    const at = count(first, dataEnd, `place of ${name}`);
    const bytes = count(facts.total_compressed_size, MOST_CHUNK_BYTES, `bytes of ${name}`);
    require(at + bytes <= dataEnd, () => `its column ${name} goes over its end`);
    chunks.set(name, { at, bytes, codec: facts.codec, type: facts.type, nullable: isNullable });
  }
  return chunks;
}

/** A number of the footer that must be from 0 to `most`. */
function count(value: unknown, most: number, what: string): number {
  const number = Number(value);
  require(
    (typeof value === "bigint" || typeof value === "number") && number >= 0 && number <= most,
    () => `its number of ${what} is ${value}`,
  );
  return number;
}
