/** Results of assertions, as text. */
import { escapeText } from "../text/escape.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import { type AssertionResult, MEASURES } from "./types.ts";

/**
 * A line for each assertion that does not hold, for standard error: `ASSERTION does not hold: found VALUE`. Empty when all
 * hold. Text that comes from outside is escaped.
 */
export function failedAssertionLines(results: readonly AssertionResult[], ascii: boolean): string[] {
  return results.filter(({ holds }) => !holds).map((result) => {
    const doubt = result.doubt === null ? "" : `; ${result.doubt}`;
    return `Assertion does not hold: ${escapeText(result.text, { ascii })}: found ${
      foundText(result, ascii)
    }${doubt}`;
  });
}

function foundText({ measure, found, doubt }: AssertionResult, ascii: boolean): string {
  if (found === null) return doubt === null ? "no call that returned" : "no exact value";
  switch (MEASURES[measure].unit) {
    case "count":
      return formatCount(found);
    case "bytes":
      return `${formatBytes(found)} (${formatCount(found)} bytes)`;
    case "ns":
      return formatDuration(found, { ascii });
  }
}
