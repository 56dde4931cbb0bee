/** The C programs of the tests, built here for another machine. */
import { BUILD_OPTIONS } from "../kernel_lib/compile.ts";
import { run } from "./command.ts";
import type { Architecture } from "./machines.ts";

/** Folders whose C sources the tests of the guest may ask for. */
const FOLDERS = ["tests/workloads", "tests/kernel_lib", "tests/workloads_random"];

/**
 * Builds a source as `$out/SOURCE` without its ending, unless it is there; one that the architecture has no calls or
 * instructions for has no program.
 */
const BUILD = `program=$out/\${1%.c}
mkdir -p "\${program%/*}"
[ -e "$program" ] || {
  $compiler $options -s -o "$program.part" "$1" 2>/dev/null && mv "$program.part" "$program"
} || :`;

/** A folder with a program `SOURCE`, without its ending, for every C source of the tests; built once while they stay. */
export async function programsFor(project: string, arch: Architecture, cache: string): Promise<string> {
  const list = [
    "-c",
    'find "$@" -name "*.[ch]" | LC_ALL=C sort | xargs sha256sum | sha256sum',
    "sh",
    ...FOLDERS,
  ];
  const sum = (await run("sh", list, project)).slice(0, 16);
  const place = `${cache}/programs-${arch.debian}-${sum}`;
  if (isFolder(place)) return place;
  const made = Deno.makeTempDirSync({ dir: cache, prefix: "programs-" });
  Deno.chmodSync(made, 0o755);
  const words = [`out=${made}`, `compiler=${arch.gnu}-gcc`, `options=${BUILD_OPTIONS.join(" ")}`];
  const build = `find ${FOLDERS.join(" ")} -name "*.c" | env "$@" xargs -n 1 -P 2 sh -c '${BUILD}' sh`;
  await run("sh", ["-c", build, "sh", ...words], project);
  try {
    Deno.renameSync(made, place);
  } catch (error) {
    if (!isFolder(place)) throw error;
    Deno.removeSync(made, { recursive: true }); // made by a run at the same time
  }
  return place;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
