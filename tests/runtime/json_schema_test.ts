import assert from "node:assert/strict";
import { type Schema, schemaFault } from "../../runtime/json_schema.ts";
import { exampleReport } from "../cli/report/fixture.ts";
import { random, testSeed } from "../engine/batches.ts";
import { compileSchema } from "../json_schema.ts";
import { writeJson } from "../cli/report/write_json.ts";

const SCHEMA = JSON.parse(
  Deno.readTextFileSync(new URL("../../schema/ior.report.1.json", import.meta.url)),
) as Schema;

/** Values of each kind, to stand where another is. */
const VALUES = [null, true, -1, 0, 1.5, 2 ** 53, "", "x", "SIGINT", [], [1, 2, 3], {}, { exit: 3 }, {
  rows: 1,
}];

/** Each place of a document with what takes the value there. */
function* places(value: unknown): Generator<(found: unknown) => void> {
  if (typeof value !== "object" || value === null) return;
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(object)) {
    yield (found) => object[name] = found;
    if (!Array.isArray(value)) yield () => delete object[name];
    yield* places(object[name]);
  }
}

Deno.test("Reports broken at any place are refused by the same rules as an independent validator has", () => {
  const next = random(testSeed());
  const check = compileSchema(SCHEMA);
  const text = writeJson(exampleReport());
  assert.equal(schemaFault(JSON.parse(text), SCHEMA), null);
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const document = JSON.parse(text);
    const all = [...places(document)];
    all[Math.floor(next() * all.length)](VALUES[Math.floor(next() * VALUES.length)]);
    const fault = schemaFault(document, SCHEMA);
    assert.equal(fault === null, check(document).length === 0, JSON.stringify(fault));
    if (fault !== null) refused++;
  }
  assert.ok(refused > 30 && refused < 300, String(refused));
});

Deno.test("A fault says where, what is there and what should be", () => {
  const schema: Schema = {
    type: "object",
    required: ["a"],
    properties: {
      a: { type: "array", items: { $ref: "#/$defs/n" } },
      b: { oneOf: [{ const: "x" }, { const: "y" }] },
      c: false,
    },
    $defs: { n: { type: ["integer", "null"], minimum: 0, maximum: 9 } },
  };
  const said = (value: unknown) => {
    const fault = schemaFault(value, schema);
    return fault && `${fault.at} is ${fault.found}, it must be ${fault.wanted}`;
  };
  assert.equal(said({ a: [1, null], d: 1 }), null);
  assert.equal(said({}), "a is not there, it must be a list");
  assert.equal(said({ a: [1, 10] }), "a[1] is 10, it must be a whole number from 0 to 9, or null");
  assert.equal(said({ a: [], b: 1 }), 'b is 1, it must be "x" or "y"');
  assert.equal(said({ a: [], c: 1 }), "c is 1, it must be left out");
  assert.equal(
    said({ a: [2n ** 70n] }),
    `a[0] is ${2n ** 70n}, it must be a whole number from 0 to 9, or null`,
  );
});

Deno.test("A time is one of the calendar, as for an independent validator", () => {
  const schema: Schema = { type: "string", format: "date-time" };
  const check = compileSchema(schema);
  for (
    const time of [
      "2028-02-29T23:59:59.5Z",
      "2026-02-29T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "noon",
      "2026-01-01T24:00:01Z",
    ]
  ) {
    assert.equal(schemaFault(time, schema) === null, check(time).length === 0, time);
  }
  assert.equal(schemaFault("noon", schema)?.wanted, "a time of RFC 3339 in UTC, with nanoseconds");
});

Deno.test("A schema with a type or a reference that there is not is a fault of ours, not of the document", () => {
  assert.throws(() => schemaFault(1, { type: "float" }), TypeError);
  assert.throws(() => schemaFault(1, { $ref: "#/$defs/none" }), TypeError);
  assert.throws(() => schemaFault("1", { type: "string", format: "number" }), TypeError);
});
