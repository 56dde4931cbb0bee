import { REPORT_SCHEMA, type ReportHeader, ROWS_SCHEMA } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";
import { isCompressed, plainBytes } from "./decompress.ts";
import { FileReader } from "./file_reader.ts";
import { headerEnd, headerOf, headerStart, type Members } from "./header_check.ts";
import { fileBytes, type Lines, readLines } from "./read_lines.ts";
import { NdjsonRows } from "./read_ndjson_rows.ts";
import { Damage, require } from "../parquet/damage.ts";
import { MAGIC } from "../parquet/format.ts";
import { explained, shown } from "./read_errors.ts";
import type { RowColumns } from "./row_columns.ts";
import type { RecordedRun } from "./source.ts";

/** Rows turned into columns at once: a few megabytes of text. */
const ROWS_AT_ONCE = 8192;

/** Bytes that tell how a file is compressed. */
const MAGIC_BYTES = 4;

/** Bytes at the end of a file in which its end record is looked for. */
const TAIL_BYTES = 1024 * 1024;

/** Rows as `ior stream --format ndjson` writes them. */
export class NdjsonRun implements RecordedRun {
  readonly path: string;
  header: ReportHeader;
  running: readonly RunningCall[] = [];
  rows: number | null = null;
  readonly dropped = 0;
  complete = false;
  notes: string[] = [];
  readonly #lines: () => AsyncIterable<Lines>;
  /** Lines before those of `#lines`. */
  readonly #skipped: number;
  /** Rows that its end record says there are. */
  #announced = 0;

  private constructor(path: string, first: Members, skipped: number, lines: () => AsyncIterable<Lines>) {
    this.path = path;
    this.header = headerOf(headerStart(first));
    this.#skipped = skipped;
    this.#lines = lines;
  }

  /**
   * Opens a file, plain or compressed; the end record of a plain one is read at once. Throws an `IorError` when it does not
   * hold rows of ior.
   */
  static open(path: string): Promise<NdjsonRun> {
    return explained(path, async () => {
      using file = FileReader.open(path);
      const isPlain = !isCompressed(await file.read(0, MAGIC_BYTES));
      const lines = async function* () {
        using again = FileReader.open(path);
        yield* readLines(plainBytes(fileBytes(again)));
      };
      const first = await firstLine(lines());
      const run = new NdjsonRun(path, firstRecord(first), 0, lines);
      if (!isPlain) return run;
      const tail = new TextDecoder().decode(await file.read(Math.max(0, file.size - TAIL_BYTES), TAIL_BYTES));
      const last = parse(tail.trimEnd().split("\n").at(-1)!);
      if (last?.type === "end") run.#end(last);
      else run.#noteCut();
      return run;
    });
  }

  /** Reads a stream; its end record is known once the rows have been read. Throws an `IorError` when it does not hold rows of ior. */
  static openStream(name: string, stream: AsyncIterable<Uint8Array>): Promise<NdjsonRun> {
    return explained(name, async () => {
      const lines = readLines(plainBytes(stream));
      const { value } = await lines.next();
      require(value !== undefined, () => "it is empty");
      const first = firstRecord(value.lines[0]);
      return new NdjsonRun(name, first, 1, async function* () {
        yield { lines: value.lines.slice(1), cut: value.cut };
        yield* lines;
      });
    });
  }

  /** @inheritdoc */
  async *read(): AsyncGenerator<RowColumns> {
    const batches = this.#read();
    while (true) {
      const { value, done } = await explained(this.path, () => batches.next());
      if (done) return;
      yield value;
    }
  }

  async *#read(): AsyncGenerator<RowColumns> {
    const rows = new NdjsonRows();
    let number = this.#skipped;
    let count = 0;
    let wallNs = 0;
    const take = () => {
      count += rows.length;
      const columns = rows.take(this.path);
      for (let i = 0; i < columns.length; i++) {
        wallNs = Math.max(wallNs, columns.timeNs[i] + (columns.latencyNs[i] || 0));
      }
      return columns;
    };
    for await (const { lines, cut } of this.#lines()) {
      for (const line of lines) {
        if (++number === 1 || line === "") continue;
        this.#line(line, number, cut, rows);
        if (rows.length === ROWS_AT_ONCE) yield take();
      }
    }
    if (rows.length > 0) yield take();
    this.rows = count;
    if (!this.complete) this.#noteCut();
    else if (count < this.#announced) this.#noteMissing(this.#announced - count);
    if (this.header.wall_ns === 0) this.header = { ...this.header, wall_ns: wallNs };
  }

  /** Takes one record. */
  #line(line: string, number: number, cut: boolean, rows: NdjsonRows): void {
    const record = parse(line);
    if (record === null && cut) {
      const note = `Line ${number} of ${this.path} is truncated and left out`;
      if (!this.notes.includes(note)) this.notes.push(note);
      return;
    }
    try {
      require(record !== null, () => `it is not a JSON object: ${shown(line)}`);
      if (record.type === "end") this.#end(record);
      else if (record.type === undefined || record.type === "row") rows.add(record, line);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      throw new Damage(`line ${number} is wrong, ${error.message}`, { cause: error });
    }
  }

  #noteMissing(rows: number): void {
    this.complete = false;
    const note = `${rows} of ${this.#announced} rows of ${this.path} are missing`;
    if (!this.notes.includes(note)) this.notes.push(note);
  }

  #noteCut(): void {
    const note = `${this.path} has no end record: what came later is missing`;
    if (!this.notes.includes(note)) this.notes.push(note);
  }

  #end(record: Members): void {
    const { end, calls, running } = headerEnd(record);
    this.#announced = calls;
    this.header = { ...this.header, ...end };
    this.running = running;
    this.complete = true;
  }
}

async function firstLine(batches: AsyncGenerator<Lines>): Promise<string> {
  for await (const { lines: [line] } of batches) return line;
  return "";
}

function firstRecord(line: string): Members {
  require(!line.startsWith(MAGIC), () => "it is Parquet, which can only be read from a file, uncompressed");
  const record = parse(line);
  require(
    record?.schema !== REPORT_SCHEMA,
    () => "it is a report and not a recording; ior diff compares reports",
  );
  require(
    record?.schema === ROWS_SCHEMA,
    () => `its first line is ${shown(line)}, rows begin with {"schema":"${ROWS_SCHEMA}",…}`,
  );
  return record;
}

function parse(line: string): Members | null {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
