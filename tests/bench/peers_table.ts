/** What was measured of several tracers, in Markdown. */
import type { Loop } from "./loops.ts";
import type { Measured, Outcome } from "./measure.ts";

const BEGIN = "<!-- deno task bench peers -->";
const END = "<!-- end -->";

/** A section with a table: a row for each tracer, a column for each loop; below it why rounds of tracers failed. */
export function peersTable(title: string, loops: readonly Loop[], { bare, tracers }: Measured): string {
  const rows = [
    ["tracer", ...loops, "lost"],
    ["-", ...loops.map(() => "-:"), "-:"],
    ["none", ...loops.map((loop) => `${ns(bare.get(loop)!)} ns`), ""],
    ...tracers.map(({ name, outcome }) => [`\`${name}\``, ...cells(loops, bare, outcome)]),
  ];
  const failures = tracers.flatMap(({ name, outcome }) =>
    outcome.kind === "missing"
      ? []
      : outcome.reasons.map((reason) => `A round of \`${name}\` failed: ${reason}`)
  );
  const table = rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return [`### ${title}`, table, ...failures].join("\n\n");
}

/**
 * The page with `text` between its marks, in place of what was there.
 *
 * @throws {Error} When the page has no such marks.
 */
export function withPeers(page: string, text: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`Cannot find ${BEGIN} and ${END} after it`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}

function cells(loops: readonly Loop[], bare: Measured["bare"], outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "missing":
      return [`not installed (Debian: ${outcome.debian})`, ...loops.map(() => "")];
    case "failed":
      return ["failed", ...loops.map(() => "")];
    case "measured":
      return [
        ...loops.map((loop) => {
          const [base, traced] = [bare.get(loop)!, outcome.ns.get(loop)!];
          const added = traced - base;
          return `${added < 0 ? "−" : "+"}${ns(Math.abs(added))} ns, ${(traced / base).toFixed(2)}x`;
        }),
        lostCell(outcome),
      ];
  }
}

/** What a tracer says it lost, and for one that does not say, what it must have lost. */
function lostCell({ made, seen, lost }: Outcome & { kind: "measured" }): string {
  if (lost !== null) return lost === 0 ? "0" : percent(lost / (seen + lost));
  return seen < made ? `at least ${percent(1 - seen / made)}` : "not reported";
}

function percent(share: number): string {
  return share < 0.001 ? "below 0.1 %" : `${(100 * share).toFixed(1)} %`;
}

function ns(value: number): string {
  return Math.round(value).toLocaleString("en");
}
