/** Runs the SQL of the README, every block that is fenced as "sql duckdb", over segments of a real run. */
import assert from "node:assert/strict";
import { askDuckDb, type SqlRow } from "../engine/recording/duckdb/ask.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { type Report, reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const README = new URL("../../README.md", import.meta.url);

/** What the blocks call the directory of the recording. */
const NAMED = "'rec/";

/** Reads of more than one file, by more than one process, and calls without bytes. */
const COMMAND = [
  "sh",
  "-c",
  "ls -lR /usr/include/linux | sort >sorted; cat /etc/passwd /etc/group >both; rm both",
];

interface TableRow {
  path?: string;
  calls: number;
  total_ns: number;
  read_bytes: number;
  write_bytes: number;
}

/** The blocks, with the directory that they are about. */
function blocks(directory: string): string[] {
  const found = Deno.readTextFileSync(README).matchAll(/^```sql duckdb\n(.*?)^```$/gms);
  return Array.from(found, ([, sql]) => {
    assert.ok(sql.includes(NAMED), `It asks for no ${NAMED}: ${sql}`);
    return sql.replaceAll(NAMED, `'${directory}/rec/`);
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Bytes moved: those of calls that read and write at once are in both columns of the report. */
const bytesOf = ({ syscalls }: Report) =>
  sum(syscalls.map(({ read_bytes, write_bytes }: TableRow) => Math.max(read_bytes, write_bytes)));

Deno.test("Every SQL block of the README says of a real recording what its report says", async () => {
  const directory = scratchDirectory("sql");
  const args = ["record", "rec/", "--segment-rows", "1000", "--", ...COMMAND];
  const { code, stderr } = await runIor(args, { cwd: directory });
  assert.equal(code, 0, stderr);
  assert.ok(segmentsIn(`${directory}/rec`).length > 1, "it is not more than one segment");
  const statements = blocks(directory);
  const answers = await askDuckDb([
    ...statements,
    `SELECT count(*)::int AS calls, sum(latency_ns)::text AS total_ns, sum(bytes)::text AS bytes,
       (count(*) FILTER (failed))::int AS errors FROM read_parquet('${directory}/rec/**/*.parquet')`,
  ]);
  const [[sums]] = answers.splice(statements.length);
  for (const [i, rows] of answers.entries()) assert.ok(rows.length > 0, `No row: ${statements[i]}`);

  const report = await reportOf(`${directory}/rec`);
  const { calls, errors, total_ns } = report;
  assert.deepEqual(sums, { calls, total_ns: String(total_ns), bytes: String(bytesOf(report)), errors });

  // By what they ask for: which files take the time of reads, and how much is moved each second.
  const answerWith = (column: string) => answers.find(([row]: SqlRow[]) => column in row)!;
  const reads: TableRow[] = await filesOfReads(`${directory}/rec`);
  const wanted = new Map(reads.map((row) => [row.path, [row.calls, row.total_ns / 1e6]]));
  const byFile = answerWith("ms");
  assert.ok(byFile.length > 1);
  for (const { host, path, calls, ms } of byFile) {
    assert.equal(host, Deno.hostname());
    assert.deepEqual([Number(calls), Number(ms)], wanted.get(path as string), String(path));
  }
  assert.equal(sum(answerWith("second").map(({ bytes }) => Number(bytes))), bytesOf(report));
});

/** What the calls named read were on, pipes too. */
async function filesOfReads(directory: string): Promise<TableRow[]> {
  const { code, stdout, stderr } = await runIor([
    "report",
    "--json",
    "--by",
    "file",
    directory,
    "-e",
    "read",
  ]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).groups[0].rows;
}
