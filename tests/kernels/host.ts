/** What the tasks that boot guests ask of the host: its programs, and a folder to keep things in. */

/** A program and the packages that it comes with. */
export type Tool = readonly [program: string, packages: readonly string[]];

/**
 * Fails when a program is not installed.
 *
 * @throws {Error} With the command that installs what is missing.
 */
export function checkTools(tools: readonly Tool[]): void {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const missing = tools.filter(([program]) => !folders.some((folder) => exists(`${folder}/${program}`)));
  if (missing.length === 0) return;
  const words = missing.flatMap(([, packages]) => packages).join(" ");
  throw new Error(
    `${missing.map(([program]) => program).join(", ")} not found; install with: apt-get install ${words}`,
  );
}

/** Where packages, kernels and programs are kept from run to run. */
export function cacheFolder(): string {
  const kept = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  const folder = `${kept}/ior/kernels`;
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** True for a file that is there. */
export function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
