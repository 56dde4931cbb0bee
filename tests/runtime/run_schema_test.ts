import assert from "node:assert/strict";
import { LOSS_KINDS } from "../../runtime/loss.ts";
import { RUN_END, RUN_PARTS, RUN_START, RUNNING } from "../../runtime/run_schema.ts";

// deno-lint-ignore no-explicit-any -- a schema as JSON gives it back
type Json = any;

function published(name: string): Json {
  return JSON.parse(Deno.readTextFileSync(new URL(`../../schema/ior.${name}.1.json`, import.meta.url)));
}

/** A schema without what it tells people. */
function bare(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema, (name, value) => name === "description" ? undefined : value));
}

/** A schema without the limits of times, which are larger for several runs. */
function withoutTimeLimits(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema, (_name, value) => {
    if (![value?.type].flat().includes("number")) return value;
    const { maximum: _, ...rest } = value;
    return rest;
  }));
}

Deno.test("The schema of rows says of a run what recordings are checked by", () => {
  const { $defs: { header, end, ...parts } } = published("rows");
  for (const [name, part] of Object.entries(RUN_PARTS)) assert.deepEqual(bare(parts[name]), bare(part), name);
  const { schema, type, columns, ...start } = bare(header.properties);
  assert.deepEqual([schema.const, type, columns.type], ["ior.rows/1", false, "array"]);
  assert.deepEqual(start, bare(RUN_START.properties));
  assert.deepEqual(header.required, ["schema", ...RUN_START.required]);
  const { type: _, calls, running, ...members } = bare(end.properties);
  assert.deepEqual([members, running], [bare(RUN_END.properties), bare(RUNNING)]);
  assert.deepEqual([calls, end.required], [{ $ref: "#/$defs/count" }, [
    "type",
    "calls",
    ...RUN_END.required,
  ]]);
});

Deno.test("The schema of reports says the same of a run", () => {
  const { $defs, properties } = published("report");
  for (const [name, part] of Object.entries(RUN_PARTS)) {
    assert.deepEqual(withoutTimeLimits(bare($defs[name])), withoutTimeLimits(bare(part)), name);
  }
  const members = { ...RUN_START.properties, ...RUN_END.properties, running: RUNNING };
  for (const [name, member] of Object.entries(members)) {
    assert.deepEqual(withoutTimeLimits(bare(properties[name])), withoutTimeLimits(bare(member)), name);
  }
});

Deno.test("Every kind of loss is in the schema", () => {
  assert.deepEqual(RUN_PARTS.loss.properties.by.required, [...LOSS_KINDS]);
  assert.deepEqual(Object.keys(RUN_PARTS.loss.properties.by.properties), [...LOSS_KINDS, "not_shown"]);
});
