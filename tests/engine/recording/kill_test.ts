import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { recordedFiles } from "../../../engine/recording/recorded_files.ts";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { waitFor } from "../../wait.ts";
import { scratch } from "./fixture.ts";

Deno.test("What a killed recorder leaves is every segment but the last, and reads without a hole", async () => {
  using folder = scratch();
  const directory = folder.path("segments");
  const script = fileURLToPath(new URL("./endless.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", script, directory],
    stdin: "null",
    stdout: "null",
  }).spawn();
  const segments = () => recordedFiles([directory]).then(({ paths }) => paths.length, () => 0);
  await waitFor(async () => await segments() >= 5, { timeoutMs: 60_000, what: "five segments" });
  child.kill("SIGKILL");
  await child.status;
  const recording = await openRecording([directory]);
  assert.deepEqual([recording.complete, recording.header.loss.state], [false, "unknown"]);
  assert.equal(recording.rows, 700 * await segments());
  let seq = 1;
  for await (const { firstSeq, length } of recording.batches()) {
    assert.equal(firstSeq, seq);
    seq += length;
  }
  assert.equal(seq, recording.rows! + 1);
});
