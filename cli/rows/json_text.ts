/** JSON values as text, fast for the values of rows and safe for a terminal. */
/** Characters that a JSON string must escape, and those that a terminal would act on or hide (see `cli/text/escape.ts`). */
const SPECIAL = /["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Printable ASCII that needs no escape: nearly every name. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * `text` as a JSON string. Characters that a terminal acts on or hides are written as `\uXXXX`, which every reader
 * turns back into the same text, so the output is the same on a terminal and in a pipe.
 */
export function jsonString(text: string): string {
  if (PLAIN.test(text) || !SPECIAL.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(HIDDEN, escapeUnits);
}

/** Any plain value as JSON, with the same escapes as {@linkcode jsonString}; `bigint` becomes a number, exactly. */
export function jsonValue(value: unknown): string {
  if (typeof value === "string") return jsonString(value);
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonValue).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${jsonString(name)}:${jsonValue(member)}`).join(",")}}`;
}

/** Any plain value without a `bigint` as indented JSON, for documents that people read too; with the same escapes. */
export function indentedJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(HIDDEN, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = "";
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
