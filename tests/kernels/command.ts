/** Longest that a tool of the host may take, milliseconds: building all programs on a loaded machine. */
const TOOL_LIMIT_MS = 1_800_000;

/**
 * Runs a tool of the host; what it prints on standard output.
 *
 * @throws {Error} With its last words when it fails, cannot be found or takes longer than half an hour.
 */
export async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TOOL_LIMIT_MS),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) {
    const words = text(stderr).trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ${args.slice(0, 3).join(" ")}… failed: ${words}`);
  }
  return text(stdout);
}
