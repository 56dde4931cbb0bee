import assert from "node:assert/strict";
import { abandonTarget } from "../../../engine/recording/abandon_target.ts";
import { openTarget } from "../../../engine/recording/recording_files.ts";
import { onlyNamedFiles } from "../files/only_named.ts";
import { scratch, STARTED_NS } from "./fixture.ts";
import type { RecordingTarget } from "../../../runtime/recording.ts";

const filesBelow = (path: string): string[] =>
  [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${path}/${name}`) : [name]
  );

const limits = { segmentRows: 1, segmentBytes: 1, segmentNs: 1, keep: null };

Deno.test("What a process has begun is gone when it abandons its recording, and what is complete or another's stays", async () => {
  using folder = scratch();
  using _ = onlyNamedFiles();
  Deno.mkdirSync(folder.path("d/host=a/date=2026-08-01"), { recursive: true });
  const others = [".ior-20260801T000000000000000Z-1-000001.parquet.part", "x.parquet"];
  for (const name of others) Deno.writeTextFileSync(folder.path(`d/host=a/date=2026-08-01/${name}`), "");
  const target: RecordingTarget = { kind: "directory", path: folder.path("d/"), ...limits };
  const files = openTarget(target, null);
  const next = (index: number) => files.next("a", `20260801T000000000000000Z-${Deno.pid}`, index, STARTED_NS);
  const first = next(1);
  first.rows.finish(() => ({}), "ior");
  await first.part.publish();
  next(2);
  assert.equal(filesBelow(folder.path("d")).length, 4);
  abandonTarget(target, null);
  assert.deepEqual(filesBelow(folder.path("d")).sort(), [...others, first.path.replace(/.*\//, "")].sort());

  const single: RecordingTarget = { kind: "file", path: folder.path("one.parquet") };
  openTarget(single, null);
  Deno.writeTextFileSync(folder.path("one.parquet.1.part"), "");
  abandonTarget(single, null);
  assert.deepEqual([...Deno.readDirSync(folder.path(""))].map(({ name }) => name).sort(), [
    "d",
    "one.parquet.1.part",
  ]);
});

Deno.test("Abandoning a recording whose place has gone is no error", () => {
  using folder = scratch();
  abandonTarget({ kind: "directory", path: folder.path("none/"), ...limits }, null);
  abandonTarget({ kind: "file", path: folder.path("none/x.parquet") }, null);
});
