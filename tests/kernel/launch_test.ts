import assert from "node:assert/strict";
import { ROOT } from "../gates/tree.ts";
import { findClang, outputOf } from "../kernel_lib/clang.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

Deno.test("The launch helpers and fronts that are checked in are the ones that their source builds", () => {
  const clang = findClang();
  const built = scratchDirectory("helpers");
  for (const name of ["to", "other/to"]) Deno.mkdirSync(`${built}/${name}`, { recursive: true });
  // A folder that is named from another one than that of the sources, and not one that a shell finds by CDPATH.
  const env = { CLANG: clang, CDPATH: `${built}/other` };
  outputOf("sh", ["-c", `cd "$0" && "$1/launch/build" to`, built, ROOT], env);
  for (const name of ["ior-launch.x86_64", "ior-launch.arm64", "ior-front.x86_64", "ior-front.arm64"]) {
    assert.deepEqual(
      Deno.readFileSync(`${built}/to/${name}`),
      Deno.readFileSync(`${ROOT}/launch/${name}`),
      `${name} is not what its source gives; build it with launch/build`,
    );
  }
});

Deno.test("With the loader of another machine beside its own, as for emulated programs, a machine has its own helper", () => {
  const folder = scratchDirectory("loaders");
  for (const name of ["lib", "work", "bin"]) Deno.mkdirSync(`${folder}/${name}`);
  Deno.writeTextFileSync(`${folder}/lib/ld-linux-aarch64.so.1`, "");
  const over = `mount -t overlay -o "lowerdir=/usr/lib,upperdir=$0/lib,workdir=$0/work" none /usr/lib`;
  const find = `ior_root=$1; . "$ior_root/setup/deno.sh"; PATH=$0/bin:$PATH; find_launch; echo "$ior_launch"`;
  const machines = [["aarch64", "arm64"], ...Deno.build.arch === "x86_64" ? [["x86_64", "x86_64"]] : []];
  for (const [machine, arch] of machines) {
    Deno.writeTextFileSync(`${folder}/bin/uname`, `#!/bin/sh\necho ${machine}\n`, { mode: 0o755 });
    const found = outputOf("unshare", ["-m", "sh", "-c", `${over} && ${find}`, folder, ROOT]);
    assert.equal(found, `${ROOT}/launch/ior-launch.${arch}\n`, machine);
  }
});

Deno.test("Where a folder of ours is can be told without /proc", () => {
  const folder = scratchDirectory("folder");
  const helper = `${ROOT}/launch/ior-launch.${Deno.build.arch === "x86_64" ? "x86_64" : "arm64"}`;
  Deno.symlinkSync(folder, `${folder}/link`);
  const script = 'umount -l /proc && cd "$1" && exec "$0" ours "$1/link/not/there"';
  assert.equal(outputOf("unshare", ["-m", "sh", "-c", script, helper, folder]), `${folder}/not/there`);
});
