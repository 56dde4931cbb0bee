import assert from "node:assert/strict";

/**
 * How a process ends that gets `signal` while it writes a file, `named` when that has a name already; `disposed` when it no
 * longer cares, and `busy` when its main thread never has a turn.
 */
async function endOf(signal: Deno.Signal, { named = false, disposed = false, busy = false }) {
  const module = (name: string) => JSON.stringify(import.meta.resolve(`../../../cli/run/${name}.ts`));
  const onlyNamed = JSON.stringify(import.meta.resolve("../../engine/files/only_named.ts"));
  const directory = Deno.makeTempDirSync();
  const code = `
    import { abandonOnSignal } from ${module("abandon_on_signal")};
    import { fileOutput } from ${module("output")};
    import { onlyNamedFiles } from ${onlyNamed};
    if (${named}) onlyNamedFiles();
    const output = fileOutput(${JSON.stringify(`${directory}/rows`)}, null);
    const signals = abandonOnSignal(output);
    if (${disposed}) signals.dispose();
    output.write("text");
    console.log("begun");
    while (${busy});
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
    for (const named of [true, false]) assert.deepEqual(await endOf(signal, { named }), { signal, left: 0 });
  }
});

Deno.test("a signal ends ior at once while its main thread is busy", async () => {
  assert.deepEqual(await endOf("SIGINT", { busy: true }), { signal: "SIGINT", left: 0 });
});

Deno.test("once disposed of, a signal is the business of others", async () => {
  assert.deepEqual(await endOf("SIGTERM", { named: true, disposed: true }), { signal: "SIGTERM", left: 1 });
});
