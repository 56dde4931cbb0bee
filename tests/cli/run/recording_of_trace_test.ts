import assert from "node:assert/strict";
import type { RecordTarget } from "../../../cli/options/mod.ts";
import { recordingTarget } from "../../../cli/run/recording_of_trace.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";

const target = (path: string, segmentFlag: string | null): RecordTarget => ({
  path,
  ...SEGMENT_LIMITS,
  keep: null,
  maxBytes: null,
  segmentFlag,
});

Deno.test("a flag about segments is refused for a file, before anything is traced", () => {
  const refused = {
    code: "usage",
    message: "Cannot use --keep with run.parquet: only a directory has segments",
    hint: "Leave --keep out, or end the name in a slash: run/",
  };
  assert.throws(() => recordingTarget(target("run.parquet", "--keep")), refused);
  const directory = Deno.makeTempDirSync();
  try {
    for (const path of [directory, `${directory}/none/`]) recordingTarget(target(path, "--keep"));
    recordingTarget(target(`${directory}/run.parquet`, null));
    assert.deepEqual([...Deno.readDirSync(directory)], [], "nothing is made yet");
  } finally {
    Deno.removeSync(directory);
  }
});
