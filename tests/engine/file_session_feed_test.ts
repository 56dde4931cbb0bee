import assert from "node:assert/strict";
import { FileSessionFeed, type KnownNames } from "../../engine/file_session_feed.ts";
import { syscallByName } from "../../runtime/syscalls/mod.ts";
import { batchOf, taskName } from "./batches.ts";

const nrOf = (name: string) => syscallByName(name)!.x86_64!;

const NAMES: KnownNames = { tasks: [taskName(1, 70)], files: [{ slot: 1, path: "/a" }] };

/** A read of ten bytes. */
const read = (fd: number, file = 1) => ({ nr: nrOf("read"), fd, file, ret: 10n, bytes: 10 });

const brief = (feed: FileSessionFeed) =>
  feed.snapshot()?.sessions.map(({ path, pid, calls, readBytes }) => ({ path, pid, calls, readBytes }));

Deno.test("Nothing is followed before somebody asks, and names of before are known then", async () => {
  const feed = new FileSessionFeed("x86_64", () => NAMES);
  feed.ingest(batchOf([read(3)]));
  assert.equal(feed.snapshot(), null);
  await feed.follow(true);
  assert.deepEqual(brief(feed), []);
  feed.ingest(batchOf([read(3), read(4, 2)], { files: [{ slot: 2, path: "/b" }] }));
  feed.ingest(batchOf([read(3)]));
  assert.deepEqual(brief(feed), [
    { path: "/a", pid: 70, calls: 2, readBytes: 20 },
    { path: "/b", pid: 70, calls: 1, readBytes: 10 },
  ]);
});

Deno.test("Whoever comes back begins anew, as after a reset", async () => {
  const feed = new FileSessionFeed("x86_64", () => NAMES);
  await feed.follow(true);
  feed.ingest(batchOf([read(3)]));
  await feed.follow(false);
  assert.equal(feed.snapshot(), null);
  feed.reset();
  assert.equal(feed.snapshot(), null, "nobody follows");
  await feed.follow(true);
  assert.deepEqual(brief(feed), []);
  feed.ingest(batchOf([read(3)]));
  feed.reset();
  assert.deepEqual(brief(feed), []);
  feed.ingest(batchOf([read(3)]));
  assert.deepEqual(brief(feed), [{ path: "/a", pid: 70, calls: 1, readBytes: 10 }]);
});

Deno.test("Calls of any name count, and of reused process numbers the last one", async () => {
  const known = {
    tasks: [
      taskName(1, 70, { processStartNs: 9, comm: "new" }),
      taskName(2, 70, { processStartNs: 5, comm: "old" }),
    ],
    files: NAMES.files,
  };
  const feed = new FileSessionFeed("x86_64", () => known);
  await feed.follow(true);
  feed.ingest(batchOf([{ ...read(3), nr: 100_000 }, read(3)]));
  assert.deepEqual(feed.snapshot()!.sessions.map(({ comm, calls }) => [comm, calls]), [["new", 2]]);
});
