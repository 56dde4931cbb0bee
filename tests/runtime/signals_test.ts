import assert from "node:assert/strict";
import { constants } from "node:os";
import { SIGNAL_NUMBERS } from "../../runtime/signals.ts";

Deno.test("signals have the numbers that the runtime gives them", () => {
  for (const [name, number] of Object.entries(SIGNAL_NUMBERS)) {
    assert.equal(constants.signals[name as keyof typeof constants.signals], number, name);
  }
  assert.equal(Object.keys(SIGNAL_NUMBERS).length, 31);
});
