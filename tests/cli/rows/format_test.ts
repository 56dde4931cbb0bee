import assert from "node:assert/strict";
import { ByteText, rowFormat, type RowFormatName, type RowFormatOptions } from "../../../cli/rows/mod.ts";
import { schemaText } from "../../../cli/schema/mod.ts";
import { lossOf } from "../../../runtime/loss.ts";
import type { StreamRow, WarningRow } from "../../../runtime/row.ts";
import { compileSchema } from "../../json_schema.ts";
import { ROW, ROWS, STARTED } from "./fixture.ts";
import { lineOf } from "./lines.ts";

const OPTIONS: RowFormatOptions = {
  header: {
    ior: "0.1.0",
    host: "db1",
    kernel: "6.18.0",
    arch: "x86_64",
    libbpf: "1.5",
    deno: "2.9.6",
    started: "2025-10-09T08:53:20.123456789Z",
    command: null,
    selection: {},
  },
  startedEpochNs: STARTED,
  columns: null,
  look: { width: null, color: false, ascii: false },
};

const END = {
  wall_ns: 5,
  command_status: null,
  loss: lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 }),
  cost: { cpu_ns: 1, bpf_ns_per_call: null, max_rss_bytes: 2 },
};

const WARNING: WarningRow = { seq: 9, timeNs: 0, warning: "The ring is full" };

/** All that a format writes, bytes as characters. */
function written(
  name: RowFormatName,
  options: Partial<RowFormatOptions> = {},
  rows: (StreamRow | WarningRow)[] = ROWS,
) {
  const format = rowFormat(name, { ...OPTIONS, ...options });
  const out = new ByteText();
  for (const row of rows) format.row(row, out);
  return format.begin() + new TextDecoder("latin1").decode(out.take()) + format.end(END, 8, []);
}

/** The formats that are a line for each row; a Chrome trace is one document. */
type LineFormat = Exclude<RowFormatName, "chrome">;

Deno.test("Every format of lines ends each of them, and has one for each row", () => {
  const more: Record<LineFormat, number> = { text: 1, csv: 1, ndjson: 2, strace: 0 };
  for (const [name, extra] of Object.entries(more) as [LineFormat, number][]) {
    const rows = ROWS.filter((row) => row.pathRaw === null);
    const lines = written(name, {}, rows).split("\n");
    assert.equal(lines.pop(), "");
    assert.equal(lines.length, rows.length + extra, name);
  }
});

Deno.test("A stream without rows is what comes first and what comes last", () => {
  assert.equal(written("strace", {}, []), "");
  assert.match(written("csv", {}, []), /^seq,[^\n]*,epoch\n$/);
  assert.match(written("text", {}, []), /^ +TIME [^\n]*PATH\n$/);
});

Deno.test("Rows with exact bytes stand in their place among the others", () => {
  const raw = { ...ROW, path: "/\ufffd", pathRaw: Uint8Array.of(0x2f, 0xff) };
  const text = written("csv", { columns: ["seq", "path"] }, [ROW, raw, ROW, WARNING, raw, raw]);
  assert.equal(text, `seq,path\n1,${ROW.path}\n1,/\xff\n1,${ROW.path}\n1,/\xff\n1,/\xff\n`);
});

Deno.test("A terminal gets escaped CSV, and never exact bytes", () => {
  const look = { width: 80, color: true, ascii: false, isTerminal: true };
  const raw = { ...ROW, path: "/\ufffd", pathRaw: Uint8Array.of(0x2f, 0xff) };
  assert.equal(written("csv", { columns: ["pid", "path"], look }, [raw]), "pid,path\n4321,/\xef\xbf\xbd\n");
});

Deno.test("CSV for a file has exact bytes also where COLUMNS says a width", () => {
  const look = { width: 80, color: false, ascii: true, isTerminal: false };
  const raw = { ...ROW, path: "/\ufffd\\", pathRaw: Uint8Array.of(0x2f, 0xff, 0x5c) };
  assert.equal(written("csv", { columns: ["pid", "path"], look }, [raw]), "pid,path\n4321,/\xff\\\n");
});

Deno.test("Warnings are rows of text, NDJSON and Chrome traces, and of the other formats none", () => {
  for (const name of ["text", "csv", "ndjson", "strace", "chrome"] as const) {
    const format = rowFormat(name, OPTIONS);
    assert.equal(lineOf(format.row)(WARNING).includes(WARNING.warning), format.tellsWarnings, name);
    assert.equal(format.end(END, 8, []) !== "", format.tellsEnd, name);
  }
});

Deno.test("Every record of NDJSON is valid: the header with schema, host and start, rows, warnings, the end with counts, loss and cost", async () => {
  const check = compileSchema(JSON.parse(await schemaText("rows")));
  const records = written("ndjson", {}, [...ROWS, WARNING]).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  for (const record of records) assert.deepEqual(check(record), []);
  const [header, end] = [records[0], records.at(-1)];
  assert.deepEqual([header.schema, header.host], ["ior.rows/1", "db1"]);
  assert.equal(header.started, OPTIONS.header.started);
  assert.deepEqual([end.type, end.calls, end.loss.state], ["end", 8, "none"]);
  assert.equal(end.cost.cpu_ns, 1);
  const [chosen] = written("ndjson", { columns: ["pid"] }).split("\n");
  assert.deepEqual(check(JSON.parse(chosen)), []);
});

Deno.test("Chosen columns hold for text, CSV and NDJSON", () => {
  const columns = ["pid", "syscall"];
  assert.match(written("text", { columns }, [ROW]), /^ +PID SYSCALL\n +4321 pread64\n$/);
  assert.equal(written("csv", { columns }, [ROW]), "pid,syscall\n4321,pread64\n");
  assert.equal(
    written("ndjson", { columns }, [ROW]).split("\n")[1],
    '{"type":"row","pid":4321,"syscall":"pread64"}',
  );
});
