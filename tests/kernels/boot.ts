/** Runs a guest under emulation, from its first instruction to its power-off. */
import type { Architecture } from "./machines.ts";

/**
 * One thread for both CPUs of a guest. With a thread each, a CPU may run the breakpoint for ever that the kernel had put into
 * code while it changed it, and attaching programs changes code: both CPUs hang (qemu 7.2, 2 of 2 runs of all tests on 6.1).
 */
const ACCELERATOR = "tcg,thread=single";

/** Memory of a guest, MiB: the image twice while it is moved, and what the tests need. */
const MEMORY_MIB = 3072;

/**
 * Boots a kernel with an image, and gives every line of its console to `print`; what the console said. Ends the guest after
 * `limitMs`, and then the console ends where the guest was.
 *
 * @throws {Error} When the emulator cannot be started.
 */
export async function boot(
  arch: Architecture,
  kernel: string,
  image: string,
  limitMs: number,
  print: (line: string) => void,
): Promise<string> {
  const child = new Deno.Command(arch.emulator, {
    args: [
      ...arch.options,
      ...["-accel", ACCELERATOR, "-smp", "2", "-m", String(MEMORY_MIB)],
      ...["-nographic", "-no-reboot", "-nic", "none", "-kernel", kernel, "-initrd", image],
      ...["-append", `console=${arch.console} quiet panic=-1 mitigations=off`],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    signal: AbortSignal.timeout(limitMs),
  }).spawn();
  let text = "";
  let rest = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).replaceAll("\r", "").split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      print(line);
      text += line + "\n";
    }
  }
  await child.status;
  return text + rest;
}
