/** Files that are damaged, cut or foreign: each is read, or refused with an error that names it. */
import assert from "node:assert/strict";
import { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { IorError } from "../../../runtime/errors.ts";
import { random, testSeed } from "../batches.ts";
import { ndjsonText, record, scratch, tracedBatches } from "./fixture.ts";

const SEED = testSeed();

/** Times each sort of damage is done. */
const ROUNDS = 60;

/** Largest growth of memory while hundreds of damaged files are read: what a length that is believed would go beyond. */
const MOST_BYTES = 1024 * 1024 * 1024;

type Damage = (bytes: Uint8Array, next: () => number) => Uint8Array;

function place(length: number, next: () => number): number {
  return Math.floor(next() * length);
}

function fill(value: (next: () => number) => number): Damage {
  return (bytes, next) => {
    const at = place(bytes.length, next);
    const length = 1 + place(Math.min(4_096, bytes.length - at), next);
    for (let i = at; i < at + length; i++) bytes[i] = value(next);
    return bytes;
  };
}

const DAMAGES: Record<string, Damage> = {
  "a flipped bit": (bytes, next) => {
    bytes[place(bytes.length, next)] ^= 1 << place(8, next);
    return bytes;
  },
  "a cut": (bytes, next) => bytes.subarray(0, place(bytes.length, next)),
  "a missing start": (bytes, next) => bytes.subarray(place(bytes.length, next)),
  "zeros": fill(() => 0),
  "ones": fill(() => 0xff),
  "noise": fill((next) => place(256, next)),
  "a piece that is missing": (bytes, next) => {
    const at = place(bytes.length, next);
    const rest = bytes.slice(at + 1 + place(64, next));
    bytes.set(rest, at);
    return bytes.subarray(0, at + rest.length);
  },
};

/** Reads a file to its end; gives the rows, or the text of the error, which must name the file. */
async function outcome(path: string): Promise<number | string> {
  try {
    let rows = 0;
    const recording = await openRecording([path]);
    for await (const batch of recording.batches()) rows += batch.length;
    return rows;
  } catch (error) {
    assert.ok(error instanceof IorError, `${path}: ${error instanceof Error ? error.stack : error}`);
    assert.ok(error.message.includes(path), error.message);
    assert.ok(error.message.length < 500, error.message);
    return error.message;
  }
}

async function assertReadOrRefused(
  whole: Uint8Array,
  from: number,
  path: string,
  name: string,
): Promise<void> {
  const next = random(SEED + name.length);
  const before = Deno.memoryUsage().rss;
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = DAMAGES[name](whole.slice(from), next);
    const bytes = new Uint8Array(from + damaged.length);
    bytes.set(whole.subarray(0, from));
    bytes.set(damaged, from);
    Deno.writeFileSync(path, bytes);
    await outcome(path);
  }
  assert.ok(Deno.memoryUsage().rss - before < MOST_BYTES);
}

async function wholeFile(path: string): Promise<Uint8Array> {
  await record(path, Array.from({ length: 6 }, tracedBatches(random(SEED))));
  return Deno.readFileSync(path);
}

for (const name of Object.keys(DAMAGES)) {
  Deno.test(`A recording with ${name} is read or refused`, async () => {
    using folder = scratch();
    const whole = await wholeFile(folder.path("whole.parquet"));
    await assertReadOrRefused(whole, 0, folder.path("damaged.parquet"), name);
    // The footer is where lengths and places stand, and a small part of the file.
    const footer = new DataView(whole.buffer).getUint32(whole.length - 8, true) + 8;
    await assertReadOrRefused(whole, whole.length - footer, folder.path("footer.parquet"), name);
  });

  Deno.test(`Rows of NDJSON with ${name} are read or refused`, async () => {
    using folder = scratch();
    const whole = new TextEncoder().encode(ndjsonText([tracedBatches(random(SEED), 200)()]));
    await assertReadOrRefused(whole, 0, folder.path("damaged.ndjson"), name);
  });
}

Deno.test("A flipped bit in a column that is read is found by its checksum", async () => {
  using folder = scratch();
  const path = folder.path("flipped.parquet");
  const bytes = await wholeFile(path);
  bytes[100] ^= 4; // in the first page, behind its header
  Deno.writeFileSync(path, bytes);
  assert.match(String(await outcome(path)), /the checksum of a page does not match \(column seq\)/);
});

Deno.test("What is no recording is refused with what was found", async () => {
  using folder = scratch();
  const foreign = parquetWriteBuffer({
    columnData: [{ name: "seq", data: [1n, 2n], type: "INT64" }, {
      name: "word",
      data: ["a", "b"],
      type: "STRING",
    }],
  });
  const nested = parquetWriteBuffer({
    columnData: [{ name: "list", data: [[1], [2, 3]] as unknown as number[] }],
    schema: [
      { name: "root", num_children: 1 },
      { name: "list", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
    ],
  });
  const cases: [name: string, content: string | ArrayBuffer, message: RegExp][] = [
    ["foreign.parquet", foreign, /it is a Parquet file that ior did not write/],
    ["nested.parquet", nested, /its columns are nested/],
    ["short.parquet", "PAR1", /it does not end with PAR1, it is cut or incomplete/],
    ["magic.parquet", "PAR1PAR1PAR1", /it does not end with PAR1/],
    ["table.csv", "seq,time\n1,2\n", /it begins with "seq,", a recording begins with PAR1 or is NDJSON/],
    ["empty.parquet", "", /it is empty/],
    [
      "report.json",
      '{"schema":"ior.report/1"}',
      /it is a report and not a recording; ior diff compares reports/,
    ],
    ["other.ndjson", '{"schema":"x"}', /its first line is "\{\\"schema\\":\\"x\\"\}", rows begin with/],
    ["cut.ndjson", '{"schema":"ior.rows/1"', /rows begin with/],
    [
      "bare.ndjson",
      '{"schema":"ior.rows/1"}\n',
      /its ior is not there, it must be a text/,
    ],
  ];
  for (const [name, content, message] of cases) {
    const path = folder.path(name);
    Deno.writeFileSync(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content),
    );
    assert.match(String(await outcome(path)), message);
  }
  Deno.mkdirSync(folder.path("empty"));
  assert.match(String(await outcome(folder.path("empty"))), /it is a directory without a file \*\.parquet/);
  assert.match(String(await outcome(folder.path("missing"))), /no such file or directory/);
  assert.match(String(await outcome(folder.path("*.none"))), /no file matches the pattern/);
});
