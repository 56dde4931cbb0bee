/** Records segments into the directory of its argument until it is killed. */
import { RecorderClient } from "../../../engine/workers/recorder_client.ts";
import { batchOf, taskName } from "../batches.ts";
import { header, STARTED_NS } from "./fixture.ts";

const limits = { segmentRows: 700, segmentBytes: 1e12, segmentNs: 1e15, keep: null };
const target = { kind: "directory", path: Deno.args[0], ...limits } as const;
const client = await RecorderClient.open({ arch: "x86_64", target, owner: null });
await client.start({ startedWallNs: STARTED_NS, header: header() });
for (let firstSeq = 1;; firstSeq += 100) {
  await client.room();
  const calls = Array.from({ length: 100 }, () => ({ nr: 0 }));
  void client.ingest(batchOf(calls, { firstSeq, tasks: firstSeq === 1 ? [taskName(1, 70)] : [] }));
}
