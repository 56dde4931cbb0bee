/** Values and changes as text. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import type { MeasureUnit } from "../assert/types.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";

/** From here on a change is shown as a multiple: nobody reads 4,700 %. */
const MULTIPLE_FROM = 10;

/** Both values of a measure. */
export interface BothValues {
  before: ExactInteger | null;
  after: ExactInteger | null;
}

/** A value with its unit, `-` for none. */
export function valueText(unit: MeasureUnit, value: ExactInteger | null, ascii: boolean): string {
  if (value === null) return "-";
  switch (unit) {
    case "count":
      return formatCount(value);
    case "bytes":
      return formatBytes(value);
    case "ns":
      return formatDuration(value, { ascii });
  }
}

/**
 * The change from one value to the other: `+5.0%`, `-40%`, `12.3x`, an amount when the first is 0, `=` for no change, and `-`
 * when a value is missing.
 */
export function changeText(unit: MeasureUnit, { before, after }: BothValues, ascii: boolean): string {
  if (before === null || after === null) return "-";
  if (before == after) return "=";
  if (before == 0) return `+${valueText(unit, after, ascii)}`;
  const ratio = Number(after) / Number(before);
  if (ratio >= MULTIPLE_FROM) return `${ratio < 100 ? ratio.toFixed(1) : formatCount(ratio)}x`;
  const percent = (ratio - 1) * 100;
  // A change to a value above 0 is never shown as -100%.
  if (percent <= -99.5 && after != 0) return `-${(Math.floor(-percent * 10) / 10).toFixed(1)}%`;
  const digits = Math.abs(percent) < 9.95 ? 1 : 0;
  return `${percent < 0 ? "-" : "+"}${Math.abs(percent).toFixed(digits)}%`;
}
