import assert from "node:assert/strict";
import { cachedShare, partsOf, spentBar, spentText } from "../../../cli/report/spent.ts";
import { renderReport } from "../../../cli/report/report_text.ts";
import { reportOf } from "../advice/advice_report.ts";

const ROW = { total_ns: 1_000, iowait_ns: 600, blocked_ns: 100, runqueue_ns: 200 };

Deno.test("The time of calls is on a processor where it is nowhere else", () => {
  assert.deepEqual(partsOf(ROW), [100, 600, 100, 200, 0]);
  assert.deepEqual(partsOf({ ...ROW, total_ns: 400, waited_ns: 600 }), [100, 600, 100, 200, 0]);
  assert.deepEqual(partsOf({ total_ns: 5 }), [5, 0, 0, 0, 0]);
  // Sums are read while calls end: the parts may be a call ahead.
  assert.deepEqual(partsOf({ ...ROW, total_ns: 800 }), [0, 600, 100, 200, 0]);
});

Deno.test("Time whose parts are not known is no time on a processor", () => {
  const mixed = { ...ROW, total_ns: 4_000, parts_unknown_ns: 3_000 };
  assert.deepEqual(partsOf(mixed), [100, 600, 100, 200, 3_000]);
  assert.deepEqual(partsOf({ ...mixed, total_ns: 400, waited_ns: 3_600 }), [100, 600, 100, 200, 3_000]);
  assert.equal(spentBar(mixed), "iiq???????");
  assert.match(spentText(mixed, true), /^100ns on a processor \(2.5%\), .*, 3.00us unknown \(75.0%\)$/);
  const unknown = { total_ns: 5_000, iowait_ns: 0, blocked_ns: 0, runqueue_ns: 0, parts_unknown_ns: 5_000 };
  assert.equal(spentBar(unknown), "??????????");
});

Deno.test("A bar has ten letters, each a tenth of the time", () => {
  assert.equal(spentBar(ROW), "ciiiiiibqq");
  assert.equal(spentBar({ total_ns: 7 }), "cccccccccc");
  assert.equal(spentBar({ total_ns: 100, iowait_ns: 99 }), "iiiiiiiiii");
  assert.equal(spentBar({ total_ns: 0 }), "");
});

Deno.test("The cached share is of what was read, and none of what was not or is not known", () => {
  assert.equal(cachedShare({ read_bytes: 4096, fetched_bytes: 1024 }), "75.0%");
  assert.equal(cachedShare({ read_bytes: 4096, fetched_bytes: 0 }), "100%");
  assert.equal(cachedShare({ read_bytes: 4096, fetched_bytes: 131_072 }), "0.0%");
  assert.equal(cachedShare({ read_bytes: 0, fetched_bytes: 4096 }), "-");
  assert.equal(cachedShare({ read_bytes: 4096, fetched_bytes: 0, fetch_unknown_bytes: 1 }), "-");
});

Deno.test("A report shows it where the trace knows it, within 80 columns, and nothing of it otherwise", () => {
  const plain = reportOf({
    syscalls: { read: { calls: 100, read: 40_960, ms: 10 }, fsync: { calls: 10, ms: 10 } },
    files: { "/a": { calls: 100, read: 40_960, ms: 10 }, "/b": { calls: 10, ms: 10 } },
  });
  const known = { iowait_ns: 5e6, blocked_ns: 0, runqueue_ns: 1e6, fetched_bytes: 10_240 };
  const options = { width: 80, color: false, ascii: true, top: null, sort: "time" } as const;
  const text = renderReport({
    ...plain,
    ...known,
    syscalls: plain.syscalls.map((row) => ({ ...row, ...known })),
    files: plain.files.map((row) => ({ ...row, ...known })),
  }, options);
  assert.match(text, /^spent +14.0ms on a processor \(70.0%\), 5.00ms waiting for I\/O \(25.0%\)/m);
  assert.match(text, /CACHED% .*CPU\/IO\/BLK\/Q/);
  assert.match(text, /75.0% .*cccciiiiiq.*\/a$/m);
  assert.ok(text.split("\n").every((line) => line.length <= 80), text);
  assert.doesNotMatch(renderReport(plain, options), /spent|CACHED|CPU\/IO/);
});

Deno.test("The parts are said in words, with shares of all", () => {
  assert.equal(
    spentText(ROW, true),
    "100ns on a processor (10.0%), 600ns waiting for I/O (60.0%), 100ns blocked (10.0%), " +
      "200ns waiting for a processor (20.0%)",
  );
});
