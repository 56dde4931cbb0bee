// deno-lint-ignore-file no-control-regex -- escapes of the terminal are what these tests are about
import assert from "node:assert/strict";
import {
  createNdjsonRenderer,
  createRowClock,
  createTextRenderer,
  renderRowsHeader,
  ROW_COLUMN_NAMES,
  ROW_COLUMNS,
} from "../../../cli/rows/mod.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { assertGolden } from "../../golden.ts";
import { ROW, ROWS, STARTED } from "./fixture.ts";
import { lineOf } from "./lines.ts";

const CLOCK = createRowClock(STARTED);
const PLAIN = { width: null, color: false, clock: CLOCK };

Deno.test("The names that can be asked for are those of all fields", () => {
  assert.deepEqual(ROW_COLUMN_NAMES, ROW_COLUMNS.map(({ name }) => name));
  assert.equal(new Set(ROW_COLUMN_NAMES).size, ROW_COLUMN_NAMES.length);
});

Deno.test("Rows as text with chosen columns are the published lines", () => {
  const choices = [
    ["seq", "path", "syscall"],
    ["old_path", "comm"],
    ["old_path", "ret", "path"],
    ["ret", "errno", "failed"],
    ROW_COLUMN_NAMES,
  ];
  const text = choices.map((columns) => {
    const lines = createTextRenderer({ ...PLAIN, columns });
    return [columns.join(","), lines.header(), ...ROWS.map(lines.row)].join("\n");
  });
  assertGolden("rows/text_columns.txt", text.join("\n\n") + "\n");
});

Deno.test("Text shows every column that was asked for whatever the width, and the file last", () => {
  for (const width of [20, 80, null]) {
    const lines = createTextRenderer({
      ...PLAIN,
      width,
      columns: ["path", "uid", "gap_ns", "family", "time"],
    });
    assert.match(lines.header(), /^ *UID +GAP FAMILY +TIME +PATH$/);
    assert.match(
      lines.row({ ...ROW, gapNs: 17 }),
      /^ *110 +17ns FS +2025-10-09T08:53:20.124691356Z .*16384$/,
    );
  }
});

Deno.test("Without a file among the columns a line ends with its last value", () => {
  const lines = createTextRenderer({ ...PLAIN, columns: ["pid", "comm"] });
  assert.equal(lines.header(), "    PID COMM");
  assert.equal(lines.row(ROW), "   4321 postgres");
});

Deno.test("A column that is none is refused, and so is the time without a clock", () => {
  assert.throws(() => createTextRenderer({ ...PLAIN, columns: ["nope"] }), RangeError);
  assert.throws(() => createTextRenderer({ width: 80, color: false, columns: ["time"] }), RangeError);
  assert.throws(() => createNdjsonRenderer(CLOCK, ["nope"]), RangeError);
});

Deno.test("The colour says how a call ended: failed red, killed in it yellow, not returned dim, else none", () => {
  const killed: StreamRow = { ...ROW, ret: null };
  const gone: StreamRow = { ...ROW, ret: null, latencyNs: null };
  const failed: StreamRow = { ...ROW, ret: -2, errno: "ENOENT", failed: true };
  const lines = createTextRenderer({ width: 120, color: true });
  assert.match(lines.row(failed), /\x1b\[31m +ENOENT\x1b\[0m/);
  assert.match(lines.row(killed), /\x1b\[33m +-\x1b\[0m/);
  assert.match(lines.row(gone), /\x1b\[2m +-\x1b\[0m/);
  assert.doesNotMatch(lines.row(ROW), /\x1b/);
  const chosen = (...columns: string[]) => createTextRenderer({ ...PLAIN, color: true, columns }).row(failed);
  assert.equal(chosen("ret", "errno"), "\x1b[31m      -2\x1b[0m \x1b[31mENOENT  \x1b[0m");
  assert.match(chosen("failed"), /\x1b\[31mtrue/);
  assert.match(chosen("syscall", "pid"), /^\x1b\[31mpread64 +\x1b\[0m +4321$/);
});

Deno.test("NDJSON with chosen fields has those of the whole record, in the order asked for", () => {
  const whole = lineOf(createNdjsonRenderer(CLOCK));
  const columns = ["path", "ret", "time", "path_raw", "path_error", "failed", "comm"];
  const some = lineOf(createNdjsonRenderer(CLOCK, columns));
  for (const row of ROWS) {
    const all = JSON.parse(whole(row));
    const wanted = ["type", ...columns].filter((name) => name in all).map((name) => [name, all[name]]);
    assert.deepEqual(Object.entries(JSON.parse(some(row))), wanted);
  }
  assert.match(some(ROWS[6]), /"ret":9223372036854775807,/);
  const warning = { seq: 9, timeNs: 9, warning: "The ring is full" };
  assert.equal(some(warning), whole(warning));
});

Deno.test("The header record names the fields that rows have, unless they have all", () => {
  const header = {
    ior: "0",
    host: "h",
    kernel: "6",
    arch: "x86_64",
    libbpf: "1.5",
    deno: "2.9.6",
    started: "",
    command: null,
    selection: {},
  };
  assert.deepEqual(JSON.parse(renderRowsHeader(header, ["pid", "path"])).columns, ["pid", "path"]);
  assert.equal("columns" in JSON.parse(renderRowsHeader(header)), false);
});
