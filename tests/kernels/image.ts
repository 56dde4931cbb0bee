/** The memory file system that a guest starts from. */
import { run } from "./command.ts";

/** Parts of the checkout that a guest has no use for. */
const LEFT_OUT = [".git", "tests/golden", "tests/fuzz", "docs"];

/** What goes into an image. */
export interface ImageParts {
  /** The checkout. */
  project: string;
  /** Folder with the packages' files. */
  root: string;
  /** Folder with the tests' programs. */
  programs: string;
  deno: string;
  /** Shell script that the guest runs. */
  script: string;
}

/** Writes the image of a guest as `out`, in the folder `work`. */
export async function makeImage(parts: ImageParts, work: string, out: string): Promise<void> {
  const { project, root, programs, deno, script } = parts;
  const tree = `${work}/tree`;
  const guest = `${project}/tests/kernels/guest`;
  for (
    const name of ["proc", "sys", "dev", "tmp", "run", "root", "etc", "usr/local/bin", "programs", "project"]
  ) {
    Deno.mkdirSync(`${tree}/${name}`, { recursive: true });
  }
  const excluded = LEFT_OUT.map((path) => `--exclude=./${path}`);
  await run("sh", ["-c", 'tar -c "$@" . | tar -x -C "$0"', `${tree}/project`, ...excluded], project);
  Deno.copyFileSync(deno, `${tree}/usr/local/bin/deno`);
  Deno.copyFileSync(`${guest}/init`, `${tree}/init`);
  Deno.copyFileSync(`${guest}/gcc`, `${tree}/usr/local/bin/gcc`);
  Deno.writeTextFileSync(`${tree}/run-tests`, script);
  Deno.writeTextFileSync(
    `${tree}/etc/passwd`,
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n",
  );
  Deno.writeTextFileSync(`${tree}/etc/group`, "root:x:0:\nnogroup:x:65534:\n");
  Deno.writeTextFileSync(`${tree}/etc/hosts`, "127.0.0.1 localhost\n");
  await copyModules(project, `${tree}/root/.cache/ior/deno_dir`);
  await run("cp", ["-a", `${programs}/.`, `${tree}/programs`]);
  await packFolders(out, root, tree);
  await run("rm", ["-rf", tree]);
}

/**
 * Writes an image with the files of folders, a later one's in place of an earlier one's. Not compressed: unpacking takes an
 * emulated processor longer than the bytes take.
 */
export async function packFolders(out: string, ...folders: string[]): Promise<void> {
  const pack = 'for place; do (cd "$place" && find . | cpio -o -H newc --quiet); done >"$0"';
  await run("sh", ["-c", pack, out, ...folders]);
}

/** The npm packages that ior and its tests import, as they are in this runtime's cache, in a cache of the guest. */
async function copyModules(project: string, cache: string): Promise<void> {
  const info = JSON.parse(await run(Deno.execPath(), ["info", "--json"], project));
  const modules = new Set<string>();
  for (const entry of ["cli/main.ts", "tests/kernel/workloads_test.ts"]) {
    const graph = JSON.parse(await run(Deno.execPath(), ["info", "--json", entry], project));
    for (const { name } of Object.values<{ name: string }>(graph.npmPackages)) modules.add(name);
  }
  for (const [host] of directories(info.npmCache)) {
    for (const name of modules) {
      const to = `${cache}/npm/${host}/${name}`;
      Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
      await run("cp", ["-a", `${info.npmCache}/${host}/${name}`, to]);
    }
  }
  // The launcher's sign that all of deno.lock has been fetched.
  const lock = Deno.readFileSync(`${project}/deno.lock`);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", lock)).toHex();
  Deno.writeTextFileSync(`${cache}/ior-${sum}`, "");
}

function directories(path: string): [name: string][] {
  return [...Deno.readDirSync(path)].filter((entry) => entry.isDirectory).map(({ name }) => [name]);
}
