/** The report against the rows of the very same run: one ior streams what another one reports on. */
import assert from "node:assert/strict";
import { waitingOf } from "../../runtime/waiting.ts";
import { iorWords, runIor } from "../kernel_lib/ior.ts";
import { parseRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Calls that move bytes out of a file; the others of those that move any move them in, or both ways. */
const READS = /^(p?read(64|v|v2)?|readlink(at)?|getdents(64)?|getcwd|[lf]?getxattr|[lf]?listxattr)$/;

/** Sums of the rows by a name, as the report has them. */
function sums(rows: RowRecord[], name: (row: RowRecord) => string | null) {
  const table = new Map<string, { calls: number; errors: number; read_bytes: number; write_bytes: number }>();
  for (const row of rows) {
    const key = name(row);
    if (key === null) continue;
    const sum = table.get(key) ?? { calls: 0, errors: 0, read_bytes: 0, write_bytes: 0 };
    table.set(key, sum);
    sum.calls++;
    if (row.failed) sum.errors++;
    sum[READS.test(row.syscall) ? "read_bytes" : "write_bytes"] += row.bytes ?? 0;
  }
  return table;
}

type Sums = ReturnType<typeof sums>;

function assertTable(table: Record<string, unknown>[], name: string, wanted: Sums): void {
  const found: Sums = new Map(table.map((row) => {
    const { calls, errors, read_bytes, write_bytes } = row as Record<string, number>;
    return [String(row[name]), { calls, errors, read_bytes, write_bytes }];
  }));
  assert.deepEqual(new Map([...found].sort()), new Map([...wanted].sort()), name);
}

Deno.test("A report has the calls, errors and bytes of the rows of the same run, in every table", async () => {
  const directory = scratchDirectory("report-rows");
  const [rowsFile, reportFile] = [`${directory}/rows`, `${directory}/report`];
  const command = ["tar", "-cf", `${directory}/archive`, "/usr/include/linux"];
  const inner = iorWords(["trace", "--json", "-o", reportFile, "--", ...command]);
  const flags = ["--family", "FS,Process", "-o", rowsFile, "--format", "ndjson"];
  const { code, stderr } = await runIor(["stream", ...flags, "--", ...inner]);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(Deno.readTextFileSync(reportFile));
  assert.equal(report.loss.state, "none");
  assert.equal(report.processes.length, 1);
  const { pid } = report.processes[0];
  const { rows, end } = parseRows(Deno.readTextFileSync(rowsFile));
  assert.equal(end.loss.state, "none");
  // The inner ior shows its command from the exec on that made it tar.
  const own = rows.filter((row) => row.pid === pid);
  const exec = own.findLast((row) => row.syscall === "execve" && row.ret === 0);
  const seen = own.filter((row) => row.seq > exec!.seq && row.family === "FS");
  assert.ok(seen.length > 1000, `only ${seen.length} rows`);
  assert.equal(report.calls, seen.length);
  assertTable(report.syscalls, "syscall", sums(seen, (row) => row.syscall));
  const files = sums(seen, (row) => row.path !== null && waitingOf(row.path) === null ? row.path : null);
  assertTable(report.files, "path", files);
  const waiting = sums(seen, (row) => waitingOf(row.path ?? "")?.name ?? null);
  assertTable(report.waiting, "name", waiting);
  assertTable(report.families, "family", sums(seen, (row) => row.family));
  assertTable(report.processes, "pid", sums(seen, (row) => String(row.pid)));
  const errors = Object.fromEntries(
    report.errors_by.map((row: { errno: string; syscall: string; calls: number }) => [
      `${row.errno} ${row.syscall}`,
      row.calls,
    ]),
  );
  const failed = sums(seen.filter((row) => row.failed), (row) => `${row.errno} ${row.syscall}`);
  assert.deepEqual(errors, Object.fromEntries([...failed].map(([key, { calls }]) => [key, calls])));
});

Deno.test("An assertion on a path counts the rows that the same condition selects, with and without rows", async () => {
  const directory = scratchDirectory("assert-paths");
  const file = (name: string) => `${directory}/${name}`;
  const conditions = [...["a", "b", "c"].map((name) => `path = ${file(name)}`), "path ~ ^pipe:"];
  const assertions = conditions.flatMap((condition) => ["--assert", `calls(${condition}) = 0`]);
  const found = async (...args: string[]) => {
    for (const name of ["b", "c"]) Deno.removeSync(file(name));
    Deno.writeTextFileSync(file("a"), "");
    const script = 'mv "$0/a" "$0/b"; ln "$0/b" "$0/c"; echo x | cat';
    const { code, stdout, stderr } = await runIor([
      ...["trace", "--json", ...args, ...assertions, "--", "sh", "-c", script, directory],
    ]);
    assert.equal(code, 3, stderr);
    const report = JSON.parse(stdout);
    assert.equal(report.loss.state, "none");
    return report.assertions.map(({ found }: { found: number }) => found);
  };
  for (const name of ["b", "c"]) Deno.writeTextFileSync(file(name), "");
  const recording = file("rows.parquet");
  const counts = await found("--record", recording);
  const rows = await Promise.all(conditions.map(async (condition) => {
    const { stdout } = await runIor(["stream", "--json", "--from", recording, "--where", condition]);
    return parseRows(stdout).rows.length;
  }));
  assert.deepEqual(counts, rows);
  assert.ok(rows.every((calls) => calls > 0), `${rows}`);
  assert.deepEqual(await found(), counts);
});
