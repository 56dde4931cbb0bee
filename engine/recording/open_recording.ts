import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import { lossOfRows, type ReportHeader } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import { BatchMaker } from "./batch_maker.ts";
import { isCompressed } from "./decompress.ts";
import { FileReader } from "./file_reader.ts";
import { joinHeaders, knowFetched, startOf } from "./joined_header.ts";
import { NdjsonRun } from "./read_ndjson.ts";
import { MAGIC } from "../parquet/format.ts";
import type { ParquetSegment } from "./read_parquet.ts";
import { cannotRead, explained, noneNamed } from "./read_errors.ts";
import { leaveOut, recordedFiles } from "./recorded_files.ts";
import type { RecordedRun } from "./source.ts";

/** How often files are looked for when all that were found have been removed meanwhile. */
const MOST_LOOKS = 8;

/** The name that stands for rows on standard input. */
export const STANDARD_INPUT = "-";

/** A recording of one run, or of several that are shown as one. */
export interface Recording {
  /**
   * The run, or several joined: names listed, time from the first start to the last end, loss and cost added up. When
   * anything is missing the loss is unknown. Final once all batches have been taken: the end of standard input is not
   * known before.
   */
  readonly header: ReportHeader;
  /** Calls that had not returned when their trace ended. */
  readonly running: readonly RunningCall[];
  /** Number of rows, `null` when it is unknown until they have been read. */
  readonly rows: number | null;
  /** Calls that are missing from it, as far as they were counted. */
  readonly dropped: number;
  /** Architecture whose call numbers the batches carry. */
  readonly arch: Arch;
  /** When the first run began, nanoseconds since 1970; the batches' times count from here. */
  readonly startedWallNs: bigint;
  /** False when an end or a part is missing. */
  readonly complete: boolean;
  /** False for several runs not all of which tell what was brought into the page cache: no sum of it is that of all. */
  readonly knowsFetched: boolean;
  /** What a reader should know, one line each. */
  readonly notes: readonly string[];
  /**
   * The rows as batches, one run after the other in the order of their starts, as from a live trace. Numbers and times
   * of later runs continue those of the first, including the starts of processes, so that a pid used by two runs is
   * two processes. Standard input can be read only once. Throws an `IorError` when a file cannot be read.
   */
  batches(): AsyncIterable<EventBatch>;
  /** Takes a batch's columns back, to be filled again. */
  recycle(columns: EventColumns): void;
}

/**
 * Opens recordings: Parquet files, NDJSON files (also compressed with gzip or Zstandard), directories, patterns, or `-` for NDJSON on `stdin`.
 *
 * @throws {IorError} When a name matches nothing, or a file is not a recording or is damaged.
 */
