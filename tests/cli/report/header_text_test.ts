import assert from "node:assert/strict";
import { withoutRows } from "../../../cli/options/sampling.ts";
import { headerLines, intervalTitle, runFacts } from "../../../cli/report/header_text.ts";
import { lossOf, UNKNOWN_LOSS, withUnnamed } from "../../../runtime/loss.ts";
import type { Report, ReportSampling } from "../../../runtime/report.ts";
import { exampleReport } from "./fixture.ts";

/** What a report of 60 calls says of its sampling. */
function samplingText(sampling: Omit<ReportSampling, "by">): string {
  const report = { ...exampleReport(), calls: 60, sampling: { ...sampling, by: {} } };
  return headerLines(report, false).lines.find(({ label }) => label === "sampling")!.text;
}

/** What a report of 60 calls says of its loss. */
function lossText(loss: Report["loss"]): string {
  const { lines } = headerLines({ ...exampleReport(), calls: 60, loss }, false);
  return lines.find(({ label }) => label.toLowerCase() === "loss")!.text;
}

/** What the header says of time and rates. */
function wallCallsTime(report: Report): string[] {
  const { lines } = headerLines(report, false);
  return ["wall time", "calls", "time"].map((label) => lines.find((line) => line.label === label)!.text);
}

const NO_ROWS = withoutRows(null);
const NOT_IN = "they count, but are not among the slowest calls";

Deno.test("The command of an interim report has not ended, and neither has the trace", () => {
  const report = { ...exampleReport(), command_status: null };
  const ended = (interim: boolean) => {
    const { title, lines } = headerLines(report, true, interim);
    return [title.split(" on ")[0], lines.find(({ label }) => label === "ended")!.text];
  };
  assert.deepEqual(ended(true), [`Interim report of ior ${report.ior}`, "not yet"]);
  assert.deepEqual(ended(false), [`ior ${report.ior}`, "still running when the trace ended"]);
});

Deno.test("How the command of a recording without its end has ended is unknown", () => {
  const { lines } = headerLines(exampleReport({ command_status: null, loss: UNKNOWN_LOSS }), true);
  assert.equal(lines.find(({ label }) => label === "ended")!.text, "unknown");
});

Deno.test("A report says which part of its calls is on [unknown]", () => {
  const by = { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 };
  assert.equal(lossText(lossOf(by)), "none");
  assert.equal(
    lossText(withUnnamed(lossOf(by), 15)),
    "none, but 15 calls (25.0%) are on [unknown]; try a larger --ring-size",
  );
  assert.equal(
    lossText(withUnnamed(lossOf({ ...by, ring_full: 20 }), 15)),
    "20 CALLS (25.0%) ARE MISSING BELOW: ring_full 20; 15 calls (25.0%) are on [unknown]; try a larger --ring-size",
  );
  const title = (loss: Report["loss"]) => intervalTitle({ ...exampleReport(), calls: 60, loss }, true);
  assert.match(title(lossOf(by)), /, none lost$/);
  assert.match(title(withUnnamed(lossOf(by), 15)), /, none lost, 15 calls \(25\.0%\) are on \[unknown\]$/);
});

Deno.test("Requests to io_uring are told by process, those with most first, and of all others together", () => {
  const lines = (requests: readonly number[]) => {
    const io_uring_requests = requests.map((requests, i) => ({ pid: 70 + i, requests }));
    const { lines } = headerLines({ ...exampleReport(), io_uring_requests }, false);
    return lines.filter(({ label }) => label === "io_uring").map(({ text }) =>
      text.replace(" not in these tables", "")
    );
  };
  assert.deepEqual(lines([]), []);
  assert.deepEqual(lines([1, 2000]), ["2,000 requests of process 71", "1 request of process 70"]);
  assert.deepEqual(lines([1, 1, 1, 5]).length, 4);
  assert.deepEqual(lines([1, 9, 8, 7, 4]), [
    "9 requests of process 71",
    "8 requests of process 72",
    "7 requests of process 73",
    "5 requests of 2 other processes",
  ]);
});

