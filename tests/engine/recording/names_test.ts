import assert from "node:assert/strict";
import { joinHeaders } from "../../../engine/recording/joined_header.ts";
import { partitionFolder, runName, segmentName } from "../../../engine/recording/segment_names.ts";
import { SlotNames } from "../../../engine/recording/slot_names.ts";
import type { ReportHeader, ReportTrigger } from "../../../runtime/report.ts";
import { timeAfter } from "../../../runtime/rfc3339.ts";
import { header, STARTED, STARTED_NS } from "./fixture.ts";

Deno.test("A segment's name says when its run began, by whom, and which one it is", () => {
  const run = runName(STARTED_NS, 42);
  assert.equal(run, "20260801T120304123456789Z-42");
  assert.equal(segmentName(run, 7), "ior-20260801T120304123456789Z-42-000007.parquet");
});

Deno.test("Host and day of a partition are names of folders, whatever the host is called", () => {
  const day = "date=2026-08-01";
  const folders: [host: string, folder: string][] = [
    ["alpha", "host=alpha"],
    ["web-1.example", "host=web-1.example"],
    ["a/b=c d", "host=a%2Fb%3Dc%20d"],
    ["..", "host=%2E%2E"],
    ["", "host=unknown"],
    ["a*'b", "host=a%2A%27b"],
  ];
  for (const [host, folder] of folders) assert.equal(partitionFolder(host, STARTED_NS), `${folder}/${day}`);
  assert.equal(partitionFolder("a", STARTED_NS + 86_400_000_000_000n), "host=a/date=2026-08-02");
});

Deno.test("What differs between runs is listed, what one run alone can have is its own", () => {
  const [first, second] = [header(), header({ ior: "0.2.0", selection: { families: ["Network"] } })];
  assert.deepEqual(joinHeaders([first]), first);
  const joined = joinHeaders([first, second]);
  assert.deepEqual([joined.ior, joined.host, joined.selection], ["0.1.0, 0.2.0", "alpha", { recordings: 2 }]);
  const unknown = header({ loss: { state: "unknown", calls: null, by: null } });
  assert.deepEqual(joinHeaders([first, unknown]).loss.state, "unknown");
  const unnamed = [2, 3].map((unnamed) => header({ loss: { ...first.loss, unnamed } }));
  assert.deepEqual(joinHeaders([...unnamed, first]).loss, { ...first.loss, unnamed: 5 });
  const triggers = ["a", "b"].map((comm) => [{ comm } as ReportTrigger]);
  assert.deepEqual(
    joinHeaders([header({ triggers: triggers[0] }), first, header({ triggers: triggers[1] })]).triggers,
    triggers.flat(),
  );
  const sampled = { rates: { read: 4 }, raised: { read: 16 }, calls: 3, by: { read: 3 }, counted: false };
  const other = { rates: { read: 9, FS: 2 }, calls: 4, by: { read: 1, write: 3 }, counted: false };
  assert.deepEqual(
    joinHeaders([header({ sampling: sampled }), header({ sampling: other }), first]).sampling,
    {
      ...{
        rates: { read: 9, FS: 2 },
        raised: { read: 16 },
        calls: 7,
        by: { read: 4, write: 3 },
        counted: false,
      },
    },
  );
});

Deno.test("The time that runs were traced has no gaps between them, and what several have once", () => {
  const run = (fromS: number, toS: number, coversFromS = fromS) => {
    const [started, from, to] = [fromS, coversFromS, toS].map((seconds) => timeAfter(STARTED, seconds * 1e9));
    const covers = coversFromS === fromS ? {} : { covers: { from, to } };
    return header({ started, wall_ns: (toS - fromS) * 1e9, ...covers });
  };
  const times = (...runs: ReportHeader[]) => {
    const { wall_ns, traced_ns } = joinHeaders(runs);
    return [wall_ns / 1e9, traced_ns === undefined ? null : traced_ns / 1e9];
  };
  assert.deepEqual(times(run(0, 5), run(3600, 3602)), [3602, 7]);
  assert.deepEqual(times(run(0, 5), run(2, 8), run(3, 4), run(20, 21)), [21, 9]);
  assert.deepEqual(times(run(0, 5), run(2, 8)), [8, null], "all of it");
  assert.deepEqual(times(run(0, 5), run(5, 6)), [6, null]);
  assert.deepEqual(times(run(0, 50, 40), run(60, 90, 85)), [90, 15], "without segments that were removed");
  assert.deepEqual(times(run(0, 50, 40), run(45, 60)), [60, 20]);
});

Deno.test("A thread keeps its slot until its name changes, a file for good, until all begin again", () => {
  const names = new SlotNames();
  const thread = { pid: 1, tid: 2, uid: 0, comm: "a", processStartNs: 5 };
  const slots = ["a", "a", "b", "a"].map((comm) => names.task({ ...thread, comm }));
  assert.deepEqual(slots, [1, 1, 2, 3]);
  const raw = Uint8Array.of(255);
  assert.deepEqual([names.file("/x", null), names.file("/x", raw), names.file("/x", null)], [1, 2, 1]);
  const { tasks, files } = names.takeNew();
  assert.deepEqual(tasks.map(({ slot, comm }) => `${slot}${comm}`), ["1a", "2b", "3a"]);
  assert.deepEqual(files, [{ slot: 1, path: "/x" }, { slot: 2, path: "/x", raw }]);
  assert.deepEqual(names.takeNew(), { tasks: [], files: [] });
  names.restart();
  const moved = ["/a", "/a", undefined, "/b"].map((cgroup) => names.task({ ...thread, cgroup }));
  assert.deepEqual(moved, [1, 1, 2, 3], "a thread that is moved has another name");
  const changed = [undefined, 5, 5, 6].map((gid) => names.task({ ...thread, gid }));
  assert.deepEqual(changed, [4, 5, 5, 6], "so has one that changes its group");
  names.restart();
  assert.equal(names.task(thread), 1);
});
