import assert from "node:assert/strict";
import { ROOT } from "../gates/tree.ts";
import { findClang, outputOf } from "../kernel_lib/clang.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

Deno.test("The launch helpers and fronts that are checked in are the ones that their source builds", () => {
  const clang = findClang();
  const built = scratchDirectory("helpers");
  assert.notEqual(
    outputOf(`${ROOT}/launch/build`, [built], { CLANG: clang }),
    null,
    "launch/build is not there",
  );
  for (const name of ["ior-launch.x86_64", "ior-launch.arm64", "ior-front.x86_64", "ior-front.arm64"]) {
    assert.deepEqual(
      Deno.readFileSync(`${built}/${name}`),
      Deno.readFileSync(`${ROOT}/launch/${name}`),
      `${name} is not what its source gives; build it with launch/build`,
    );
  }
});
