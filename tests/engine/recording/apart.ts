/** Runs a script in a process of its own with packages of its own: they are large, and only these tests need them. */
import { fileURLToPath } from "node:url";

/**
 * Runs `name.ts` of a folder with the packages that its `name.json` and its lock file pin; gives what it printed as JSON. The
 * first use on a machine fetches the packages. Throws when the script fails.
 */
export async function runApart<Answer>(
  folder: URL,
  { script, config, args, input = "" }: { script: string; config: string; args: string[]; input?: string },
): Promise<Answer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      "--no-check",
      "--node-modules-dir=none",
      `--config=${fileURLToPath(new URL(config, folder))}`,
      "--frozen",
      fileURLToPath(new URL(script, folder)),
      ...args,
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`${script} failed:\n${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
