import assert from "node:assert/strict";
import { refuseSameFile } from "../../../cli/options/refusals.ts";

Deno.test("A file is the same however its name is written, and none is never the same", () => {
  const both = (a: string | null, b: string | null) => refuseSameFile([["--output", a], ["--flame", b]]);
  for (const [a, b] of [["x.svg", "./x.svg"], ["d//x.svg", "d/e/../x.svg"], ["/x.svg", "/x.svg"]]) {
    assert.throws(() => both(a, b), {
      message: `Cannot write two things to ${b}: --output and --flame both name it`,
    });
  }
  for (const [a, b] of [["x.svg", "y.svg"], ["x.svg", "/x.svg"], [null, null], ["x.svg", null]]) both(a, b);
});
