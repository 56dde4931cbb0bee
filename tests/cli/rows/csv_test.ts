// deno-lint-ignore-file no-control-regex -- escapes of the terminal are what one of these tests is about
import assert from "node:assert/strict";
import {
  ByteText,
  createCsvRenderer,
  createRowClock,
  type CsvOptions,
  ROW_COLUMNS,
} from "../../../cli/rows/mod.ts";
import type { CsvRenderer } from "../../../cli/rows/csv.ts";
import type { StreamRow, WarningRow } from "../../../runtime/row.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { ROW, ROWS, STARTED } from "./fixture.ts";
import { lineOf } from "./lines.ts";

const CLOCK = createRowClock(STARTED);

/** Characters that stand for one byte each. */
function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** The line of a row, bytes as characters. */
function rawLine(csv: CsvRenderer, row: StreamRow | WarningRow): string {
  const out = new ByteText();
  csv.row(row, out);
  return latin1(out.take());
}

/** Fields of CSV as RFC 4180 defines them, `null` for an empty one without quotes. Throws on anything else. */
function parseCsv(text: string): (string | null)[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/y;
  const records: (string | null)[][] = [[]];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    assert.ok(match, `No field at ${at}: ${text.slice(at, at + 40)}`);
    const [, quoted, plain, end] = match;
    records.at(-1)!.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === "\n") records.push([]);
  }
  assert.deepEqual(records.pop(), []);
  return records;
}

/** The records of rows, bytes as characters, without the header. */
function records(rows: readonly StreamRow[], options: CsvOptions = {}): (string | null)[][] {
  const csv = createCsvRenderer(CLOCK, options);
  const [names, ...rest] = parseCsv(
    [csv.header() + "\n", ...rows.map((row) => rawLine(csv, row))].join(""),
  );
  assert.ok(rest.every((record) => record.length === names.length));
  return rest;
}

Deno.test("CSV is the published lines", () => {
  const csv = createCsvRenderer(CLOCK);
  // The golden is bytes; as characters it can be kept as text.
  const lines = [csv.header() + "\n", ...ROWS.map((row) => rawLine(csv, row))];
  assertGolden("rows/rows.csv.latin1", lines.join(""));
});

Deno.test("A CSV record has all fields in the order of the table, with the values that programs read", () => {
  const text = (value: unknown) => value === null ? null : latin1(new TextEncoder().encode(String(value)));
  const shown = ROW_COLUMNS.filter(({ onRequest }) => !onRequest);
  for (const row of ROWS.filter((row) => row.pathRaw === null)) {
    assert.deepEqual(records([row]), [shown.map(({ value }) => text(value(row, CLOCK)))]);
  }
  assert.equal(createCsvRenderer(CLOCK).header(), shown.map(({ name }) => name).join(","));
  assert.deepEqual(ROW_COLUMNS.filter(({ onRequest }) => onRequest).map(({ name }) => name), [
    "cgroup",
    "gid",
    "iowait_ns",
    "blocked_ns",
    "runqueue_ns",
    "fetched_bytes",
    "stack",
    "offset_bytes",
    "flags",
  ]);
});

Deno.test("A path comes out as its exact bytes, whatever they are", () => {
  const next = random(testSeed());
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from(
      { length: 1 + Math.floor(12 * next()) },
      () => 1 + Math.floor(255 * next()),
    );
    const path = new TextDecoder().decode(bytes);
    let raw: Uint8Array | null = null;
    try {
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      raw = bytes;
    }
    const row = {
      ...ROW,
      path: raw === null ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : path,
    };
    const [[found, other]] = records([{ ...row, pathRaw: raw }], { columns: ["path", "comm"] });
    assert.deepEqual([found, other], [latin1(bytes), ROW.comm]);
  }
});

Deno.test("Both paths of a row may be no UTF-8, and what is beside them is UTF-8", () => {
  const row = {
    ...ROW,
    comm: "名,前",
    oldPath: "/\ufffd",
    oldPathRaw: Uint8Array.of(0x2f, 0xfe, 0x22),
    path: "/x\ufffd",
    pathRaw: Uint8Array.of(0x2f, 0x78, 0xff),
  };
  const [record] = records([row], { columns: ["comm", "path", "old_path", "path_raw"] });
  assert.deepEqual(record, [latin1(new TextEncoder().encode("名,前")), "/x\xff", '/\xfe"', "L3j/"]);
});

Deno.test("A field is in quotes where a reader needs them, and no value is not the same as no text", () => {
  const line = (comm: string) =>
    rawLine(createCsvRenderer(CLOCK, { columns: ["comm", "errno"] }), { ...ROW, comm }).slice(0, -1);
  assert.equal(line("cat"), "cat,");
  assert.equal(line(""), '"",');
  assert.equal(line('a"b'), '"a""b",');
  assert.equal(line("a,b"), '"a,b",');
  assert.equal(line("a\nb"), '"a\nb",');
  assert.equal(line("a\rb"), '"a\rb",');
  assert.equal(line(" a"), '" a",');
  assert.equal(line("a "), '"a ",');
  assert.equal(line("a b"), "a b,");
  // A reader would skip a blank line, and the row with it.
  assert.equal(rawLine(createCsvRenderer(CLOCK, { columns: ["errno"] }), ROW), '""\n');
});

Deno.test("What a spreadsheet takes for a formula stays the name that it is", () => {
  for (const comm of ["=1+1", "+x", "-x", "@x"]) {
    assert.equal(rawLine(createCsvRenderer(CLOCK, { columns: ["comm"] }), { ...ROW, comm }), `${comm}\n`);
  }
});

Deno.test("The columns are those asked for, in the order asked for", () => {
  const csv = createCsvRenderer(CLOCK, { columns: ["path", "pid", "path_error"] });
  assert.equal(csv.header(), "path,pid,path_error");
  assert.equal(rawLine(csv, ROW), `${ROW.path},4321,\n`);
  assert.throws(() => createCsvRenderer(CLOCK, { columns: ["nope"] }), RangeError);
});

Deno.test("A terminal gets a line a row, and nothing that acts on it", () => {
  const csv = createCsvRenderer(CLOCK, { terminal: true });
  const nasty = "\x1b]0;x\x07\n\u202e,";
  for (const row of [...ROWS, { ...ROW, comm: nasty, path: nasty, pathRaw: Uint8Array.of(27, 255) }]) {
    const line = lineOf(csv.row)(row);
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
  }
  const ascii = createCsvRenderer(CLOCK, { terminal: true, ascii: true, columns: ["path"] });
  assert.equal(lineOf(ascii.row)({ ...ROW, path: "/名" }), "/\\u{540d}");
});

Deno.test("A warning has no line in CSV", () => {
  assert.equal(rawLine(createCsvRenderer(CLOCK), { seq: 1, timeNs: 0, warning: "The ring is full" }), "");
});
