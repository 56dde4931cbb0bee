import assert from "node:assert/strict";
import { runFiles } from "../../../../cli/commands/files/run.ts";
import { runReport } from "../../../../cli/commands/report/run.ts";
import { runStream } from "../../../../cli/commands/stream/run.ts";
import { syscallByName } from "../../../../runtime/syscalls/mod.ts";
import { batchOf, taskName } from "../../../engine/batches.ts";
import { ndjsonText, scratch } from "../../../engine/recording/fixture.ts";
import { parse } from "../machine.ts";

Deno.test("the document of files has nothing that a terminal acts on or hides, and its readers the same names", async () => {
  using folder = scratch();
  const [from, to] = [folder.path("rows.ndjson"), folder.path("files.json")];
  const path = '/tmp/a\x9b31m\u202e\u2800\x1b"';
  const nr = syscallByName("write")!.x86_64!;
  const batch = batchOf([{ nr, file: 1, fd: 3 }], { tasks: [taskName(1, 70)], files: [{ slot: 1, path }] });
  Deno.writeTextFileSync(from, ndjsonText([batch]));
  await runFiles(parse("files", "--json", "-o", to, from));
  const text = Deno.readTextFileSync(to);
  assert.match(text, /^[ -~\n]*$/);
  const { sessions } = JSON.parse(text);
  assert.deepEqual(sessions.map((row: { path: string }) => row.path), [path]);
});

Deno.test("A recording whose rows were sorted by something else has a report, but no files and no stream", async () => {
  using folder = scratch();
  const [from, to] = [folder.path("sorted.ndjson"), folder.path("out")];
  const names = { tasks: [taskName(1, 70)], files: [{ slot: 1, path: "/a" }, { slot: 2, path: "/b" }] };
  const calls = ["openat", "write", "close"].map((name) => (
    { nr: syscallByName(name)!.x86_64!, fd: 3, ret: 3n }
  ));
  // Each file's calls, the later file first.
  const batches = [2, 1].map((file) =>
    batchOf(calls.map((call) => ({ ...call, file })), { ...names, firstSeq: 3 * file - 2 })
  );
  Deno.writeTextFileSync(from, ndjsonText(batches));
  const refused = { message: "Cannot follow calls that are out of order: row 1 comes after row 6" };
  await assert.rejects(runFiles(parse("files", "--json", "-o", to, from)), refused);
  await assert.rejects(runStream(parse("stream", "-e", "write", "-o", to, "--from", from)), refused);
  await runReport(parse("report", "--json", "-o", to, from));
  assert.equal(JSON.parse(Deno.readTextFileSync(to)).calls, 6);
});
