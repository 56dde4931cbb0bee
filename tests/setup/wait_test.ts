import assert from "node:assert/strict";
import { waitFor } from "../wait.ts";

Deno.test("waitFor returns the first truthy value", async () => {
  let looks = 0;
  assert.equal(
    await waitFor(() => ++looks === 3 && "third", { timeoutMs: 5000, what: "a third look" }),
    "third",
  );
});

Deno.test("waitFor fails at the deadline with what was waited for and the last value", async () => {
  await assert.rejects(
    waitFor(() => Promise.resolve(0), { timeoutMs: 20, what: "one child" }),
    { message: "Waited 20 ms for one child; the last value was 0" },
  );
});

Deno.test("waitFor passes an error of the condition on", async () => {
  const condition = () => {
    throw new Error("Gone");
  };
  await assert.rejects(waitFor(condition, { timeoutMs: 5000, what: "anything" }), { message: "Gone" });
});
