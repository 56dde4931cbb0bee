/** docs/kernels.md: a row for each kernel, of its last run. */

/** What came of one kernel. */
export interface KernelRow {
  /** What `uname -r` says. */
  kernel: string;
  arch: string;
  libbpf: string;
  /** `ior doctor`: that it can trace, or the checks that are missing. */
  doctor: string;
  /** Which of the tests ran: `all`, or those with this text in their names. */
  tests: string;
  passed: number;
  failed: number;
  skipped: number;
  /** `YYYY-MM-DD`. */
  date: string;
}

const INTRODUCTION = `# Kernels

\`deno task kernels\` boots Debian's kernels under qemu, without hardware virtualization, with this checkout and the
libbpf of the same release, and runs \`ior doctor\`, \`ior trace -- ls\` and the tests of \`tests/kernel\` that need no
compiler there. It writes this table; a row is the last run of that kernel, and \`tests\` says whether all of them ran or those
with a text in their names. Skipped are scenarios of which the kernel, or the architecture, lacks what they are
about: arm64 has no \`poll\`, \`select\` or 32-bit programs of x86, and the files of a guest are in tmpfs, which keeps
attributes of users from 6.6 on. Where arm64 has another call for the same, such as \`newfstatat\`
for \`stat\`, a scenario makes that one.

Linux 5.15 has all that a trace needs, and was not tried. Requests to io_uring have rows from 6.0 on, \`--cache\`
takes 6.1, and before 6.2 a call on a file costs about 90 ns more. \`ior doctor\` says what a kernel lacks.
`;

const COLUMNS: [title: string, key: keyof KernelRow][] = [
  ["kernel", "kernel"],
  ["architecture", "arch"],
  ["libbpf", "libbpf"],
  ["doctor", "doctor"],
  ["tests", "tests"],
  ["passed", "passed"],
  ["failed", "failed"],
  ["skipped", "skipped"],
  ["date", "date"],
];

/** The page with `row` in place of an older one of the same architecture and release, or added; to be formatted. */
export function mergeTable(page: string, row: KernelRow): string {
  const cells = COLUMNS.map(([, key]) => String(row[key]));
  const rows = page.split("\n").filter((line) => /^\| +\d/.test(line)).map(cellsOf)
    .filter((other) => series(other[0]) !== series(cells[0]) || other[1] !== cells[1]);
  const all = [...rows, cells].sort((a, b) =>
    a[1].localeCompare(b[1]) || a[0].localeCompare(b[0], "en", { numeric: true })
  );
  const titles = COLUMNS.map(([title]) => title);
  return [INTRODUCTION, ...[titles, titles.map(() => "-"), ...all].map(lineOf)].join("\n") + "\n";
}

/** The first two numbers of a kernel's version: updates of a release stay in one series. */
function series(kernel: string): string {
  return kernel.split(".").slice(0, 2).join(".");
}

function lineOf(cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf(line: string): string[] {
  return line.slice(1, -1).split("|").map((cell) => cell.trim());
}
