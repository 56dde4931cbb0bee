import assert from "node:assert/strict";
import { waitFor } from "../../wait.ts";

/** A run that has begun a file and whose trace has ended, in a process of its own; from then on its main thread is busy. */
async function startBusy(interrupted: boolean): Promise<Deno.ChildProcess> {
  const code = `
    import { Interruption } from ${JSON.stringify(import.meta.resolve("../../../cli/run/interruption.ts"))};
    const interruption = new Interruption();
    using _listening = interruption.listen();
    console.log("listening");
    while (${interrupted} && !interruption.isHere) await new Promise((resolve) => setTimeout(resolve, 1));
    await interruption.leaveSecondToKernel();
    console.log("busy");
    for (const end = performance.now() + 60_000; performance.now() < end;);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const saying = async (word: string) => {
    while (!said.includes(word)) said += (await reader.read()).value!;
  };
  await saying("listening");
  if (interrupted) child.kill("SIGINT");
  await saying("busy");
  await reader.cancel();
  return child;
}

/** True once a signal has no handler any more. */
function isLeftToKernel(pid: number, signal: number): boolean {
  const [, caught] = /^SigCgt:\t(\w+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
  return (BigInt(`0x${caught}`) >> BigInt(signal - 1) & 1n) === 0n;
}

Deno.test("A second signal ends ior at once while its main thread is busy", async () => {
  const child = await startBusy(true);
  child.kill("SIGTERM");
  assert.equal((await child.status).signal, "SIGTERM");
});

Deno.test("The first signal does not end a busy main thread, the second does", async () => {
  const child = await startBusy(false);
  const SIGINT = 2;
  assert.equal(isLeftToKernel(child.pid, SIGINT), false);
  child.kill("SIGINT");
  await waitFor(() => isLeftToKernel(child.pid, SIGINT), {
    timeoutMs: 30_000,
    what: "the first signal to be heard",
  });
  child.kill("SIGINT");
  assert.equal((await child.status).signal, "SIGINT");
});
