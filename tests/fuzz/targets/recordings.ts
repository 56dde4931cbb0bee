/** Recordings: Parquet files and rows of `ior stream`, as a file and from a pipe. */
import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { readReport } from "../../../cli/compare/read_report.ts";
import {
  ByteText,
  createNdjsonRenderer,
  createRowClock,
  renderRowsEnd,
  renderRowsHeader,
} from "../../../cli/rows/mod.ts";
import { isRecording } from "../../../engine/recording/is_recording.ts";
import { openRecording, type Recording } from "../../../engine/recording/open_recording.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { columnsBuffer, type EventBatch } from "../../../runtime/event_batch.ts";
import { corpus, corpusTexts } from "../corpus.ts";
import type { Draw } from "../draw.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { mutateJson } from "../mutate_json.ts";
import { mutateParquet } from "../mutate_parquet.ts";
import { reportOf } from "../report_of.ts";
import type { Target } from "../target.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Rows that are written and read again: of more the first tell enough. */
const ROWS_AGAIN = 200;

const PARQUET = corpus(".parquet");
const ROWS = corpus(".ndjson", ".ndjson.gz", ".ndjson.zst");
const LINES = corpusTexts(".ndjson");

/** A recording of Parquet. */
export const PARQUET_FILE: Target<Bytes> = {
  seconds: 30,
  make: (draw) => {
    const file = draw.pick(PARQUET);
    if (draw.oneIn(2)) return mutateParquet(file, draw);
    const damaged = mutateBytes(file, draw, draw.pick(PARQUET));
    return draw.oneIn(3) ? damaged : withDamagedFooter(file, draw);
  },
  read: readFile,
  mostMs: { few: 500, perKilobyte: 50 },
  // A batch of a thousand calls has the room of 16,384; rows may be 16 for each byte, of 90 bytes each.
  mostBytes: { few: 32 * 1024 * 1024, perByte: 4_096 },
};

/** Rows of NDJSON, plain and compressed. */
export const ROWS_FILE: Target<Bytes> = {
  seconds: 15,
  make: (draw) => {
    if (draw.oneIn(3)) return mutateBytes(draw.pick(ROWS), draw, draw.pick(ROWS));
    const lines = draw.pick(LINES).split("\n").filter((line) => line !== "");
    for (let times = 1 + draw.whole(3); times > 0; times--) {
      const at = draw.oneIn(3) ? 0 : draw.oneIn(3) ? lines.length - 1 : draw.whole(lines.length);
      if (lines[at].startsWith("{")) lines[at] = mutated(lines[at], draw);
    }
    const text = new TextEncoder().encode(`${lines.join("\n")}\n`);
    return new Uint8Array(draw.pick([(bytes: Bytes) => bytes, gzipSync, zstdCompressSync])(text));
  },
  read: readFile,
  mostMs: { few: 500, perKilobyte: 50 },
  mostBytes: { few: 32 * 1024 * 1024, perByte: 4_096 },
};

/** A line is changed once: one that is no JSON any more is left as it is. */
function mutated(line: string, draw: Draw): string {
  try {
    return mutateJson(line, draw);
  } catch {
    return line;
  }
}

function withDamagedFooter(file: Bytes, draw: Draw): Bytes {
  const length = new DataView(file.buffer).getUint32(file.length - 8, true) + 8;
  const at = file.length - length;
  const footer = mutateBytes(file.slice(at), draw, file.slice(at));
  const whole = new Uint8Array(at + footer.length);
  whole.set(file.subarray(0, at));
  whole.set(footer, at);
  return whole;
}

/** In memory where there is such a folder: thousands of files a minute are no work for a disk. */
const FOLDER = await Deno.stat("/dev/shm").then(() => "/dev/shm", () => undefined);

async function readFile(bytes: Bytes): Promise<number> {
  const path = Deno.makeTempFileSync({ dir: FOLDER, prefix: "ior-fuzz-" });
  Deno.writeFileSync(path, bytes);
  try {
    const isRows = await isRecording(path) && bytes[0] !== 0x50;
    const ways = [await tried(() => openRecording([path]))];
    if (isRows) ways.push(await tried(() => openRecording(["-"], new Blob([bytes]).stream())));
    let made = 0;
    const rows: (number | null)[] = [];
    for (const way of ways) {
      if ("error" in way) throw way.error;
      const { size, length } = await readRows(way.value);
      made += size;
      rows.push(length);
    }
    assert.equal(rows[0], rows.at(-1), "a pipe gives as many rows as a file");
    return made;
  } finally {
    Deno.removeSync(path);
  }
}

async function tried<Value>(work: () => Promise<Value>): Promise<{ value: Value } | { error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

/** Reads all rows, and uses them; gives the bytes made of them, and their number. */
async function readRows(recording: Recording): Promise<{ size: number; length: number }> {
  const batches: EventBatch[] = [];
  let size = 0;
  let length = 0;
  for await (const batch of recording.batches()) {
    size += batchSize(batch);
    length += batch.length;
    batches.push(batch);
  }
  try {
    await useRows(recording, batches);
  } catch (error) {
    // What was read is good enough for all that is made of it.
    throw new Error("What was read cannot be used", { cause: error });
  }
  return { size, length };
}

/** Makes of rows what `ior report` and `ior stream` make of them, and reads that again. */
async function useRows(recording: Recording, batches: readonly EventBatch[]): Promise<void> {
  const { header, running, startedWallNs, arch } = recording;
  readReport(reportOf(header, batches, running).json, "report.json");
  const builder = new RowBuilder(arch);
  const render = createNdjsonRenderer(createRowClock(startedWallNs));
  const rows = new ByteText();
  let length = 0;
  for (const batch of batches) {
    builder.apply(batch);
    for (let i = 0; i < batch.length && length < ROWS_AGAIN; i++, length++) render(builder.row(i), rows);
  }
  const written = [`${renderRowsHeader(header)}\n`, rows.take(), `${renderRowsEnd(header, length)}\n`];
  const again = await openRecording(["-"], new Blob(written).stream());
  let found = 0;
  for await (const batch of again.batches()) found += batch.length;
  assert.equal(found, length, "rows written and read again");
}

function batchSize({ columns, tasks, files, seqs }: EventBatch): number {
  const names = tasks.reduce((sum, { comm }) => sum + 64 + comm.length, 0) +
    files.reduce((sum, { path, raw }) => sum + 64 + path.length + (raw?.length ?? 0), 0);
  return columnsBuffer(columns).byteLength + (seqs?.byteLength ?? 0) + names;
}
