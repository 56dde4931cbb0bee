import assert from "node:assert/strict";
import { runIor } from "../kernel_lib/ior.ts";
import { parseRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

Deno.test("--pid takes the children and grandchildren that a process has already", async () => {
  const mark = `${scratchDirectory("old-children")}/no-such`;
  const loop = 'while :; do cat "$0" 2>&-; sleep 0.02; done';
  const script =
    `sh -c '${loop}' "$0-child" & sh -c 'sh -c "$1" "$0" & wait' "$0-grandchild" '${loop}' & wait`;
  // A session of its own: its processes end together.
  const parent = new Deno.Command("setsid", { args: ["sh", "-c", script, mark], stderr: "null" }).spawn();
  try {
    const flags = ["--format", "ndjson", "-d", "2s", "-e", "openat", "-P", mark];
    const { code, stdout, stderr } = await runIor(["stream", ...flags, "-p", String(parent.pid)]);
    assert.equal(code, 0, stderr);
    const paths = new Set(parseRows(stdout).rows.map(({ path }) => path));
    assert.deepEqual([...paths].sort(), [`${mark}-child`, `${mark}-grandchild`]);
  } finally {
    await new Deno.Command("kill", { args: ["-KILL", "--", `-${parent.pid}`] }).output();
    await parent.status;
  }
});
