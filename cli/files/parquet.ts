import type { ColumnSpec } from "../../engine/parquet/format.ts";
import type { EncodedColumn } from "../../engine/parquet/write_column.ts";
import { encodeDictionary, INT64, TEXT } from "../../engine/parquet/write_dictionary.ts";
import { ParquetWriter } from "../../engine/parquet/write_file.ts";
import { parseTime } from "../../runtime/rfc3339.ts";
import type { FilesDocument, ListedSession } from "./document.ts";

/** The key of the facts of the run: the document without its sessions. */
const FILES_KEY = "ior.files";

/** A column has the name of the member of a session that it holds. */
interface SessionColumn extends ColumnSpec {
  readonly name: keyof ListedSession;
  readonly type: "text" | "timestamp" | "int64";
}

const COLUMNS: readonly SessionColumn[] = [
  { name: "path", type: "text" },
  { name: "path_raw", type: "text", nullable: true },
  { name: "pid", type: "int64" },
  { name: "comm", type: "text" },
  { name: "opened_by", type: "text", nullable: true },
  { name: "opened", type: "timestamp", nullable: true },
  { name: "flags", type: "text", nullable: true },
  { name: "stack", type: "text", nullable: true },
  { name: "closed", type: "timestamp", nullable: true },
  { name: "state", type: "text" },
  { name: "duration_ns", type: "int64" },
  { name: "calls", type: "int64" },
  { name: "errors", type: "int64" },
  { name: "total_ns", type: "int64" },
  { name: "read_bytes", type: "int64" },
  { name: "write_bytes", type: "int64" },
  { name: "fetched_bytes", type: "int64", nullable: true },
  { name: "seeks", type: "int64" },
  { name: "syncs", type: "int64" },
  { name: "access", type: "text", nullable: true },
  { name: "processes", type: "int64" },
];

/** The document as a Parquet file, in pieces: a row for each session, and the facts of the run beside them. */
export function filesParquet({ sessions, ...facts }: FilesDocument): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const sink = {
    bytes: 0,
    append(piece: Uint8Array) {
      pieces.push(piece);
      this.bytes += piece.length;
    },
    // Called when there is no room, and there always is.
    truncate() {},
  };
  const writer = new ParquetWriter(sink, COLUMNS);
  const columns = new Map<string, SessionColumn>(COLUMNS.map((column) => [column.name, column]));
  if (sessions.length > 0) writer.append(sessions.length, (name) => encode(sessions, columns.get(name)!));
  writer.finish(() => ({ [FILES_KEY]: JSON.stringify(facts) }), `ior version ${facts.ior}`);
  return pieces;
}

function encode(
  sessions: readonly ListedSession[],
  { name, type, nullable }: SessionColumn,
): EncodedColumn {
  const isNullable = nullable === true;
  const values = sessions.map((session) => session[name] ?? null);
  const codes = Uint32Array.from(values.keys());
  if (type === "text") {
    return encodeDictionary(codes, values.length, values as (string | null)[], TEXT, isNullable);
  }
  const numbers = values.map((value) => typeof value === "string" ? micros(value) : value);
  return encodeDictionary(codes, values.length, numbers, INT64, isNullable);
}

/** Microseconds since 1970. */
function micros(time: string): number {
  return Number(parseTime(time)! / 1000n);
}
