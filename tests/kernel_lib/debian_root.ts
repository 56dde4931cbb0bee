/** Root directories of Debian, as `debootstrap` makes them from Debian's archive, to run ior in. */
import { type IorResult, outcome } from "./ior.ts";
import { scratchDirectory } from "./scratch.ts";

/** A root directory, in namespaces of mounts and network of its own: it has no network. */
export interface DebianRoot {
  path: string;
  /** Runs a program in it, with /proc and /sys as a container has them. */
  run(words: readonly string[], env?: Record<string, string>): Promise<IorResult>;
}

/** Where roots are kept: making one takes a minute. */
const KEPT = `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/ior/roots`;

/** Mounts what a container has. */
const MOUNT = `root=$1; shift
mount --bind "$root" "$root" && cd "$root" &&
mount -t proc proc proc && mount -t sysfs sys sys && mount --rbind /dev dev &&`;

/** Leaves the old root as a container does: paths then end at the new one. Then becomes the program, by programs of the root. */
const PIVOT = `pivot_root . . && umount -l . && exec "$@"`;

/** The same for a root without programs: paths go on in the old one. */
const CHROOT = `exec chroot . "$@"`;

/**
 * A fresh root of a release. With `--foreign` its packages lie there extracted, and nothing of them was ever run.
 *
 * @param options Further options of `debootstrap`.
 */
export function debianRoot(release: string, ...options: string[]): DebianRoot {
  const kept = `${KEPT}/${[release, ...options.filter((word) => /^--include=/.test(word))].join("")}.tar`;
  const path = scratchDirectory("root");
  try {
    Deno.statSync(kept);
    must("tar", "-xf", kept, "-C", path);
  } catch {
    must("debootstrap", "--variant=minbase", ...options, release, path);
    Deno.mkdirSync(KEPT, { recursive: true });
    must("tar", "-cf", `${kept}.new`, "-C", path, ".");
    Deno.renameSync(`${kept}.new`, kept);
  }
  Deno.chmodSync(path, 0o755); // the folder of a test is its owner's alone
  // Extracted only, it may have a link to itself there.
  for (const name of ["proc", "sys"]) {
    if (Deno.lstatSync(`${path}/${name}`).isSymlink) Deno.removeSync(`${path}/${name}`);
    Deno.mkdirSync(`${path}/${name}`, { recursive: true });
  }
  return { path, run: (words, env) => runIn(path, MOUNT + PIVOT, words, env) };
}

/** A root with nothing but the folders that are mounted. */
export function emptyRoot(): DebianRoot {
  const path = scratchDirectory("nothing");
  for (const name of ["proc", "sys", "dev", "root"]) Deno.mkdirSync(`${path}/${name}`);
  return { path, run: (words, env) => runIn(path, MOUNT + CHROOT, words, env) };
}

function runIn(
  root: string,
  script: string,
  words: readonly string[],
  env = { HOME: "/root" } as Record<string, string>,
) {
  const child = new Deno.Command("unshare", {
    args: ["--mount", "--net", "--propagation=private", "sh", "-c", script, "sh", root, ...words],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return outcome(child);
}

function must(command: string, ...args: string[]): void {
  const { success, stdout, stderr } = new Deno.Command(command, { args, stdin: "null" }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).slice(-2000);
  if (!success) throw new Error(`${command} ${args.join(" ")} failed: ${text(stdout)}${text(stderr)}`);
}