Deno.test("A sampled report says which calls are rows, and in what the others count", () => {
  const counted = true;
  for (
    const [sampling, text] of [
      [
        { rates: { read: 100, FS: 10, futex: 0, poll: 0, write: 1 }, calls: 50, counted },
        `rows are 1 of 100 read, 1 of 10 FS; no rows of futex, poll; 50 of 60 calls have no row: ${NOT_IN}`,
      ],
      [{ rates: { read: 0 }, calls: 60, counted }, `no rows of read; 60 of 60 calls have no row: ${NOT_IN}`],
      [{ rates: { read: 0 }, calls: 1, counted }, `no rows of read; 1 of 60 calls has no row: ${NOT_IN}`],
      [{ rates: NO_ROWS, calls: 60, counted }, `no rows; 60 of 60 calls have no row: ${NOT_IN}`],
      [{ rates: { read: 1 }, calls: 0, counted }, "every call has a row"],
      [
        { rates: {}, raised: {}, calls: 0, counted },
        "the buffer was never more than half full; every call has a row",
      ],
      [
        { rates: {}, raised: {}, calls: 34, counted },
        `no rate was raised; 34 of 60 calls have no row: ${NOT_IN}`,
      ],
      [
        { rates: { FS: 2 }, raised: { read: 1024, write: 8 }, calls: 50, counted },
        "rows are 1 of 2 FS; rows were down to 1 of 1,024 read, 1 of 8 write while the buffer was more than half full; " +
        `50 of 60 calls have no row: ${NOT_IN}`,
      ],
      [
        { rates: { read: 4 }, calls: 50, counted: false },
        "rows are 1 of 4 read; 50 MORE CALLS HAVE NO ROW AND ARE NOT COUNTED BELOW",
      ],
      [{ rates: { read: 4 }, calls: 0, counted: false }, "rows are 1 of 4 read; every call has a row"],
    ] as const
  ) {
    assert.equal(samplingText(sampling), text);
  }
});

Deno.test("Rates and shares of a trace that went on with the command's children are of the whole trace", () => {
  const report = { ...exampleReport(), calls: 400, total_ns: 2e9, wall_ns: 4e9, command_wall_ns: 1e6 };
  const [wall, calls, time] = wallCallsTime({ ...report, selection: { all_children: true } });
  assert.equal(wall, "1.00ms, 4.00s with its children");
  assert.match(calls, /^400 \(100\/s\)/);
  assert.match(time, /^2\.00s of 4\.00s in calls \(50\.0%\)/);
  assert.equal(wallCallsTime(report)[0], "1.00ms");
});

Deno.test("Rates and shares of several recordings are of the time that was traced", () => {
  const report = { ...exampleReport(), calls: 400, total_ns: 2e9, command_wall_ns: null };
  const [wall, calls, time] = wallCallsTime({ ...report, wall_ns: 3600e9, traced_ns: 4e9 });
  assert.equal(wall, "4.00s traced of 1h00m");
  assert.match(calls, /^400 \(100\/s\)/);
  assert.match(time, /^2\.00s of 4\.00s in calls \(50\.0%\)/);
});

Deno.test("Rates and shares of a recording whose oldest segments were removed are of the time it covers", () => {
  const covers = { from: "2026-02-03T10:11:12Z", to: "2026-02-03T10:11:16Z" };
  const report = { ...exampleReport(), calls: 400, total_ns: 2e9, wall_ns: 3600e9, command_wall_ns: 3590e9 };
  const [wall, calls, time] = wallCallsTime({ ...report, covers });
  assert.equal(wall, "59m50s");
  assert.match(calls, /^400 \(100\/s\)/);
  assert.match(time, /^2\.00s of 4\.00s in calls \(50\.0%\)/);
});

Deno.test("Calls that took longer than the time they ended in are not called those of several threads", () => {
  const report = exampleReport({ wall_ns: 101_000_000, command_wall_ns: null });
  const [, , time] = wallCallsTime({ ...report, total_ns: 2e9, files_ns: 2e9, waiting_ns: 0 });
  assert.equal(time, "2.00s in calls that overlap, or began earlier, in 101ms, all on files");
});

Deno.test("In a flamegraph all calls count", () => {
  const sampling = { rates: { read: 4 }, calls: 50, by: { read: 50 }, counted: true };
  const facts = runFacts({ ...exampleReport(), sampling }, 60);
  assert.equal(
    facts.find(({ label }) => label === "sampling")!.text,
    "rows are 1 of 4 read; 50 of 60 calls have no row: they count",
  );
});
