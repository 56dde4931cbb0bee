import assert from "node:assert/strict";
import { makeBundle } from "../../setup/make_bundle.ts";
import { ROOT } from "../gates/tree.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { waitFor } from "../wait.ts";

Deno.test("A bundle traces with its own workers, and finds the programs and the launch helper of its checkout", async () => {
  const scratch = scratchDirectory("bundle");
  const helper = `${ROOT}/launch/ior-launch.${Deno.build.arch === "x86_64" ? "x86_64" : "arm64"}`;
  await waitFor(
    () => new Deno.Command(helper, { args: ["key", ROOT] }).outputSync().success,
    { timeoutMs: 20_000, what: "a checkout at rest" },
  );
  await makeBundle(helper, ROOT, `${scratch}/bundles`);
  const [{ name: key }] = Deno.readDirSync(`${scratch}/bundles`);
  const [flame, rows] = [`${scratch}/flame.folded`, `${scratch}/rows.parquet`];
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", "--quiet", `${scratch}/bundles/${key}/main.mjs`],
      ...["trace", "--brief", "--flame", flame, "--record", rows, "--", "true"],
    ],
    stdin: "null",
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(code, 0, text(stderr));
  assert.match(text(stdout), /^loss +none$/m);
  assert.match(Deno.readTextFileSync(flame), /^true;openat;/m);
  assert.ok(Deno.statSync(rows).size > 0);
});
