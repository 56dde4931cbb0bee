import assert from "node:assert/strict";
import { familyFilter } from "../../../runtime/filter/family_filter.ts";
import { SYSCALLS } from "../../../runtime/syscalls/mod.ts";

Deno.test("A filter of families selects their calls, and no others", () => {
  const { syscalls, ...rest } = familyFilter("FS", "Time");
  const wanted = SYSCALLS.filter(({ family }) => family === "FS" || family === "Time").map(({ name }) =>
    name
  );
  assert.deepEqual(syscalls, wanted);
  assert.ok(syscalls.includes("openat") && syscalls.includes("nanosleep") && !syscalls.includes("socket"));
  assert.deepEqual(rest, { pids: [], tids: [], follow: true, unknownSyscalls: false, where: null });
  assert.deepEqual(familyFilter().syscalls, []);
});
