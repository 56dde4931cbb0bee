import assert from "node:assert/strict";
import { intervalLines } from "../../../cli/report/interval_lines.ts";
import { createPaint } from "../../../cli/text/style.ts";
import { exampleReport } from "./fixture.ts";

/** The lines of a trace that began at 09:30:00.4, one for each interval. */
function linesOf(intervalNs: number, count: number): string[] {
  const started = "2026-03-01T09:30:00.400000000Z";
  const text = Array.from({ length: count }, (_, i) => {
    // Each line is some microseconds late.
    const interval = { index: i + 1, start_ns: i * intervalNs, end_ns: (i + 1) * intervalNs + 70_000 };
    const report = { ...exampleReport({ started, wall_ns: intervalNs }), interval };
    return intervalLines(report, intervalNs, true, createPaint(false));
  });
  return text.join("").trimEnd().split("\n");
}

Deno.test("The time of an interval has the decimals that its length needs, below its heading", () => {
  for (
    const [intervalNs, wanted] of [
      [2e9, ["09:30:02", "09:30:04", "09:30:06"]],
      [1.5e9, ["09:30:01.9", "09:30:03.4", "09:30:04.9"]],
      [200e6, ["09:30:00.6", "09:30:00.8", "09:30:01.0"]],
      [1e6, ["09:30:00.401", "09:30:00.402", "09:30:00.403"]],
    ] as const
  ) {
    const [heading, ...lines] = linesOf(intervalNs, 3);
    assert.deepEqual(lines.map((line) => line.split(" ")[0]), wanted);
    assert.equal(heading.indexOf("TIME") + "TIME".length, wanted[0].length);
  }
});
