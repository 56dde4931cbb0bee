import assert from "node:assert/strict";
import { TraceReports } from "../../../../cli/commands/trace/trace_reports.ts";
import type { TraceCommand } from "../../../../cli/commands/trace/task.ts";
import type { Output } from "../../../../cli/run/output.ts";
import type { StatsClient } from "../../../../engine/mod.ts";
import { exampleSnapshot, HEADER } from "../../report/fixture.ts";

Deno.test("An interim report has as many levels of directories as the report at the end", async () => {
  const options = {
    ...{ format: "text", top: null, sort: "time", columns: null, advice: false, brief: false },
    ...{ tables: ["directories"], assertions: [], extras: [], by: [], depth: 1 },
  } as unknown as TraceCommand;
  const stats = { snapshot: () => Promise.resolve(exampleSnapshot()) } as unknown as StatsClient;
  const look = { width: null, color: false, ascii: false, isTerminal: false };
  const reports = new TraceReports(options, { output: {} as Output, look }, stats);
  const text = await reports.interimReport(HEADER);
  const [, table] = text.split("\nDirectories ");
  const paths = table.split("\n").slice(2).map((line) => line.split(/ {2,}/).at(-1)!.trim()).filter((path) =>
    path !== ""
  );
  assert.deepEqual(paths.toSorted(), ["/", "etc", "home", "tmp", "usr"]);
});
