/** JSON Schema 2020-12, judged by a validator that is not ours. */
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";

/** What a validator found wrong, one line each; empty when the value is valid. */
export type SchemaCheck = (value: unknown) => string[];

/** Compiles a schema. Throws when it is no valid one, unknown keywords and formats included. */
export function compileSchema(schema: unknown): SchemaCheck {
  // Types may be unions: `"type": ["string", "null"]` is how JSON Schema says "or no value".
  const options = { strict: true, allowUnionTypes: true, allErrors: true };
  const validate = new Ajv2020({ ...options, formats: { "date-time": isTime } }).compile(schema as object);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** True for a date and a time of the calendar, as the platform reads them. */
function isTime(text: string): boolean {
  try {
    Temporal.Instant.from(text);
    return true;
  } catch {
    return false;
  }
}
