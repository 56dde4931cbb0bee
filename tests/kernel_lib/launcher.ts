import { ROOT } from "../gates/tree.ts";

/** Runs a script of bash, with ior's launcher as `$IOR`: what ior is started with is the shell's to set. */
export function startWithLauncher(script: string): Deno.ChildProcess {
  return new Deno.Command("bash", {
    args: ["-c", script],
    env: { IOR: `${ROOT}/ior`, IOR_DENO: Deno.execPath() },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
