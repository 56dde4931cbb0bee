/** Formats numbers and their changes in the unit of their metric. */
import { formatBytes, formatCount, formatDuration } from "../../../text/numbers.js";

const FORMATS = { count: formatCount, duration: formatDuration, bytes: formatBytes };

/**
 * A value in the unit of its kind.
 * @param {"count" | "duration" | "bytes"} kind
 * @param {number} value
 */
export function formatValue(kind, value) {
  return value < 0 ? `−${FORMATS[kind](-value)}` : FORMATS[kind](value);
}

/**
 * A value to the last digit: `1,234,567 ns`.
 * @param {{kind: string, unit: string}} metric
 * @param {number} value
 */
export function formatExact({ unit }, value) {
  return `${formatCount(value)} ${
    value === 1 && unit.endsWith("s") && unit !== "ns" ? unit.slice(0, -1) : unit
  }`;
}

/**
 * How a value changed: `+34.0%`, `−12.5%`, `new`, `gone`, `same`.
 * @param {number} before
 * @param {number} after
 */
export function formatChange(before, after) {
  if (before === after) return "same";
  if (before === 0) return "new";
  if (after === 0) return "gone";
  const percent = (after - before) / before * 100;
  const size = Math.abs(percent) < 0.05 ? "<0.1" : Math.abs(percent).toFixed(1);
  return `${percent < 0 ? "−" : "+"}${size}%`;
}
