/** Selects the rows of a table that match the conditions of an assertion. */
import { compileTexts } from "../../runtime/expression/mod.ts";
import { familyOfName } from "../../runtime/syscalls/mod.ts";
import type { Condition, Field } from "./types.ts";

/** The names of a row; each table has some of them. */
export interface RowNames {
  syscall?: string;
  errno?: string | null;
  path?: string | null;
  /** The other file of a call with two. */
  old_path?: string | null;
  /** Name of the process. */
  comm?: string;
  pid?: number;
}

/**
 * Compiles a test of rows. Of one field any value may match, but none of `!=`; different fields must all
 * match. Of a row with two paths one must match, and with `!=` neither may be the one named. A row without a value never
 * matches a condition on it.
 */
export function compileConditions(conditions: readonly Condition[]): (row: RowNames) => boolean {
  const fields = [...Map.groupBy(conditions, ({ field }) => field)].map(([field, own]) => {
    const wanted = own.filter(({ operator }) => operator !== "!=").map(compileOne);
    const unwanted = own.filter(({ operator }) => operator === "!=").map(compileOne);
    return (row: RowNames): boolean => {
      const values = VALUES[field](row).filter((value) => value != null);
      if (values.length === 0) return false;
      return (wanted.length === 0 || wanted.some((matches) => values.some(matches))) &&
        !unwanted.some((matches) => values.some(matches));
    };
  });
  return (row) => fields.every((matches) => matches(row));
}

const VALUES: { [Name in Field]: (row: RowNames) => (string | null | undefined)[] } = {
  syscall: (row) => [row.syscall],
  family: (row) => [row.syscall === undefined ? null : familyOfName(row.syscall)],
  errno: (row) => [row.errno],
  path: (row) => [row.path, row.old_path],
  process: (row) => [row.comm],
  pid: (row) => [row.pid === undefined ? null : String(row.pid)],
};

function compileOne({ field, operator, value }: Condition): (text: string) => boolean {
  if (field === "pid") return (text) => text === value;
  return compileTexts({
    kind: "text",
    field: field === "process" ? "comm" : field,
    operator,
    values: [value],
  });
}
