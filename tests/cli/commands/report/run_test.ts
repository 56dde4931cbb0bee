import assert from "node:assert/strict";
import { runReport } from "../../../../cli/commands/report/run.ts";
import { batchOf, type Call, taskName } from "../../../engine/batches.ts";
import { ndjsonText, scratch } from "../../../engine/recording/fixture.ts";
import { parse } from "../machine.ts";

/** The report of a recording of these calls. */
async function reportOf(calls: readonly Call[], flags: string): Promise<string> {
  using folder = scratch();
  const [from, to] = [folder.path("rows.ndjson"), folder.path("report")];
  Deno.writeTextFileSync(from, ndjsonText([batchOf(calls, { tasks: [taskName(1, 70)] })]));
  await runReport(parse("report", ...flags.split(" "), "-o", to, from));
  return Deno.readTextFileSync(to);
}

const KNOWN = { iowaitNs: 5, blockedNs: 0, runqueueNs: 0 };

Deno.test("what no call of a recording has is refused as the order of its report", async () => {
  const calls = [{ nr: 0 }, { nr: 1, extra: { fetchedBytes: 4096 } }];
  for (const key of ["iowait", "blocked", "runqueue"]) {
    await assert.rejects(reportOf(calls, `--sort ${key}`), {
      code: "usage",
      message: `Cannot sort by ${key}: no call of the recording has that value`,
      hint: "Record with --waits, or sort by another key",
    });
  }
  await assert.rejects(reportOf([{ nr: 0 }], "--json --sort fetched"), {
    hint: "Record with --cache, or sort by another key",
  });
  assert.match(await reportOf(calls, "--sort fetched"), /^System calls by bytes fetched$/m);
  const waited = [{ nr: 0, extra: KNOWN }, { nr: 1 }];
  assert.match(await reportOf(waited, "--sort iowait"), /^System calls by time waiting for I\/O$/m);
  // Without calls there is nothing to sort.
  assert.match(await reportOf(calls, "--sort iowait --where pid=1"), /^calls +0/m);
});
