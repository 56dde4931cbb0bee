/**
 * The JSON Schemas of what ior writes.
 *
 * @module
 */
export { SCHEMA_NAMES, schemaText } from "./schemas.ts";
export type { SchemaName } from "./schemas.ts";
