/** The table of fields, and that what spells fields out agrees with it. */
import assert from "node:assert/strict";
import { ROW_COLUMN_NAMES } from "../../../cli/rows/mod.ts";
import { schemaText } from "../../../cli/schema/mod.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { ROW_FIELDS, type RowField } from "../../../runtime/row_fields.ts";
import { VERSION } from "../../../runtime/version.ts";
import { batchOf, taskName } from "../../engine/batches.ts";

Deno.test("A row has the keys of the table, each once, in its order", () => {
  const rows = new RowBuilder("x86_64");
  rows.apply(batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] }));
  const keys = ROW_FIELDS.filter(({ type }) => type !== "timestamp").map(({ key }) => key as string);
  assert.deepEqual(Object.keys(rows.row(0)), keys);
});

Deno.test("Fields are added at the end: none is older than the one before, or newer than the program", () => {
  const numbers = (version: string) => version.split(".").map(Number);
  const order = (a: string, b: string) => {
    const [left, right] = [numbers(a), numbers(b)];
    const i = left.findIndex((number, at) => number !== right[at]);
    return i < 0 ? 0 : left[i] - right[i];
  };
  const versions = [...ROW_FIELDS.map(({ since }) => since), VERSION];
  assert.deepEqual(versions.toSorted(order), versions);
});

Deno.test("The published schema has the types of the table, null where a field may have no value, and what is always there", async () => {
  const { $defs } = JSON.parse(await schemaText("rows"));
  for (const field of ROW_FIELDS) {
    const property = $defs.row.properties[field.name];
    const found = property.$ref ? $defs[property.$ref.split("/").at(-1)] : property;
    const types = found.enum ? ["string"] : [found.type].flat();
    const nullable = field.nullable && !field.optional ? ["null"] : [];
    assert.deepEqual(types, [schemaType(field), ...nullable], field.name);
    assert.equal($defs.row.required.includes(field.name), !field.optional, field.name);
  }
});

/** Times and durations are numbers that need not be whole. */
function schemaType({ type, unit }: RowField): string {
  if (type === "boolean") return "boolean";
  if (!type.includes("int")) return "string";
  return unit === "ns" ? "number" : "integer";
}

Deno.test("The help lists all columns", async () => {
  const { ROWS_OPTIONS } = await import("../../../cli/options/row_options.ts");
  const { summary } = ROWS_OPTIONS.find(({ long }) => long === "--columns")!;
  assert.ok(summary!.includes(ROW_COLUMN_NAMES.join(", ")));
});
