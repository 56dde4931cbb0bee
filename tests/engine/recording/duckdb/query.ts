/**
 * Answers SQL with DuckDB: a Parquet reader that is not ours. Started by ask.ts with the package's name, which
 * the product's own packages shall not be mixed with. Reads statements as a JSON array from standard input, prints the
 * rows of each as JSON; integers and times come as text, exactly.
 */

/** What is used of the package. */
interface DuckDb {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
}

interface Connection {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): unknown[] }>;
}

const statements: string[] = JSON.parse(await new Response(Deno.stdin.readable).text());
const { DuckDBInstance }: DuckDb = await import(Deno.args[0]);
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const answers: unknown[] = [];
for (const sql of statements) answers.push((await connection.runAndReadAll(sql)).getRowObjectsJson());
console.log(JSON.stringify(answers));
Deno.exit(0); // the database keeps threads
