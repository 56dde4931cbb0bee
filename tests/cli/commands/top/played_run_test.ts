import assert from "node:assert/strict";
import { PlayedRun } from "../../../../cli/commands/top/played_run.ts";
import { batchOf, taskName } from "../../../engine/batches.ts";
import { timeAfter } from "../../../../runtime/rfc3339.ts";
import { header, record, scratch, STARTED } from "../../../engine/recording/fixture.ts";
import { parse } from "../machine.ts";

Deno.test("Before the end of a recording its command has not ended", async () => {
  using folder = scratch();
  const path = folder.path("run.parquet");
  await record(path, [batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] })], {
    header: header({ wall_ns: 5e9, command_wall_ns: 4e9 }),
  });
  await using run = await PlayedRun.open(parse("top", "--batch", path));
  const shown = () => {
    const { wall_ns, command_wall_ns, command_status } = run.header();
    return { wall_ns, command_wall_ns, command_status };
  };
  await run.player.seek(3e9);
  assert.deepEqual(shown(), { wall_ns: 3e9, command_wall_ns: null, command_status: null });
  await run.player.seek(5e9);
  assert.deepEqual(shown(), { wall_ns: 5e9, command_wall_ns: 4e9, command_status: { exit: 0 } });
});

Deno.test("How much of several recordings was traced is known at their end", async () => {
  using folder = scratch();
  const paths = ["first", "later"].map((name) => folder.path(`${name}.parquet`));
  const starts = [STARTED, timeAfter(STARTED, 60e9)];
  for (const [i, started] of starts.entries()) {
    await record(paths[i], [], { header: header({ started, wall_ns: 5e9 }) });
  }
  await using run = await PlayedRun.open(parse("top", "--batch", ...paths));
  await run.player.seek(30e9);
  assert.deepEqual([run.header().wall_ns, run.header().traced_ns], [30e9, undefined]);
  await run.player.seek(65e9);
  assert.deepEqual([run.header().wall_ns, run.header().traced_ns], [65e9, 10e9]);
  assert.equal(run.headerSince(run.header(), null).traced_ns, undefined, "of a part it is not known");
});
