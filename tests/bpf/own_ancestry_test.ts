import assert from "node:assert/strict";
import { ownAncestry } from "../../bpf/selected_tasks.ts";

/** A machine where each process has this parent; ior itself descends from 30, 20, 10 and 1. */
function machine() {
  const parents: Record<number, number> = { [Deno.pid]: 30, 30: 20, 20: 10, 10: 1, 1: 0 };
  return {
    readSpecialText: (path: string) => {
      const parent = parents[Number(/^\/proc\/(\d+)\/status$/.exec(path)![1])];
      return parent === undefined ? null : `Name:\tx\nPPid:\t${parent}\n`;
    },
  };
}

Deno.test("What stands between ior and the nearest selected process is found, with ior", () => {
  assert.deepEqual(ownAncestry(machine(), [10]), [Deno.pid, 30, 20]);
  assert.deepEqual(ownAncestry(machine(), [10, 20]), [Deno.pid, 30]);
  assert.deepEqual(ownAncestry(machine(), [99, 30]), [Deno.pid]);
});

Deno.test("Nothing stands between ior and processes that it does not descend from", () => {
  assert.deepEqual(ownAncestry(machine(), []), []);
  assert.deepEqual(ownAncestry(machine(), [99]), []);
  assert.deepEqual(ownAncestry({ readSpecialText: () => null }, [10]), []);
});
