import assert from "node:assert/strict";
import { batchText, foldedText, savedText } from "../../../cli/top/saved.ts";
import { VIEW_IDS } from "../../../cli/top/model.ts";
import { assertGolden } from "../../golden.ts";
import { exampleModel } from "./scripted.ts";

Deno.test("A saved view has all rows, and what it is about", () => {
  const texts = VIEW_IDS.filter((view) => view !== "stream").map((view) => {
    const model = exampleModel({ columns: 40, rows: 10 }, { view });
    return `--- ${view}\n${savedText({ ...model, filters: { typed: { kind: "failed" }, pushed: [] } })}`;
  });
  assertGolden("top/saved.txt", texts.join(""));
  const stream = savedText(exampleModel({ columns: 40, rows: 10 }, { view: "stream" }));
  assert.equal(stream.split("\n").length, 500 + 3);
});

Deno.test("A frame of a batch is as high as it is told, and marks no row", () => {
  const model = exampleModel({ columns: 100, rows: 12 }, { view: "stream" });
  const text = batchText(model, false);
  assert.equal(text.split("\n").length, 10);
  assert.doesNotMatch(text, /▸/);
  assert.match(batchText(model, true), /\[0;1m/);
});

Deno.test("The flamegraph is saved as folded stacks, escaped", () => {
  const root = {
    n: "",
    v: 0,
    t: 6,
    c: [{ n: "a;b", v: 1, t: 6, c: [{ n: "c", v: 5, t: 5 }] }, { n: "z", v: 0, t: 0 }],
  };
  assert.equal(foldedText(root), "a\\x3bb 1\na\\x3bb;c 5\n");
});
