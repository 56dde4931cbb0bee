/**
 * Runs the one-liners of the documents: every block that is fenced as "sh jq" gets a real report in `report.json` of
 * its working directory.
 */
import assert from "node:assert/strict";
import { blocksOf, readDocuments } from "../documents.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { compileSchema } from "../json_schema.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Blocks there are at least, so that a slip in the fence's mark does not pass for none. */
const BLOCKS_MIN = 5;

/** A command with files that are read, files that are not there, and directories. */
const COMMAND = ["sh", "-c", "ls -lR /etc >/dev/null; cat /etc/passwd /no/such/file; exit 0"];

Deno.test("Every jq one-liner of the documents says something of a real report", async (t) => {
  const folder = scratchDirectory("readme");
  const ran = await runIor(["trace", "--json", "-o", "report.json", "--", ...COMMAND], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  const found = readDocuments().flatMap((document) => blocksOf(document, "sh jq"));
  assert.ok(
    found.length >= BLOCKS_MIN,
    `There are ${found.length} blocks, at least ${BLOCKS_MIN} are wanted`,
  );
  for (const block of found) {
    await t.step(block.trim(), () => {
      const { code, stdout, stderr } = new Deno.Command("sh", { args: ["-euc", block], cwd: folder })
        .outputSync();
      const output = new TextDecoder().decode(stdout);
      assert.equal(code, 0, new TextDecoder().decode(stderr) + output);
      assert.match(output, /\S/, "it prints nothing");
      assert.doesNotMatch(
        output.replaceAll("/dev/null", ""),
        /\bnull\b/,
        "it asks for what the report does not have",
      );
    });
  }
});

Deno.test("What ior writes is valid under the schemas that ior prints", async () => {
  const folder = scratchDirectory("schema");
  const schema = async (name: string) => {
    const { code, stdout, stderr } = await runIor(["schema", name]);
    assert.equal(code, 0, stderr);
    return compileSchema(JSON.parse(stdout));
  };
  const output = async (...args: string[]) => {
    const ran = await runIor([...args, "-o", "out", "--", ...COMMAND], { cwd: folder });
    assert.equal(ran.code, 0, ran.stderr);
    return Deno.readTextFileSync(`${folder}/out`);
  };
  const checkReport = await schema("report");
  const every = ["syscall", "family", "process", "thread", "file", "dir", "errno", "process,file,syscall"];
  const flags = [["--top", "3"], ["--by", "dir", "--threads"], every.flatMap((keys) => ["--by", keys])];
  for (const more of [[], ...flags]) {
    assert.deepEqual(checkReport(JSON.parse(await output("trace", "--json", ...more))), [], more.join(" "));
  }
  const checkRow = await schema("rows");
  const lines = (await output("stream", "--format", "ndjson")).trimEnd().split("\n");
  assert.ok(lines.length > 100);
  for (const line of lines) assert.deepEqual(checkRow(JSON.parse(line)), [], line);
});
