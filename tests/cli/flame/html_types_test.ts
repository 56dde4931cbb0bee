import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const CONFIG = fileURLToPath(new URL("html_page.json", import.meta.url));
const SCRIPT = fileURLToPath(new URL("../../../cli/flame/html/page/main.js", import.meta.url));

/** The page's script is checked apart from the rest: only here are the names of a browser known. */
function checkTypes(path: string): { success: boolean; output: string } {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["check", "--no-lock", "--config", CONFIG, path],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).outputSync();
  return { success, output: new TextDecoder().decode(stderr) };
}

Deno.test("The types of the page's script hold", () => {
  const { success, output } = checkTypes(SCRIPT);
  assert.ok(success, output);
});

Deno.test("The check of the page's script finds a defect", () => {
  const path = Deno.makeTempFileSync({ suffix: ".js" });
  try {
    Deno.writeTextFileSync(path, 'document.titel = "a";\n');
    const { success, output } = checkTypes(path);
    assert.ok(!success);
    assert.match(output, /titel/);
  } finally {
    Deno.removeSync(path);
  }
});
