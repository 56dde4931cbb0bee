/** Asks DuckDB, in a process of its own with packages of its own: they are large, and only these tests need them. */
import { fileURLToPath } from "node:url";

const PACKAGE = "npm:@duckdb/node-api@1.5.5-r.5";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A row: values as JSON, numbers of 64 bits and times as text. */
export type SqlRow = Record<string, string | number | boolean | null>;

/** Runs each statement; gives the rows of each. The first use on a machine fetches the package. */
export async function askDuckDb(statements: readonly string[]): Promise<SqlRow[][]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      "--no-check",
      "--node-modules-dir=none",
      `--config=${here("duckdb.json")}`,
      "--frozen",
      here("query.ts"),
      PACKAGE,
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(statements)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`DuckDB failed:\n${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
