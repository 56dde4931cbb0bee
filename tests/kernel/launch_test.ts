import assert from "node:assert/strict";
import { ROOT } from "../gates/tree.ts";
import { findClang, outputOf } from "../kernel_lib/clang.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

Deno.test("The launch helpers that are checked in are the ones that their source builds", () => {
  const clang = findClang();
  const built = scratchDirectory("helpers");
  assert.notEqual(
    outputOf(`${ROOT}/launch/build`, [built], { CLANG: clang }),
    null,
    "launch/build is not there",
  );
  for (const arch of ["x86_64", "arm64"]) {
    const name = `ior-launch.${arch}`;
    assert.deepEqual(
      Deno.readFileSync(`${built}/${name}`),
      Deno.readFileSync(`${ROOT}/launch/${name}`),
      `${name} is not what its source gives; build it with launch/build`,
    );
  }
});
