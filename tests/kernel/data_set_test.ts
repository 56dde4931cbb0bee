/**
 * A directory of segments as one table in engines that are not ours: runs what the documents show for DuckDB and Polars,
 * blocks fenced as "sql duckdb" and "js polars", over the segments of a real run, and joins them with Arrow.
 */
import assert from "node:assert/strict";
import { askDuckDb, type SqlRow } from "../engine/recording/duckdb/ask.ts";
import { askPolars, joinByArrow } from "../engine/recording/readers/ask.ts";
import { blocksOf, readDocuments } from "../documents.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { type Report, reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** What the blocks call the directory of the recording. */
const NAMED = /(['"])rec\//g;

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

/** The blocks with this mark, with the directory that they are about. */
function blocks(mark: string, directory: string): string[] {
  return readDocuments().flatMap((document) => blocksOf(document, mark)).map((text) => {
    assert.match(text, NAMED, `It asks for no directory rec: ${text}`);
    return text.replaceAll(NAMED, `$1${directory}/rec/`);
  });
}

/** Records a run into segments of `rec/` in a directory of its own, which is returned. */
async function recordSegments(): Promise<string> {
  const directory = scratchDirectory("sql");
  const args = ["record", "rec/", "--segment-rows", "1000", "--", ...COMMAND];
  const { code, stderr } = await runIor(args, { cwd: directory });
  assert.equal(code, 0, stderr);
  assert.ok(segmentsIn(`${directory}/rec`).length > 1, "it is not more than one segment");
  return directory;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Bytes moved: those of calls that read and write at once are in both columns of the report. */
const bytesOf = ({ syscalls }: Report) =>
  sum(syscalls.map(({ read_bytes, write_bytes }: TableRow) => Math.max(read_bytes, write_bytes)));

Deno.test("Every SQL block of the documents says of a real recording what its report says", async () => {
  const directory = await recordSegments();
  const statements = blocks("sql duckdb", directory);
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

Deno.test("Polars and Arrow read the segments as one table, whose sums are those of the report", async () => {
  const directory = await recordSegments();
  const report = await reportOf(`${directory}/rec`);
  const [code, ...more] = blocks("js polars", directory);
  assert.deepEqual(more, []);
  const found = (await askPolars(code)).map(({ host, errno, syscall, calls }) => ({
    host: Deno.hostname() === host,
    errno,
    syscall,
    calls,
  }));
  const byCall = (rows: { errno?: unknown; syscall?: unknown }[]) =>
    rows.toSorted((a, b) => `${a.errno} ${a.syscall}` < `${b.errno} ${b.syscall}` ? -1 : 1);
  const wanted = report.errors_by.map((
    { errno, syscall, calls }: Record<string, unknown>,
  ) => ({ host: true, errno, syscall, calls }));
  assert.deepEqual(byCall(found), byCall(wanted));

  const paths = segmentsIn(`${directory}/rec`);
  const { columns, calls, total_ns } = await joinByArrow(paths);
  assert.deepEqual([calls, total_ns], [report.calls, String(report.total_ns)]);
  // Every segment has the columns of the first.
  assert.deepEqual(columns, paths.map(() => columns[0]));
});
