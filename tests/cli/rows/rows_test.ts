// deno-lint-ignore-file no-control-regex -- escapes of the terminal are what these tests are about
import assert from "node:assert/strict";
import {
  createNdjsonRenderer,
  createRowClock,
  createTextRenderer,
  renderRowsEnd,
  renderRowsHeader,
  ROW_COLUMNS,
  rowColumn,
} from "../../../cli/rows/mod.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { lossOf, UNKNOWN_LOSS, withUnnamed } from "../../../runtime/loss.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { assertGolden } from "../../golden.ts";
import { ROW, ROWS, STARTED } from "./fixture.ts";
import { lineOf } from "./lines.ts";

Deno.test("An NDJSON row holds exactly the fields of the table, in its order, with its values", () => {
  const clock = createRowClock(STARTED);
  const render = lineOf(createNdjsonRenderer(clock));
  for (const row of ROWS) {
    // 64-bit values are read as text: JSON.parse alone would round them.
    const parsed = JSON.parse(render(row).replace(/"ret":(-?\d+)/, '"ret":"$1"'));
    const expected = ROW_COLUMNS.map((column) =>
      [column.name, column.value(row, clock), column.optional] as const
    )
      .filter(([, value, optional]) => !(optional && value === null))
      .map(([name, value]) => [name, name === "ret" && value !== null ? String(value) : value]);
    assert.deepEqual(Object.entries(parsed), [["type", "row"], ...expected]);
  }
});

Deno.test("The fields are those that are promised, in the promised order", () => {
  assert.deepEqual(
    ROW_COLUMNS.map((column) => column.name).join(" "),
    "seq time time_ns pid tid comm uid syscall family fd path old_path path_raw old_path_raw path_error ret errno " +
      "failed bytes latency_ns gap_ns restarts epoch cgroup gid iowait_ns blocked_ns runqueue_ns fetched_bytes stack " +
      "offset_bytes flags",
  );
  assert.throws(() => rowColumn("nope"), RangeError);
});

Deno.test("NDJSON is the published text", () => {
  const render = lineOf(createNdjsonRenderer(createRowClock(STARTED)));
  const header = renderRowsHeader({
    ior: "0.1.0",
    host: "db1",
    kernel: "6.18.0",
    arch: "x86_64",
    libbpf: "1.5",
    deno: "2.9.6",
    started: createRowClock(STARTED).timestamp(0),
    command: ["psql", "-c", "select 1"],
    selection: { pid: [4321], families: ["FS"] },
  });
  const warning = render({ seq: 9, timeNs: 9_000_000_000, warning: "The ring is full" });
  const loss = lossOf({ ring_full: 2, storage_full: 0, skipped: 1, compat_32bit: 0 });
  const end = renderRowsEnd(
    {
      wall_ns: 10_000_000_000,
      command_status: { signal: "SIGTERM" },
      loss,
      cost: { cpu_ns: 12_000_000, bpf_ns_per_call: null, bpf_ns_per_run: 181.5, max_rss_bytes: 99_000_320 },
    },
    8,
    [{ pid: 4321, tid: 4322, comm: "psql", syscall: "read", path: null, ageNs: 5_000 }],
  );
  assertGolden("rows/rows.ndjson", [header, ...ROWS.map(render), warning, end].join("\n") + "\n");
});

Deno.test("NDJSON is ASCII control free: what a terminal acts on is written as an escape and reads back the same", () => {
  const render = lineOf(createNdjsonRenderer(createRowClock(STARTED)));
  const nasty = '\x00\x07\x1b[31m"\\\x7f\x9b\u200b\u202e\u2066\u2028\ufeff\u{e0041}\ud800é名😀';
  for (const field of ["comm", "path", "oldPath", "syscall"] as const) {
    const line = render({ ...ROW, [field]: nasty });
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\p{Cf}\u2028]/u);
    assert.match(line, /é名😀/);
    const name = field === "oldPath" ? "old_path" : field;
    assert.equal(JSON.parse(line)[name], nasty);
  }
  assert.equal(JSON.parse(render({ seq: 1, timeNs: 0, warning: nasty })).warning, nasty);
  assert.equal(
    JSON.parse(renderRowsHeader({
      ior: "0",
      host: nasty,
      kernel: "",
      arch: "",
      libbpf: "1.5",
      deno: "2.9.6",
      started: "",
      command: [nasty],
      selection: { path: [nasty] },
    })).command[0],
    nasty,
  );
});

Deno.test("Names keep their quotes right when there are more of them than are remembered", () => {
  const render = lineOf(createNdjsonRenderer(createRowClock(STARTED)));
  const long = "x".repeat(500);
  for (let i = 0; i < 10_000; i++) {
    // The last of each round is longer than what is remembered.
    const path = `/${i % 5000 === 4999 ? long.repeat(10) : long}"${i % 5000}`;
    assert.equal(JSON.parse(render({ ...ROW, path })).path, path);
  }
});

