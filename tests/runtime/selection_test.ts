import assert from "node:assert/strict";
import { cloneSelection, emptySelection, type Selection, selectionEquals } from "../../runtime/selection.ts";

const FULL: Selection = {
  pids: [1, 2],
  tids: [3],
  uids: [0],
  follow: false,
  comms: ["a"],
  paths: ["^/etc/*"],
  excludedComms: ["b"],
  excludedPaths: ["c"],
  syscalls: [0, 1],
  unknownSyscalls: true,
  failedOnly: true,
  slowerNs: 5_000_000,
};

Deno.test("an empty selection follows children and narrows nothing", () => {
  const { follow, unknownSyscalls, failedOnly, slowerNs, ...lists } = emptySelection();
  assert.deepEqual([follow, unknownSyscalls, failedOnly, slowerNs], [true, false, false, 0]);
  for (const list of Object.values(lists)) assert.deepEqual(list, []);
});

Deno.test("two empty selections share nothing", () => {
  const one = emptySelection();
  one.pids.push(1);
  assert.deepEqual(emptySelection().pids, []);
});

Deno.test("a copy is equal and shares nothing", () => {
  const copy = cloneSelection(FULL);
  assert.deepEqual(copy, FULL);
  for (const [field, value] of Object.entries(copy)) {
    if (Array.isArray(value)) assert.notEqual(value, FULL[field as keyof Selection], field);
  }
  copy.pids.push(9);
  assert.deepEqual(FULL.pids, [1, 2]);
});

Deno.test("a selection equals its copy, in whatever order its fields came", () => {
  assert.equal(selectionEquals(FULL, cloneSelection(FULL)), true);
  const turned = Object.fromEntries(Object.entries(FULL).reverse()) as unknown as Selection;
  assert.equal(selectionEquals(FULL, turned), true);
  assert.equal(selectionEquals(emptySelection(), emptySelection()), true);
});

for (const field of Object.keys(FULL) as (keyof Selection)[]) {
  Deno.test(`selections that differ in ${field} are not equal`, () => {
    const other: Selection = { ...cloneSelection(FULL), [field]: emptySelection()[field] };
    assert.equal(selectionEquals(FULL, other), false);
    assert.equal(selectionEquals(other, FULL), false);
  });
}

Deno.test("the order and the number of a list's entries count", () => {
  assert.equal(selectionEquals(FULL, { ...FULL, pids: [2, 1] }), false);
  assert.equal(selectionEquals(FULL, { ...FULL, pids: [1, 2, 2] }), false);
  assert.equal(selectionEquals({ ...FULL, comms: ["a,b"] }, { ...FULL, comms: ["a", "b"] }), false);
});
