import assert from "node:assert/strict";

/** How a process ends that ends itself so. */
async function endOf(status: number | string): Promise<{ code: number; signal: string | null }> {
  const module = import.meta.resolve("../../cli/end_process.ts");
  const code = `import { endProcess } from "${module}"; endProcess(${JSON.stringify(status)});`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  const { code: found, signal } = await child.output();
  return { code: found, signal };
}

Deno.test("ior ends with its command's status", async () => {
  assert.deepEqual(await endOf(0), { code: 0, signal: null });
  assert.deepEqual(await endOf(7), { code: 7, signal: null });
});

Deno.test("ior ends by its command's signal", async () => {
  assert.equal((await endOf("SIGTERM")).signal, "SIGTERM");
  assert.equal((await endOf("SIGKILL")).signal, "SIGKILL");
  assert.equal((await endOf("SIGSEGV")).signal, "SIGSEGV");
});

Deno.test("ior ends by SIGPIPE too, which the runtime ignores", async () => {
  assert.equal((await endOf("SIGPIPE")).signal, "SIGPIPE");
});

Deno.test("a signal that does not end ior, or that the runtime cannot send, is never a success", async () => {
  assert.deepEqual(await endOf("SIGWINCH"), { code: 156, signal: null });
  assert.deepEqual(await endOf("SIGUNKNOWN"), { code: 128, signal: null });
});
