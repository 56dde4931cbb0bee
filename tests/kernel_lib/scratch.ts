/** A directory of this test run, removed when the runner ends. */
let directory: string | null = null;

/** A new, empty directory below the one of this run. Its path has nothing but letters, digits, `_`, `-` and `/`. */
export function scratchDirectory(name: string): string {
  if (directory === null) {
    const made = directory = Deno.makeTempDirSync({ prefix: "ior-tests-" });
    // Another user runs workloads in it.
    Deno.chmodSync(made, 0o755);
    addEventListener("unload", () => removeTree(made));
  }
  return Deno.makeTempDirSync({ dir: directory, prefix: `${name.replace(/[^\w-]/g, "_")}-` });
}

function removeTree(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // A workload may leave paths that are longer than the runtime removes; rm walks them.
    new Deno.Command("rm", { args: ["-rf", path] }).outputSync();
  }
}
