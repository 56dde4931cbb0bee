import assert from "node:assert/strict";
import { createColumns, EventFlag } from "../../runtime/event_batch.ts";
import { DID_NOT_RETURN, errnoOf, isFailed, returnWords } from "../../runtime/outcome.ts";

Deno.test("A call failed when it returned one of -4095 to -1", () => {
  const columns = createColumns(16);
  const { NO_RETURN, KILLED, PATH_FAULT } = EventFlag;
  const cases: [ret: bigint, flags: number, errno: number][] = [
    [0n, 0, 0],
    [-1n, 0, 1],
    [-2n, PATH_FAULT, 2],
    [-4095n, 0, 4095],
    [-4096n, 0, 0],
    [4095n, 0, 0],
    [0xffff_ffffn, 0, 0],
    [-(2n ** 32n) - 1n, 0, 0],
    [-(2n ** 63n), 0, 0],
    [-1n, NO_RETURN, 0],
    [-1n, KILLED, 0],
  ];
  cases.forEach(([ret, flags], i) => {
    columns.ret[i] = ret;
    columns.flags[i] = flags;
  });
  const words = returnWords(columns);
  const errnos = cases.map((_, i) => errnoOf(words, columns.flags, i));
  assert.deepEqual(errnos, cases.map(([, , errno]) => errno));
  assert.deepEqual(cases.map((_, i) => isFailed(columns, i)), errnos.map((errno) => errno !== 0));
  assert.deepEqual(cases.map(([, flags]) => (flags & DID_NOT_RETURN) !== 0).indexOf(true), 9);
});
