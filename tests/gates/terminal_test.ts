/** All that ior says goes through one door, which knows what a terminal acts on. */
import assert from "node:assert/strict";
import { blank } from "./blank.ts";
import { PRODUCT_FOLDERS, readTree, type TextFile, topFolder } from "./tree.ts";

/** The door, the output of data, whose formats escape by themselves, and the screen of the live view, whose texts are escaped. */
const DOORS = ["cli/say.ts", "cli/run/output.ts", "cli/top/terminal.ts"];

const WRITES =
  /\bconsole\s*(?:\.|\[)|\bDeno\s*\.\s*(?:stderr|stdout)\b(?!\s*\.\s*isTerminal)|\bprocess\s*\.\s*std(?:err|out)\b/;

function terminalFaults(files: readonly TextFile[]): string[] {
  return files.filter(({ path }) =>
    /\.ts$/.test(path) && PRODUCT_FOLDERS.some((folder) => folder === topFolder(path)) &&
    !DOORS.includes(path)
  ).flatMap((file) =>
    blank(file.text, { strings: true }).split("\n").filter((line) => WRITES.test(line))
      .map((line) => `${file.path} writes to the terminal by itself: ${line.trim()}`)
  );
}

Deno.test("Only one door leads to the terminal", () => {
  const files = readTree();
  for (const door of DOORS) assert.ok(files.some(({ path }) => path === door), `There is no ${door}`);
  assert.deepEqual(terminalFaults(files), []);
});

for (
  const text of [
    "console.error(`ior: ${name}`);",
    "console.log(text);",
    "await Deno.stderr.write(bytes);",
    "Deno.stdout.writeSync(bytes);",
    'import process from "node:process";\nprocess.stderr.write(text);',
  ]
) {
  Deno.test(`The gate of the terminal finds: ${text.replaceAll("\n", " ")}`, () => {
    assert.equal(terminalFaults([{ path: "cli/commands/a.ts", text }]).length, 1);
    assert.equal(terminalFaults([{ path: "engine/a.ts", text }]).length, 1);
    assert.deepEqual(terminalFaults([{ path: "tests/a.ts", text }]), []);
  });
}

Deno.test("The gate of the terminal leaves words in comments and texts alone", () => {
  const text = '/** console.log(x) */\nconst a = "console.error(x)";\nDeno.stderr.isTerminal();\n';
  assert.deepEqual(terminalFaults([{ path: "cli/a.ts", text }]), []);
});
