import assert from "node:assert/strict";

/** How a process ends that gets `signal` while it writes a file; `disposed` when it no longer cares. */
async function endOf(signal: Deno.Signal, disposed: boolean) {
  const module = (name: string) => JSON.stringify(import.meta.resolve(`../../../cli/run/${name}.ts`));
  const directory = Deno.makeTempDirSync();
  const code = `
    import { abandonOnSignal } from ${module("abandon_on_signal")};
    import { fileOutput } from ${module("output")};
    const output = fileOutput(${JSON.stringify(`${directory}/rows`)}, null);
    const signals = abandonOnSignal(output);
    if (${disposed}) signals.dispose();
    output.write("text");
    console.log("begun");
    setTimeout(() => Deno.exit(99), 60_000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill(signal);
    await reader.cancel();
    const { signal: found } = await child.status;
    return { signal: found, left: [...Deno.readDirSync(directory)].length };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("a signal takes away the part of a file, and ends ior as ever", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    assert.deepEqual(await endOf(signal, false), { signal, left: 0 });
  }
});

Deno.test("once disposed of, a signal is the business of others", async () => {
  assert.deepEqual(await endOf("SIGTERM", true), { signal: "SIGTERM", left: 1 });
});
