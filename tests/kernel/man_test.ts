/** The manual pages, judged and shown by the programs that show manual pages. */
import assert from "node:assert/strict";
import { manualPage } from "../../cli/commands/man/page.ts";
import { allCommands } from "../../cli/commands/commands.ts";
import { TOPICS } from "../../cli/commands/topics/topics.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** The pages have no date: they are of a version. A topic is printed to a file whose ending is not of its section. */
const EXPECTED = /missing date|filename\/section mismatch/;

function outputOf(command: string, ...args: string[]) {
  const { code, stdout, stderr } = new Deno.Command(command, {
    args,
    env: { LC_ALL: "C.UTF-8", MANWIDTH: "80", MANPAGER: "cat" },
  }).outputSync();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("No program that shows manual pages has anything to say against one", async () => {
  const commands = await allCommands();
  const folder = scratchDirectory("man");
  for (const name of ["ior", ...new Set([...commands, ...TOPICS].map(({ name }) => name))]) {
    const file = `${folder}/${name}.1`;
    Deno.writeTextFileSync(file, manualPage(name, commands, TOPICS));
    const { code, stdout, stderr } = outputOf("man", "-l", "--warnings", file);
    assert.deepEqual([code, stderr], [0, ""], name);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80), name);
    const found = outputOf("mandoc", "-T", "lint", "-W", "warning", file).stdout.split("\n");
    assert.deepEqual(found.filter((line) => line !== "" && !EXPECTED.test(line)), [], name);
  }
});

Deno.test("ior prints a page, and man shows what is in it as it is written", async () => {
  const { code, stdout } = await runIor(["man", "trace"]);
  assert.equal(code, 0);
  const file = `${scratchDirectory("man")}/trace.1`;
  Deno.writeTextFileSync(file, stdout);
  const shown = outputOf("man", "-l", file).stdout;
  assert.match(shown, /^IOR-TRACE\(1\) +ior manual +IOR-TRACE\(1\)$/m);
  for (const text of ["-p, --pid LIST", "ior trace -x -P '^/etc/' -- nginx -t", "'*.log'"]) {
    assert.ok(shown.includes(text), text);
  }
});
