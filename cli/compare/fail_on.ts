/** Conditions on a change, `--fail-on 'p99(read) > 1.2x'`: from their text to plain data. */
import {
  exampleQuantity,
  found,
  type NumberOperator,
  quantityOf,
  WordReader,
} from "../../runtime/expression/mod.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import {
  checkAnswerable,
  MEASURES,
  readComparison,
  readSubject,
  type Subject,
  tableNeeded,
} from "../assert/mod.ts";
import type { MeasureUnit } from "../assert/types.ts";

/**
 * Bound of a change: a multiple of the first value, as a fraction of integers so that nothing is rounded, or an amount in
 * calls, bytes or nanoseconds by which the second value is larger.
 */
export type ChangeBound =
  | { kind: "factor"; numerator: bigint; denominator: bigint }
  | { kind: "amount"; amount: number };

/** A condition; the comparison fails when it holds. */
export interface FailOn {
  /** As the user wrote it. */
  text: string;
  /** The number of a report that it is about. */
  subject: Subject;
  comparison: NumberOperator;
  bound: ChangeBound;
}

/** As they are in `--assert`, and as reports name them. */
const MEASURE_NAMES = Object.entries(MEASURES).flatMap(([name, { unit }]) =>
  unit === "ns" ? [name, `${name}_ns`] : [name]
);

/**
 * Reads `MEASURE(ARGUMENT, …) COMPARISON CHANGE`. All but the change is as in `--assert`; measures may also have
 * their names in reports (`total_ns`). The change is a multiple of the first value (`1.2x`), a percentage of it (`+10%`),
 * or the amount by which the second value is larger (`5ms`, `64k`, `100`, negative when smaller).
 *
 * Throws an {@linkcode IorError} of code `usage` that names the column of the mistake.
 *
 * ```ts
 * import { parseFailOn } from "./fail_on.ts";
 * parseFailOn("calls(openat) > +10%").bound; // { kind: "factor", numerator: 110n, denominator: 100n }
 * ```
 */
export function parseFailOn(text: string): FailOn {
  const reader = new WordReader({ option: "--fail-on", text, example: "'p99(read) > 1.2x'" });
  const subject = readSubject(reader, MEASURE_NAMES);
  checkAnswerable(reader.source, subject);
  const comparison = readComparison(reader);
  const { unit } = MEASURES[subject.measure];
  const word = reader.take();
  const hint = `It must be a multiple such as 1.2x, a percentage such as +10%, or ${exampleQuantity(unit)}`;
  const bound = (word.kind === "name" ? changeOf(word.value, unit) : null) ??
    reader.fail(word, `${found(word)} is not a change`, hint);
  reader.expectEnd("the condition");
  return { text, subject, comparison, bound };
}

/** The tables of `--by` that both reports must have, each once. */
export function tablesNeeded(conditions: readonly FailOn[]): GroupKey[][] {
  const tables = conditions.map(({ subject }) => tableNeeded(subject)).filter((table) => table !== null);
  return [...new Map(tables.map((table) => [table.join(), table])).values()];
}

function changeOf(text: string, unit: MeasureUnit): ChangeBound | null {
  const factor = /^(\d+)(?:\.(\d+))?x$/.exec(text);
  if (factor) return { kind: "factor", ...decimal(factor[1], factor[2]) };
  const percent = /^([+-]?)(\d+)(?:\.(\d+))?%$/.exec(text);
  if (percent) {
    const { numerator, denominator } = decimal(percent[2], percent[3]);
    const hundred = 100n * denominator;
    return {
      kind: "factor",
      numerator: percent[1] === "-" ? hundred - numerator : hundred + numerator,
      denominator: hundred,
    };
  }
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
  const amount = rest === "0" ? 0 : quantityOf(rest, unit);
  return amount === null ? null : { kind: "amount", amount: sign === "-" && amount !== 0 ? -amount : amount };
}

function decimal(whole: string, fraction = ""): { numerator: bigint; denominator: bigint } {
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}
