/** Conditions on a change, `--fail-on 'p99(read) > 1.2x'`: from their text to plain data. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { IorError } from "../../runtime/errors.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { parseDuration, parseSize } from "../../runtime/units.ts";
import {
  type Assertion,
  type Comparison as Sign,
  type Measure,
  MEASURES,
  parseAssertion,
  tableNeeded,
} from "../assert/mod.ts";
import { COMPARISONS } from "../assert/types.ts";
import { splitWords, type Word } from "../assert/words.ts";
import type { Verdict } from "./comparison.ts";

/**
 * What a change is compared with: a multiple of the first value, as a fraction of whole numbers so that nothing is rounded,
 * or an amount in calls, bytes or nanoseconds by which the second value is larger.
 */
export type ChangeBound =
  | { kind: "factor"; numerator: bigint; denominator: bigint }
  | { kind: "amount"; amount: number };

/** One condition: when it holds, the comparison has failed. */
export interface FailOn {
  /** As the user wrote it. */
  text: string;
  /** Which number of a report it is about. */
  subject: Assertion;
  comparison: Sign;
  bound: ChangeBound;
}

/** What came of a condition. */
export interface FailOnResult {
  /** As the user wrote it. */
  text: string;
  measure: Measure;
  /** The number in each report: calls, bytes or nanoseconds; `null` when there is none, or when it cannot be told. */
  before: ExactInteger | null;
  after: ExactInteger | null;
  /** True when the change is what the condition says, and the comparison has failed. */
  holds: boolean;
  /** Whether the change exceeds the noise: told, and never waited for. */
  verdict: Verdict;
  /** Why it cannot be told whether the condition holds, one plain sentence without a full stop; `null` when it can. */
  doubt: string | null;
}

const EXAMPLE = "For instance --fail-on 'p99(read) > 1.2x'";

/**
 * Reads `MEASURE(ARGUMENT, …) COMPARISON CHANGE`. All but the change is as in `--assert`; the measures may be written as
 * reports name them (`total_ns`). The change is a multiple of the first value (`1.2x`), a percentage of it (`+10%`), or by
 * how much the second value is larger (`5ms`, `64k`, `100`, negative when smaller).
 *
 * Throws an {@linkcode IorError} of code `usage` that names the column of what is wrong.
 *
 * ```ts
 * import { parseFailOn } from "./fail_on.ts";
 * parseFailOn("calls(openat) > +10%").bound; // { kind: "factor", numerator: 110n, denominator: 100n }
 * ```
 */
export function parseFailOn(text: string): FailOn {
  const words = inOwnWords(text, text, () => splitWords(text));
  const at = words.findIndex((word, i) => isComparison(word) && depthAt(words, i) === 0);
  const end = at < 0 ? words[words.length - 1].column : words[at].column;
  const head = plainMeasure(text.slice(0, end - 1));
  if (head.trim() === "") {
    const word = words[Math.max(0, at)];
    throw refuse(text, word.column, `${found(word)} stands where a measure must be`, EXAMPLE);
  }
  const unit = MEASURES[head.trim().split(/\W/)[0] as Measure]?.unit ?? "count";
  // What is before the comparison is read as an assertion that any report can answer.
  const whole = `${head} = ${{ count: "0", bytes: "0", ns: "0ns" }[unit]}`;
  const subject = inOwnWords(text, whole, () => parseAssertion(whole));
  const sign = at < 0 ? undefined : COMPARISONS.find((sign) => sign === words[at].value);
  if (sign === undefined) {
    throw refuse(text, end, `the end stands where a comparison must be: ${COMPARISONS.join(" ")}`, EXAMPLE);
  }
  const word = words[at + 1];
  const bound = word.kind === "name" ? readBound(word.value, unit) : null;
  if (bound === null) throw refuse(text, word.column, `${found(word)} is no change`, wantedBound(unit));
  const more = words[at + 2];
  if (more.kind !== "end") {
    throw refuse(text, more.column, `${found(more)} stands where the condition should end`, EXAMPLE);
  }
  return { text, subject: { ...subject, text }, comparison: sign, bound };
}

/** The tables of `--by` that both reports must have, each once. */
export function tablesNeeded(conditions: readonly FailOn[]): GroupKey[][] {
  const tables = conditions.map(({ subject }) => tableNeeded(subject)).filter((table) => table !== null);
  return [...new Map(tables.map((table) => [table.join(), table])).values()];
}

function isComparison({ kind, value }: Word): boolean {
  return kind === "sign" && COMPARISONS.some((sign) => sign === value);
}

/** How many parentheses are open before a word. */
function depthAt(words: readonly Word[], index: number): number {
  return words.slice(0, index).reduce((depth, { kind, value }) => (
    kind !== "sign" ? depth : depth + (value === "(" ? 1 : value === ")" ? -1 : 0)
  ), 0);
}

/** `total_ns` is `total`; spaces keep the columns of errors. */
function plainMeasure(head: string): string {
  return head.replace(/^(\s*\w+)_ns\b/, "$1   ");
}

function readBound(text: string, unit: "count" | "bytes" | "ns"): ChangeBound | null {
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
  const amount = readAmount(rest, unit);
  return amount === null ? null : { kind: "amount", amount: sign === "-" && amount !== 0 ? -amount : amount };
}

function decimal(whole: string, fraction = ""): { numerator: bigint; denominator: bigint } {
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

function readAmount(text: string, unit: "count" | "bytes" | "ns"): number | null {
  try {
    if (text === "0") return 0;
    if (unit === "ns") return parseDuration(text);
    if (unit === "bytes") return parseSize(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
  } catch (error) {
    if (error instanceof IorError) return null;
    throw error;
  }
}

function wantedBound(unit: "count" | "bytes" | "ns"): string {
  const amount =
    { count: "a number of calls such as 100", bytes: "a size such as 64k", ns: "a time such as 5ms" }[unit];
  return `It must be a multiple such as 1.2x, a percentage such as +10%, or ${amount}`;
}

function found({ kind, value }: Word): string {
  return kind === "end" ? "the end" : `\`${value}\``;
}

/** The errors of the parts that are read as an assertion, in the words of this flag. */
function inOwnWords<Value>(text: string, assertion: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof IorError)) throw error;
    const message = error.message.replace(`--assert \`${assertion}\``, () => `--fail-on \`${text}\``);
    const hint = error.hint?.replace(/^For instance --assert .*/, EXAMPLE).replace(
      /, or assert (.*)$/,
      ", or name $1",
    );
    throw new IorError(error.code, message, { hint, cause: error });
  }
}

function refuse(text: string, column: number, reason: string, hint: string): IorError {
  return new IorError("usage", `Cannot use --fail-on \`${text}\`: at column ${column}, ${reason}`, { hint });
}
