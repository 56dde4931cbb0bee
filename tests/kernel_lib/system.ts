import assert from "node:assert/strict";

/** Calls `use` with the tracefs directory; mounts one aside, and away again, when the usual place has none. */
export async function withTracefs(use: (directory: string) => Promise<void> | void): Promise<void> {
  const usual = "/sys/kernel/tracing";
  if (exists(`${usual}/events/syscalls`)) return await use(usual);
  const aside = Deno.makeTempDirSync({ prefix: "ior_tracefs_" });
  try {
    run("mount", "-t", "tracefs", "tracefs", aside);
    try {
      await use(aside);
    } finally {
      run("umount", aside);
    }
  } finally {
    Deno.removeSync(aside);
  }
}

/** True when there is a file of this name. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What a command prints; fails when the command does. */
export function run(command: string, ...args: string[]): string {
  const output = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).outputSync();
  const decoder = new TextDecoder();
  assert.ok(output.success, `${command} ${args.join(" ")}: ${decoder.decode(output.stderr)}`);
  return decoder.decode(output.stdout);
}
