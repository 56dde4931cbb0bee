/** The published JSON Schemas by name. Each is loaded only when it is asked for. */
const SCHEMAS = {
  report: () => import("../../schema/ior.report.1.json", { with: { type: "text" } }),
  rows: () => import("../../schema/ior.rows.1.json", { with: { type: "text" } }),
  files: () => import("../../schema/ior.files.1.json", { with: { type: "text" } }),
  diff: () => import("../../schema/ior.diff.1.json", { with: { type: "text" } }),
  flame: () => import("../../schema/ior.flame.1.json", { with: { type: "text" } }),
  explain: () => import("../../schema/ior.explain.1.json", { with: { type: "text" } }),
  probes: () => import("../../schema/ior.probes.1.json", { with: { type: "text" } }),
  doctor: () => import("../../schema/ior.doctor.1.json", { with: { type: "text" } }),
} as const;

/** Name of a schema. */
export type SchemaName = keyof typeof SCHEMAS;

/** All names. */
export const SCHEMA_NAMES = Object.keys(SCHEMAS) as SchemaName[];

/** The text of a schema, as it is in the project; ends with a line feed. */
export async function schemaText(name: SchemaName): Promise<string> {
  return (await SCHEMAS[name]()).default;
}
