import assert from "node:assert/strict";
import { batchText, savedText } from "../../../cli/top/saved.ts";
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

Deno.test("A name that was narrowed to cannot act on the terminal that shows what was saved", () => {
  const values = ["/tmp/new\nline\x1b[31m"];
  const pushed = [{ kind: "text", field: "path", operator: "=", values } as const];
  const model = exampleModel({ columns: 100, rows: 12 }, { view: "files", filters: { typed: null, pushed } });
  const [, only] = savedText(model).split("\n");
  assert.equal(only, 'only path = "/tmp/new\\nline\\x1b[31m"');
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(savedText(model), /\x1b/);
});
