import assert from "node:assert/strict";
import { runFiles } from "../../../../cli/commands/files/run.ts";
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
