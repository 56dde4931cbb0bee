/** ior with a full buffer: what it reads and writes in a second when no loop has to make the calls meanwhile. */
import { procText } from "./proc.ts";
import { outputOf, type Printed, start } from "./run.ts";

/** Longest for the command to start, and to end. */
const LIMIT_MS = 60_000;

const LOOK_MS = 5;

/**
 * Runs ior over a command, halts it as soon as the command runs, and lets it go on when the command has ended. Answers with
 * the milliseconds from then to ior's end, in which it reads all rows, and with what both printed.
 *
 * @throws {Error} When ior fails, or the command does not start or end within a minute.
 */
export async function readBacklog(
  ior: readonly string[],
  command: readonly string[],
): Promise<{ ms: number } & Printed> {
  const words = [...ior, "--", ...command];
  const child = start(words);
  const output = outputOf(child, words);
  let running = true;
  // Until it is awaited, an early end is no unhandled rejection.
  output.finally(() => running = false).catch(() => {});
  const look = async <T>(at: () => T | null): Promise<T> => {
    for (const limit = performance.now() + LIMIT_MS; running && performance.now() < limit;) {
      const found = at();
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    if (running) child.kill("SIGKILL");
    await output;
    throw new Error(`${ior[0]} ended, and its command was not seen to start and to end`);
  };
  const pid = await look(() => childNamed(child.pid, command[0].replace(/^.*\//, "")));
  child.kill("SIGSTOP");
  // It stays a zombie until ior goes on.
  await look(() => /\) Z /.test(procText(`/proc/${pid}/stat`)) || null);
  const begin = performance.now();
  child.kill("SIGCONT");
  return { ...await output, ms: performance.now() - begin };
}

/** The child of a process that has become a program; `null` before. */
function childNamed(parent: number, name: string): string | null {
  const children = procText(`/proc/${parent}/task/${parent}/children`).trim().split(" ");
  return children.find((pid) => pid !== "" && procText(`/proc/${pid}/comm`).trim() === name) ?? null;
}
