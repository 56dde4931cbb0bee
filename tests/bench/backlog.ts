/** ior with a full buffer: what it reads and writes in a second when no loop has to make the calls meanwhile. */
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
  // Until it is awaited, an early end is no unhandled rejection.
  output.catch(() => {});
  try {
    const pid = await until(() => childNamed(child.pid, command[0].replace(/^.*\//, "")));
    child.kill("SIGSTOP");
    // It stays a zombie until ior goes on.
    await until(() => /\) Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`)) || null);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  const begin = performance.now();
  child.kill("SIGCONT");
  return { ...await output, ms: performance.now() - begin };
}

/** The child of a process that has become a program; `null` before. */
function childNamed(parent: number, name: string): number | null {
  const children = Deno.readTextFileSync(`/proc/${parent}/task/${parent}/children`).trim();
  for (const pid of children === "" ? [] : children.split(" ")) {
    try {
      if (Deno.readTextFileSync(`/proc/${pid}/comm`).trim() === name) return Number(pid);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

async function until<T>(look: () => T | null): Promise<T> {
  const limit = performance.now() + LIMIT_MS;
  for (;;) {
    const found = look();
    if (found !== null) return found;
    if (performance.now() > limit) throw new Error("The command of a backlog did not start or end in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