Deno.test("The end record says none, some and unknown apart", () => {
  const cost = { cpu_ns: 1, bpf_ns_per_call: null, max_rss_bytes: 2 };
  const none = JSON.parse(
    renderRowsEnd({
      wall_ns: 5,
      command_status: null,
      loss: lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 }),
      cost,
    }, 3),
  );
  assert.deepEqual(none, {
    type: "end",
    calls: 3,
    wall_ns: 5,
    command_status: null,
    loss: { state: "none", calls: 0, by: { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 } },
    cost: { cpu_ns: 1, bpf_ns_per_call: null, bpf_ns_per_run: null, max_rss_bytes: 2 },
    running: [],
    io_uring_requests: [],
  });
  const unknown = JSON.parse(
    renderRowsEnd({ wall_ns: 5, command_status: null, loss: UNKNOWN_LOSS, cost }, 3),
  );
  assert.deepEqual(unknown.loss, { state: "unknown", calls: null, by: null });
  const io_uring_requests = [{ pid: 7, requests: 9 }];
  const requests = JSON.parse(
    renderRowsEnd({ wall_ns: 5, command_status: null, loss: UNKNOWN_LOSS, cost, io_uring_requests }, 3),
  );
  assert.deepEqual(requests.io_uring_requests, io_uring_requests);
  const loss = withUnnamed(lossOf(none.loss.by), 7);
  const sampling = { rates: {}, calls: 9, by: { read: 9 }, counted: false };
  const sampled = JSON.parse(renderRowsEnd({ wall_ns: 5, command_status: null, loss, cost, sampling }, 3));
  assert.deepEqual(sampled.loss, none.loss, "calls without names are among those without a row");
});

Deno.test("The clock is exact to the nanosecond, over seconds, midnights and in any order", () => {
  const clock = createRowClock(STARTED);
  const cases: [number, string][] = [
    [0, "2025-10-09T08:53:20.123456789Z"],
    [1, "2025-10-09T08:53:20.123456790Z"],
    [876_543_210, "2025-10-09T08:53:20.999999999Z"],
    [876_543_211, "2025-10-09T08:53:21.000000000Z"],
    [0, "2025-10-09T08:53:20.123456789Z"],
    [86_400_000_000_000, "2025-10-10T08:53:20.123456789Z"],
    [-123_456_790, "2025-10-09T08:53:19.999999999Z"],
  ];
  for (const [timeNs, text] of cases) assert.equal(clock.timestamp(timeNs), text);
});

Deno.test("Rows as text are the published lines at every width", () => {
  for (const width of [null, 132, 100, 80]) {
    const lines = createTextRenderer({ width, color: false });
    const text = [
      lines.header(),
      ...ROWS.map(lines.row),
      lines.row({ seq: 9, timeNs: 0, warning: "The ring is full" }),
    ];
    assertGolden(`rows/text_${width ?? "unlimited"}.txt`, text.join("\n") + "\n");
  }
});

Deno.test("A line fits the terminal wherever a path can be cut, and cuts nothing without a limit", () => {
  const long: StreamRow = {
    ...ROW,
    path: `/${"directory/".repeat(40)}file`,
    oldPath: `/${"older/".repeat(40)}name`,
  };
  for (let width = 60; width <= 200; width++) {
    const lines = createTextRenderer({ width, color: false });
    assert.ok(textWidth(lines.header()) <= width);
    for (const row of [ROW, long, { ...long, oldPath: null }, { ...long, pathError: "truncated" as const }]) {
      assert.ok(textWidth(lines.row(row)) <= width, `${width}: ${lines.row(row)}`);
    }
  }
  const whole = createTextRenderer({ width: null, color: false }).row(long);
  assert.ok(whole.endsWith(`${long.oldPath} → ${long.path}`));
});

Deno.test("Columns are aligned under their headings, and a value that is too wide shifts only what it must", () => {
  const lines = createTextRenderer({ width: 132, color: false });
  const at = lines.header().indexOf("PATH");
  assert.equal(lines.row(ROW).indexOf("/var"), at);
  assert.equal(lines.row({ ...ROW, syscall: "inotify_add_watch" }).indexOf("/var"), at);
});

Deno.test("Text from outside cannot act on the terminal or break a line, in any output", () => {
  const nasty = "\x1b]0;x\x07\n\u202e";
  for (const width of [null, 100]) {
    for (const color of [false, true]) {
      const lines = createTextRenderer({ width, color });
      const all = lines.row({ ...ROW, comm: nasty, path: nasty, oldPath: nasty }) +
        lines.row({ seq: 1, timeNs: 0, warning: nasty });
      assert.doesNotMatch(all.replace(/\x1b\[\d+m/g, ""), /[\x00-\x1f\u202e]/);
    }
  }
});

Deno.test("An empty name is two quotes, so that a line has as many words as any other", () => {
  const lines = createTextRenderer({ width: null, color: false });
  assert.match(lines.row({ ...ROW, comm: "", path: "" }), / 4322 "" +pread64 .* ""$/);
  assert.match(lines.row({ ...ROW, path: "/b", oldPath: "" }), / "" → \/b$/);
  assert.match(lines.row({ ...ROW, path: null }), / -$/);
});

Deno.test("Colour marks what failed and changes nothing else", () => {
  const plain = createTextRenderer({ width: 120, color: false });
  const colored = createTextRenderer({ width: 120, color: true });
  const strip = (text: string) => text.replace(/\x1b\[\d+m/g, "");
  for (const row of ROWS) assert.equal(strip(colored.row(row)), plain.row(row));
  assert.equal(strip(colored.header()), plain.header());
  assert.match(colored.row(ROWS[1]), /\x1b\[31m +ENOENT\x1b\[0m/);
  assert.equal(colored.row(ROW), plain.row(ROW));
});

Deno.test("An ASCII terminal gets only ASCII", () => {
  const lines = createTextRenderer({ width: 100, color: false, ascii: true });
  for (const row of ROWS) assert.match(lines.row(row), /^[ -~]*$/);
  assert.match(lines.row(ROWS[2]), / -> /);
});
