import assert from "node:assert/strict";
import { ROOT } from "../gates/tree.ts";
import { findClang, outputOf } from "../kernel_lib/clang.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

Deno.test("The launch helpers and fronts that are checked in are the ones that their source builds", () => {
  const clang = findClang();
  const built = scratchDirectory("helpers");
  Deno.mkdirSync(`${built}/to`);
  // A folder that is named from another one than that of the sources.
  outputOf("sh", ["-c", `cd "$0" && "$1/launch/build" to`, built, ROOT], { CLANG: clang });
  for (const name of ["ior-launch.x86_64", "ior-launch.arm64", "ior-front.x86_64", "ior-front.arm64"]) {
    assert.deepEqual(
      Deno.readFileSync(`${built}/to/${name}`),
      Deno.readFileSync(`${ROOT}/launch/${name}`),
      `${name} is not what its source gives; build it with launch/build`,
    );
  }
});
