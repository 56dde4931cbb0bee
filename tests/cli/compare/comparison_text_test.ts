import assert from "node:assert/strict";
import { compareReports, renderComparison } from "../../../cli/compare/mod.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { assertGolden } from "../../golden.ts";
import { emptyReport, exampleReport } from "../report/fixture.ts";
import { afterRun, beforeRun, reportOfRun } from "./runs.ts";

const PLAIN = { width: 80, color: false, ascii: false, top: 10 };

// deno-lint-ignore no-control-regex
const COLOR = /\x1b\[\d*m/g;

for (const width of [80, 120, 200]) {
  Deno.test(`The comparison as text, ${width} columns`, () => {
    assertGolden(
      `compare/diff_${width}.txt`,
      renderComparison(compareReports(beforeRun(), afterRun()), { ...PLAIN, width }),
    );
  });
}

Deno.test("The comparison as text: in ASCII, cut, with warnings and in colour", () => {
  const loss = { state: "some" as const, calls: 7, by: null };
  const comparison = compareReports(beforeRun(), afterRun({ loss, host: "build-8\x1b[31m" }));
  const text = renderComparison(comparison, { ...PLAIN, ascii: true, top: 2 });
  assertGolden("compare/diff_cut_ascii.txt", text);
  assert.match(text, /^[ -~\n]*$/);
  const colored = renderComparison(comparison, { ...PLAIN, ascii: true, top: 2, color: true });
  assertGolden("compare/diff_cut_color.txt", colored);
  assert.equal(colored.replace(COLOR, ""), text);
});

Deno.test("The comparison as text: of a report with itself, with an empty one, and of two empty ones", () => {
  const same = compareReports(exampleReport(), exampleReport());
  const gone = compareReports(exampleReport(), emptyReport());
  const empty = compareReports(emptyReport(), emptyReport());
  const look = { ...PLAIN, width: 100, top: 3 };
  const text = [same, gone, empty].map((comparison) => renderComparison(comparison, look));
  assertGolden("compare/diff_states.txt", text.join("\n"));
  assert.match(text[0], /No change exceeds the noise/);
});

Deno.test("The time of several recordings is what was traced of it", () => {
  const run = exampleReport({ wall_ns: 30e9, command_wall_ns: null });
  const text = renderComparison(compareReports(run, { ...run, traced_ns: 20e9 }), PLAIN);
  assert.match(text, /^wall +30\.0s → 20\.0s /m);
});

Deno.test("No line is wider than the terminal, from 80 columns on", () => {
  const comparison = compareReports(exampleReport(), afterRun());
  for (let width = 80; width <= 240; width += 5) {
    for (const ascii of [false, true]) {
      const text = renderComparison(comparison, { ...PLAIN, width, ascii, top: null });
      for (const line of text.split("\n")) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

Deno.test("Text from outside cannot act on the terminal", () => {
  const nasty = "\x1b]0;x\x07\n\u202e";
  const run = beforeRun({ host: nasty, kernel: nasty, command: [nasty] });
  const named = {
    ...run,
    files: run.files.map((row, i) => ({ ...row, path: `/${nasty}${i}` })),
    processes: run.processes.map((row, i) => ({ ...row, comm: nasty + i })),
    syscalls: run.syscalls.map((row, i) => ({ ...row, syscall: nasty + i })),
  };
  for (const ascii of [false, true]) {
    const text = renderComparison(compareReports(named, afterRun()), { ...PLAIN, ascii });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\x00-\x1f\u202e]/);
  }
});

Deno.test("A directory that only repeats the one below it has no line", () => {
  const text = renderComparison(compareReports(beforeRun(), afterRun()), PLAIN);
  const [, tree] = /Directories by change in time\n(.*?)\n\n/s.exec(text)!;
  const shown = tree.split("\n").slice(1).map((line) => line.split(/ {2,}/).at(-1));
  assert.deepEqual(shown.toSorted(), ["/", "/etc", "/tmp/db", "/var", "/var/lib/db", "/var/log/db"]);
});

Deno.test("The last line counts the changes of hidden rows, of which the lines above tell", () => {
  const kinds = (queries: number) => [
    { syscall: "fsync", calls: 9, ns: 5_000_000 },
    { syscall: "read", calls: 9000, ns: 1 },
    { syscall: "newfstatat", calls: queries, ns: 1 },
  ];
  const [before, after] = [1, 2].map((run) => reportOfRun({ seed: run, kinds: kinds(40 * run ** 2) }));
  const text = renderComparison(compareReports(before, after), { ...PLAIN, top: 1 });
  assert.match(text, /2 more rows, 1 of them beyond the noise/);
  assert.match(text, /^\* marks changes beyond the noise/m);
});
