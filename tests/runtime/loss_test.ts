import assert from "node:assert/strict";
import { addLoss, LOSS_KINDS, lossOf, UNKNOWN_LOSS, withNotShown, withUnnamed } from "../../runtime/loss.ts";

const NONE = { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 };

Deno.test("the kinds of loss are those that every output names", () => {
  assert.deepEqual([...LOSS_KINDS], Object.keys(NONE));
});

Deno.test("counters of zero are no loss", () => {
  assert.deepEqual(lossOf(NONE), { state: "none", calls: 0, by: NONE });
});

for (const kind of LOSS_KINDS) {
  Deno.test(`one call lost to ${kind} is a loss`, () => {
    const by = { ...NONE, [kind]: 1 };
    assert.deepEqual(lossOf(by), { state: "some", calls: 1, by });
  });
}

Deno.test("the calls lost are the sum of all kinds", () => {
  const by = { ring_full: 1, storage_full: 20, skipped: 300, compat_32bit: 4000 };
  assert.deepEqual(lossOf(by), { state: "some", calls: 4321, by });
});

Deno.test("counters that could not be read are never zero", () => {
  assert.deepEqual(UNKNOWN_LOSS, { state: "unknown", calls: null, by: null });
});

Deno.test("calls that were seen and not shown are lost too; none of them changes nothing", () => {
  const by = { ...NONE, ring_full: 2 };
  assert.deepEqual(withNotShown(lossOf(by), 3), { state: "some", calls: 5, by: { ...by, not_shown: 3 } });
  assert.deepEqual(withNotShown(lossOf(by), 0), lossOf(by));
  assert.deepEqual(withNotShown(UNKNOWN_LOSS, 3), UNKNOWN_LOSS);
});

Deno.test("calls without names are no loss, and stay beside it", () => {
  const none = lossOf(NONE);
  assert.deepEqual(withUnnamed(none, 0), none);
  const some = withUnnamed(none, 3);
  assert.deepEqual(some, { state: "none", calls: 0, by: NONE, unnamed: 3 });
  assert.deepEqual(withNotShown(some, 1), { ...lossOf({ ...NONE, not_shown: 1 }), unnamed: 3 });
  assert.deepEqual(addLoss(some, withUnnamed(UNKNOWN_LOSS, 4)), { ...UNKNOWN_LOSS, unnamed: 7 });
  assert.deepEqual(addLoss(some, none), some);
});
