/** The files that ior consists of where it is not a checkout: they lie in one folder, with the front beside or around them. */

import { LIBRARIES_BELOW } from "../bpf/ffi/libbpf.ts";
import { bundleInto, run } from "./make_bundle.ts";
import { licences } from "./licences.ts";

/** A file of ior. */
export interface Part {
  /** Name in the folder. */
  name: string;
  /** Where it is now. */
  path: string;
  /** Mode of the file. */
  mode: number;
}

/** The machine that everything is made for: this one. */
export const ARCH = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";

const PROGRAM = 0o755;
const DATA = 0o644;

/** What ior opens on a machine, besides its modules. A test holds it against what the modules name. */
export function partFiles(arch: string): Part[] {
  return [
    { name: `ior.${arch}.bpf.o`, path: `bpf/ior.${arch}.bpf.o`, mode: DATA },
    { name: `ior-launch.${arch}`, path: `launch/ior-launch.${arch}`, mode: PROGRAM },
  ];
}

/** What the C library brings: libraries that every machine of Deno's has. */
const OF_LIBC = /^(linux-vdso|ld-linux|libc|libm|libdl|librt|libpthread|libgcc_s)\b/;

/** Where libbpf 1 usually is. */
const LIBBPF = [
  `/usr/lib/${Deno.build.arch}-linux-gnu/libbpf.so.1`,
  "/usr/lib64/libbpf.so.1",
  "/usr/lib/libbpf.so.1",
];

/**
 * The parts of the ior in the checkout `root`: Deno, the bundle, and what else it opens.
 *
 * @param folder Where those are made that have to be made.
 * @throws {Error} When one cannot be made.
 */
export async function partsOf(root: string, folder: string): Promise<Part[]> {
  const modules = await bundleInto(folder, root, null);
  Deno.writeTextFileSync(`${folder}/licences.txt`, await licences(root));
  return [
    { name: "deno", path: Deno.execPath(), mode: PROGRAM },
    ...[...modules, "licences.txt"].map((name) => ({ name, path: `${folder}/${name}`, mode: DATA })),
    ...partFiles(ARCH).map((part) => ({ ...part, path: `${root}/${part.path}` })),
  ];
}

/**
 * libbpf of this machine, and what it is linked to besides the C library.
 *
 * @throws {Error} When it is not there, or is linked to what ior does not open.
 */
export async function librariesOf(): Promise<Part[]> {
  const libbpf = LIBBPF.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  if (libbpf === undefined) throw new Error("Cannot pack: there is no libbpf.so.1 here; install libbpf1");
  const lines = (await run("ldd", [libbpf], "/")).split("\n").map((line) => line.trim().split(/\s+/));
  const below = lines.filter(([name]) => !OF_LIBC.test(name.replace(/^.*\//, "")));
  for (const [name] of below) {
    if (!LIBRARIES_BELOW.includes(name)) {
      throw new Error(`Cannot pack: libbpf is linked to ${name}, which bpf/ffi/libbpf.ts does not open`);
    }
  }
  const paths = [["libbpf.so.1", "=>", libbpf], ...below];
  return paths.map(([name, , path]) => ({ name, path, mode: DATA }));
}
