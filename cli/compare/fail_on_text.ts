/** Results of conditions on a change, as text. */
import { escapeText } from "../text/escape.ts";
import { MEASURES } from "../assert/mod.ts";
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { changeText, valueText } from "./change_text.ts";
import type { Verdict } from "./comparison.ts";
import type { FailOnResult } from "./comparison.ts";

/** How certain the change is. */
const SURE: Record<Verdict, string> = {
  beyond_noise: ", beyond the noise",
  within_noise: ", within the noise",
  too_few_calls: ", too few calls to tell from noise",
  unknown: "",
};

/**
 * A line for each condition that holds or whose result is unknown, for standard error. Empty when no condition failed.
 * Text that comes from outside is escaped.
 */
export function failedFailOnLines(results: readonly FailOnResult[], ascii: boolean): string[] {
  return results.filter(({ holds, doubt }) => holds || doubt !== null).map((result) => {
    const { text, doubt, verdict } = result;
    const condition = escapeText(text, { ascii });
    if (doubt !== null) return `Cannot tell whether the comparison fails: ${condition}: ${doubt}`;
    return `The comparison fails: ${condition}: ${numbersText(result, ascii)}${SURE[verdict]}`;
  });
}

function numbersText({ measure, before, after }: FailOnResult, ascii: boolean): string {
  const { unit } = MEASURES[measure];
  const value = (value: ExactInteger | null) => valueText(unit, value, ascii);
  const change = changeText(unit, { before, after }, ascii);
  return `${value(before)} before, ${value(after)} after (${change})`;
}
