/** An explanation in words. */
import { formatExpression, parseExpression } from "../../runtime/expression/mod.ts";
import { clausesOf } from "../../runtime/filter/mod.ts";
import { syscallByName, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { FAMILIES, type Family } from "../../runtime/syscalls/types.ts";
import { formatExactDuration, listOf } from "../../runtime/units.ts";
import { selectionOptions } from "../report/selection_text.ts";
import { escapeMessage } from "../text/escape.ts";
import type { RowsNeed } from "../options/mod.ts";
import type { CostRange } from "./costs.ts";
import type { Explanation } from "./explanation.ts";

/** Most calls of a family that are named; of more, their number is said. */
const NAMED_CALLS = 12;

/** What becomes of the calls that are left. */
const BY_RATES: Record<Explanation["taken_as"], string> = {
  rows: "Every call that is left has a row.",
  sums: "No call has a row: --no-rows, or a rate of 0, lets the kernel add them up.",
  both: "Some calls have rows, and the kernel adds the others up: the rates say which.",
};

/** Why every call that is left has a row. */
const ROWS_BECAUSE: Record<Exclude<RowsNeed, "rates">, string> = {
  option: "--rows asks for it",
  command: "the command writes them",
  recording: "a recording is made of them",
  trigger: "the trigger looks at each",
  view: "the view shows them",
  stacks: "a sum of calls has no stack",
  condition: "user space decides a part of the condition for each",
};

const ADDED_UP = [
  "Nothing needs single calls. The kernel adds up what a thread does again and again, but for the slowest",
  "calls, and everything while calls come faster than they are read; the other calls have rows.",
];

function takenLines({ taken_as, taken_why }: Explanation): string[] {
  if (taken_why === null) return ADDED_UP;
  if (taken_why === "rates") return [BY_RATES[taken_as]];
  return [`Every call that is left has a row: ${ROWS_BECAUSE[taken_why]}.`];
}

/** Writes an explanation in words: one step after the other, what each decides and what a call pays that it rejects. */
export function explanationText(explanation: Explanation, ascii: boolean): string {
  const { selection, enter, thread, exit, file, row, recorded_ns } = explanation;
  const options = selectionOptions(selection);
  const byThread = clauses(thread.where);
  const byFile = clauses(file.where);
  const steps: [title: string, cost: CostRange, lines: string[]][] = [
    ["In the kernel, when the call enters, before any work", enter.rejected_ns, enterLines(enter)],
    [
      "In the kernel, by the thread, judged once by user space",
      thread.rejected_ns,
      byThread,
    ],
    [
      "In the kernel, by the file, judged once by user space",
      file.rejected_ns,
      byFile,
    ],
    ["In the kernel, when the call returns", exit.rejected_ns, [
      ...(exit.failed ? ["failed"] : []),
      ...(exit.slower_ns > 0 ? [`latency >= ${formatExactDuration(exit.slower_ns)}`] : []),
    ]],
    [
      "In user space, for each row that is left",
      row.rejected_ns,
      clauses(row.where).map((clause) =>
        byThread.includes(clause)
          ? `${clause} (until the thread has its verdict)`
          : byFile.includes(clause)
          ? `${clause} (until the file has its verdict, and for calls that give a path)`
          : clause
      ),
    ],
  ];
  const taken = steps.filter(([, , lines]) => lines.length > 0);
  return [
    options.length === 0 ? "Default selection" : `Selection: ${options.join(" ")}`,
    "",
    "Steps in their order, with the time added to a call that is rejected there:",
    ...taken.flatMap(([title, cost, lines], i) => [
      `${i + 1}. ${title}: about ${range(cost)}`,
      ...lines.map((line) => `   ${line}`),
    ]),
    ...(row.where === null ? ["Nothing is left for user space to decide."] : []),
    "",
    ...takenLines(explanation),
    "",
    `A call with a row pays about ${
      range(recorded_ns)
    }. These are estimates, measured on one machine in loops`,
    "that do nothing else; `deno task bench` measures them.",
    "",
  ].map((line) => escapeMessage(line, { ascii })).join("\n");
}

function range([low, high]: CostRange): string {
  return `${low} to ${high} ns`;
}

/** The clauses of a condition, each as text. */
function clauses(where: string | null): string[] {
  if (where === null) return [];
  const condition = parseExpression({ option: "--where", text: where, example: "failed" });
  return clausesOf(condition).map(formatExpression);
}

function enterLines(enter: Explanation["enter"]): string[] {
  const unknown = enter.unknown_syscalls ? ["numbers that ior does not know"] : [];
  const calls = [
    ...FAMILIES.map((family) => callsOf(family, enter.syscalls)).filter((text) => text !== null),
    ...unknown,
  ];
  return [
    `calls: ${calls.join("; ")}`,
    `processes: ${whose(enter)}`,
    ...(enter.cgroups.length > 0
      ? [`control groups, including those below: ${enter.cgroups.join(", ")}`]
      : []),
    ...(enter.uids.length > 0 ? [`uid = ${enter.uids.join(",")}`] : []),
    ...(enter.gids.length > 0 ? [`gid = ${enter.gids.join(",")}`] : []),
  ];
}

/** The selected calls of a family; `null` for none. */
function callsOf(family: Family, selected: readonly string[]): string | null {
  const all = SYSCALLS.filter((call) => call.family === family).length;
  const names = selected.filter((name) => syscallByName(name)?.family === family);
  if (names.length === 0) return null;
  if (names.length === all) return `all ${all} of ${family}`;
  return names.length > NAMED_CALLS
    ? `${names.length} of the ${all} of ${family}`
    : `${names.join(", ")} of ${family}`;
}

function whose({ command, pids, tids, follow }: Explanation["enter"]): string {
  const roots = [
    ...(command === null ? [] : ["the command"]),
    ...(pids.length === 0
      ? []
      : [`${pids.length === 1 ? "process" : "processes"} ${listOf(pids.map(String), "and")}`]),
  ];
  const threads = tids.length === 0
    ? []
    : [`${tids.length === 1 ? "thread" : "threads"} ${listOf(tids.map(String), "and")}`];
  const trees = roots.length === 0
    ? []
    : [`${listOf(roots, "and")}, ${follow ? "with" : "without"} children`];
  return [...trees, ...threads].join("; ") || "all but ior itself";
}
