/** Asks DuckDB. */
import { runApart } from "../apart.ts";

const PACKAGE = "npm:@duckdb/node-api@1.5.5-r.5";

/** A row: values as JSON, numbers of 64 bits and times as text. */
export type SqlRow = Record<string, string | number | boolean | null>;

/** Runs each statement; gives the rows of each. */
export function askDuckDb(statements: readonly string[]): Promise<SqlRow[][]> {
  return runApart(new URL(".", import.meta.url), {
    script: "query.ts",
    config: "duckdb.json",
    args: [PACKAGE],
    input: JSON.stringify(statements),
  });
}
