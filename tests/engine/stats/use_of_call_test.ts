import assert from "node:assert/strict";
import { traitsOf } from "../../../engine/stats/call_traits.ts";
import { endingOf, ENDINGS, usesOf } from "../../../engine/stats/use_of_call.ts";
import { FILE_USES } from "../../../runtime/stats.ts";

const ENOENT = 2;
const EACCES = 13;
const LARGEST_ERRNO = 4095;

/** The use of a call, `null` for none. */
function useOf(call: string, errno: number, tiny: 0 | 1): string | null {
  return FILE_USES[usesOf(traitsOf(call))[endingOf(errno, tiny)]] ?? null;
}

Deno.test("Every ending has a number of its own kind", () => {
  const endings = [0, 1, ENOENT, 3, EACCES, LARGEST_ERRNO].map((errno) => endingOf(errno, 0));
  assert.deepEqual(endings, [0, 2, 4, 2, 2, 2]);
  assert.equal(endingOf(ENOENT, 1), ENDINGS - 1);
});

Deno.test("A use follows from the call and how it ended", () => {
  for (
    const [call, errno, tiny, use] of [
      ["read", 0, 1, "tiny_read"],
      ["read", 0, 0, null],
      ["pwritev2", 0, 1, "tiny_write"],
      ["openat", 0, 0, "reopen"],
      ["openat", ENOENT, 0, "missing"],
      ["openat", EACCES, 0, null],
      ["statx", 0, 0, "query"],
      ["statx", ENOENT, 0, "missing"],
      ["readlink", 0, 0, null],
      ["execve", ENOENT, 0, "missing"],
      ["fsync", 0, 0, "sync"],
      ["fsync", EACCES, 0, "sync"],
      ["lseek", 0, 0, "seek"],
      ["close", 0, 0, null],
      ["futex", ENOENT, 0, null],
    ] as const
  ) assert.equal(useOf(call, errno, tiny), use, `${call}, error ${errno}, tiny ${tiny}`);
});