export async function openRecording(
  names: readonly string[],
  stdin: AsyncIterable<Uint8Array> | null = null,
): Promise<Recording> {
  const runs: RecordedRun[] = [];
  if (names.length === 0) throw noneNamed();
  if (names.includes(STANDARD_INPUT) && stdin !== null) {
    runs.push(await NdjsonRun.openStream("standard input", stdin));
  }
  const files = names.filter((name) => name !== STANDARD_INPUT || stdin === null);
  let found = await openFiles(files);
  // A recording with `--keep` may have removed all that was found, and then has newer segments.
  for (let looks = 1; looks < MOST_LOOKS && isNothing(found); looks++) found = await openFiles(files);
  const { leftOut } = found;
  runs.push(...found.runs);
  if (runs.length === 0) {
    throw cannotRead(files.join(", "), leftOut[0] ?? "all files have been removed meanwhile");
  }
  runs.reverse().sort((a, b) => {
    const [first, second] = [startOf(a.header), startOf(b.header)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
  const [first] = runs;
  const other = runs.find(({ header }) => header.arch !== first.header.arch);
  if (other) {
    throw cannotRead(
      other.path,
      `it is of ${other.header.arch}, ${first.path} is of ${first.header.arch}, and call numbers differ`,
    );
  }
  return new OpenRecording(runs, leftOut);
}

/** What the files are that names stand for. */
interface OpenFiles {
  /** The newest first. */
  runs: RecordedRun[];
  /** What cannot be read, one line each. */
  leftOut: string[];
}

function isNothing({ runs, leftOut }: OpenFiles): boolean {
  return runs.length === 0 && leftOut.length === 0;
}

async function openFiles(names: readonly string[]): Promise<OpenFiles> {
  const runs: RecordedRun[] = [];
  const segments: ParquetSegment[] = [];
  const { paths, leftOut } = await recordedFiles(names);
  // The newest first: a recording with `--keep` removes its oldest segments meanwhile, which then leaves no hole.
  for (const path of paths.toReversed()) {
    try {
      if (!await isParquet(path)) runs.push(await NdjsonRun.open(path));
      else {
        const read = await (await parquet()).readSegment(path);
        if ("facts" in read) segments.push(read);
        else runs.push(read);
      }
    } catch (error) {
      if (names.includes(path)) throw error;
      leaveOut(path, error, leftOut);
    }
  }
  if (segments.length > 0) runs.push(...await (await parquet()).parquetRuns(segments));
  return { runs, leftOut };
}

/** The reader of Parquet, loaded on demand: other commands start faster without it. */
function parquet() {
  return import("./read_parquet.ts");
}

class OpenRecording implements Recording {
  readonly #runs: readonly RecordedRun[];
  readonly #leftOut: readonly string[];
  #maker: BatchMaker;
  readonly arch: Arch;
  readonly startedWallNs: bigint;

  constructor(runs: readonly RecordedRun[], leftOut: readonly string[]) {
    this.#runs = runs;
    this.#leftOut = leftOut;
    this.arch = runs[0].header.arch as Arch;
    this.startedWallNs = startOf(runs[0].header);
    this.#maker = new BatchMaker(this.arch);
  }

  get header(): ReportHeader {
    const header = joinHeaders(this.#runs.map(({ header }) => ({ ...header, loss: lossOfRows(header) })));
    if (this.complete && this.dropped === 0) return header;
    return { ...header, loss: { state: "unknown", calls: null, by: null } };
  }

  get running(): readonly RunningCall[] {
    return this.#runs.flatMap(({ header, running }) => {
      const asOfNs = Number(startOf(header) - this.startedWallNs) + header.wall_ns;
      return running.map((call) => ({ ...call, asOfNs }));
    }).toSorted((a, b) => b.ageNs - a.ageNs);
  }

  get rows(): number | null {
    let rows = 0;
    for (const run of this.#runs) {
      if (run.rows === null) return null;
      rows += run.rows;
    }
    return rows;
  }

  get dropped(): number {
    return this.#runs.reduce((sum, run) => sum + run.dropped, 0);
  }

  get complete(): boolean {
    return this.#leftOut.length === 0 && this.#runs.every((run) => run.complete);
  }

  get knowsFetched(): boolean {
    return this.#runs.length === 1 || knowFetched(this.#runs.map(({ header }) => header));
  }

  get notes(): readonly string[] {
    const notes = [
      ...this.#leftOut,
      ...this.#runs.flatMap((run, i) => [...run.notes, ...laterCover(run, i)]),
    ];
    const some = this.#runs.some(({ header }) => header.mapped_io !== undefined);
    if (some && !this.knowsFetched) {
      notes.push("Not all of these recordings tell what came into the page cache: sums of it are left out");
    }
    return notes;
  }

  async *batches(): AsyncGenerator<EventBatch> {
    let lastSeq = 0;
    // Each reading names everything anew: its consumers may know nothing.
    const maker = this.#maker = new BatchMaker(this.arch);
    for (const run of this.#runs) {
      const shift = { timeNs: Number(startOf(run.header) - this.startedWallNs), seq: lastSeq };
      for await (const rows of run.read()) {
        const batches = maker.batches(rows, shift);
        while (true) {
          const { value, done } = await explained(rows.source, () => Promise.resolve(batches.next()));
          if (done) break;
          const { firstSeq, seqs, length } = value;
          lastSeq = seqs?.reduce((a, b) => Math.max(a, b), lastSeq) ??
            Math.max(lastSeq, firstSeq + length - 1);
          yield value;
        }
      }
    }
  }

  recycle(columns: EventColumns): void {
    this.#maker.recycle(columns);
  }
}

/** Says what the header of several runs cannot: that one after the first has lost its beginning. */
function laterCover({ path, header: { covers } }: RecordedRun, i: number): string[] {
  if (i === 0 || covers === undefined) return [];
  return [`The recording of ${path} begins at ${covers.from}: older segments were removed`];
}

/** Tells Parquet from text by the first bytes. Throws an `IorError` for anything else. */
async function isParquet(path: string): Promise<boolean> {
  using file = FileReader.open(path);
  const bytes = await file.read(0, MAGIC.length);
  const start = new TextDecoder().decode(bytes);
  if (start === MAGIC) return true;
  if (start.startsWith("{") || isCompressed(bytes)) return false;
  if (start === "") throw cannotRead(path, "it is empty");
  throw cannotRead(
    path,
    `it begins with ${JSON.stringify(start)}, a recording begins with ${MAGIC} or is NDJSON of ior stream`,
  );
}
