import { scratchDirectory } from "./scratch.ts";

/** A directory on a device of its own, which is full soon; unmounted when it is disposed of. */
export interface SmallDisk extends Disposable {
  path: string;
}

/** Mounts a file system in memory of this size. Needs root. */
export function smallDisk(bytes: number): SmallDisk {
  const path = scratchDirectory("disk");
  run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "ior-test", path);
  // Lazily: also when somebody still has a file of it open.
  return { path, [Symbol.dispose]: () => run("umount", "-l", path) };
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args, stdout: "null", stderr: "piped" })
    .outputSync();
  if (!success) throw new Error(`Cannot ${command}: ${new TextDecoder().decode(stderr)}`);
}
