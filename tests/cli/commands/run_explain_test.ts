import assert from "node:assert/strict";
import { compileSchema } from "../../json_schema.ts";
import { schemaText } from "../../../cli/schema/mod.ts";

const MAIN = new URL("../../../cli/main.ts", import.meta.url).pathname;

/** Runs ior without the right to start programs. */
async function run(args: string[], cwd: string) {
  const rights = [
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys",
    "--allow-ffi",
  ];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...rights, MAIN, ...args],
    cwd,
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("--explain says where a selection is decided, and traces, starts and writes nothing", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "ior-explain-" });
  try {
    const check = compileSchema(JSON.parse(await schemaText("explain")));
    const selection = ["--where", "path ~ ./x and failed"];
    for (const name of ["trace", "stream"]) {
      const { code, stdout, stderr } = await run([name, "--explain", "--json", ...selection, "true"], folder);
      assert.equal(code, 0, stderr);
      const document = JSON.parse(stdout);
      assert.deepEqual(check(document), []);
      assert.deepEqual(document.enter.command, ["true"]);
      assert.equal(document.file.where, `path ~ ${folder}/x`, "names are made absolute");
    }
    const lines = [
      ["trace", "--explain", "--record", "run.parquet", "--flame", "run.html", ...selection],
      ["record", "run.parquet", "--explain", ...selection, "true"],
      ["flame", "-o", "run.svg", "--explain", ...selection],
      ["stream", "--explain", ...selection],
    ];
    for (const line of lines) {
      const { code, stdout, stderr } = await run(line, folder);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Selection: --where .*\n\nSteps in their order/, line.join(" "));
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    const written = await run(["trace", "--explain", "-o", "out.txt"], folder);
    assert.deepEqual([written.code, written.stdout], [0, ""], written.stderr);
    assert.match(Deno.readTextFileSync(`${folder}/out.txt`), /^Default selection\n/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("--explain is about a trace: a recording is read as a whole, in user space", async () => {
  const { code, stderr } = await run(["stream", "--explain", "run.parquet"], ".");
  assert.equal(code, 2);
  assert.match(stderr, /Cannot use --explain with run\.parquet/);
});
