import { jsonString, jsonValue } from "../rows/json_text.ts";
import { COMPARED_TABLES, type Comparison } from "./comparison.ts";

/**
 * The comparison as JSON text, with integers beyond 2^53 in full. One member per line, and one row per line in tables; ends with a
 * line feed.
 */
export function comparisonJson(comparison: Comparison): string {
  const tables: readonly string[] = COMPARED_TABLES;
  const members = Object.entries(comparison).map(([name, value]) => {
    const isTable = tables.includes(name) && Array.isArray(value) && value.length > 0;
    const text = isTable ? `[\n    ${value.map(jsonValue).join(",\n    ")}\n  ]` : jsonValue(value);
    return `${jsonString(name)}: ${text}`;
  });
  return `{\n  ${members.join(",\n  ")}\n}\n`;
}
