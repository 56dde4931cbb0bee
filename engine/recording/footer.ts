import { type ColumnType, RECORDING_COLUMNS, type RecordingColumn } from "./columns.ts";
import { PHYSICAL_TYPES } from "./column_chunk.ts";
import { ConvertedType, MAGIC, Repetition } from "./parquet_numbers.ts";
import { ByteWriter, logicalType, serializeTCompactProtocol } from "./parquet_writer_library.ts";

/** Version of the format that the file follows. */
const FORMAT_VERSION = 2;

/** Compact types of Thrift: see `thrift-compact-protocol.md` of Apache Thrift. */
const LIST = 9;
const STRUCT = 12;

/** Elements of a list whose number fits into the byte of its type. */
const SHORT_LIST = 14;

/** What the types of columns mean, for those that are not plain numbers or bytes. */
const MEANINGS: Partial<
  Record<ColumnType, { converted?: number; logical?: Parameters<typeof logicalType>[0] }>
> = {
  text: { converted: ConvertedType.UTF8, logical: { type: "STRING" } },
  timestamp: { logical: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } },
  // The newer form has a field of 8 bits, which the library writes as one of 32.
  uint32: { converted: ConvertedType.UINT_32 },
};

/**
 * The end of a file: what its columns are, where its row groups lie, and texts by key. Row groups come as the bytes of their
 * description, so that a recording of hours keeps kilobytes of each and not thousands of objects.
 */
export function footerBytes(
  rows: number,
  rowGroups: readonly Uint8Array[],
  metadata: Readonly<Record<string, string>>,
  createdBy: string,
): Uint8Array {
  const writer = new ByteWriter();
  const head = structBytes({ field_1: FORMAT_VERSION, field_2: schema(), field_3: BigInt(rows) });
  writer.appendBytes(head.subarray(0, -1)); // the struct goes on, without its end
  writer.appendUint8(1 << 4 | LIST); // field 4: one after field 3
  if (rowGroups.length > SHORT_LIST) {
    writer.appendUint8(0xf0 | STRUCT);
    writer.appendVarInt(rowGroups.length);
  } else {
    writer.appendUint8(rowGroups.length << 4 | STRUCT);
  }
  for (const rowGroup of rowGroups) writer.appendBytes(rowGroup);
  const rest = structBytes({
    field_5: Object.entries(metadata).map(([key, value]) => ({ field_1: key, field_2: value })),
    field_6: createdBy,
    field_7: RECORDING_COLUMNS.map(() => ({ field_1: {} })), // bounds are in the order of the types
  });
  rest[0] = 1 << 4 | LIST; // field 5 comes after field 4 here, not after none
  writer.appendBytes(rest);
  writer.appendUint32(writer.offset);
  writer.appendBytes(new TextEncoder().encode(MAGIC));
  return writer.getBytes();
}

/** A struct of Thrift. */
export function structBytes(fields: Record<`field_${number}`, unknown>): Uint8Array {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, fields);
  return writer.getBytes();
}

function schema(): Record<`field_${number}`, unknown>[] {
  const columns: readonly RecordingColumn[] = RECORDING_COLUMNS;
  return [
    { field_4: "ior", field_5: columns.length },
    ...columns.map(({ name, type, nullable }) => ({
      field_1: PHYSICAL_TYPES[type],
      field_3: nullable ? Repetition.OPTIONAL : Repetition.REQUIRED,
      field_4: name,
      field_6: MEANINGS[type]?.converted,
      field_10: logicalType(MEANINGS[type]?.logical),
    })),
  ];
}
