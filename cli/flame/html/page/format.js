/** Numbers as ior writes them everywhere: three digits and a unit. */

const SHORT_UNITS = /** @type {const} */ ([["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]]);
const LONG_UNITS = /** @type {const} */ ([["m", 60, "s", 1], ["h", 3600, "m", 60], ["d", 86_400, "h", 3600]]);
const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const THOUSANDS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * `1,234,567`
 * @param {number} value
 */
export function formatCount(value) {
  return THOUSANDS.format(value);
}

/**
 * `1.23ms`, `2m05s`
 * @param {number} ns
 */
export function formatDuration(ns) {
  let index = 0;
  while (index < SHORT_UNITS.length - 1 && ns / SHORT_UNITS[index][1] >= 999.5) index++;
  const [unit, size] = SHORT_UNITS[index];
  if (ns < 59.95e9) return threeDigits(ns / size, size === 1) + unit;
  const seconds = Math.round(ns / 1e9);
  const [large, largeSeconds, small, smallSeconds] =
    LONG_UNITS.findLast(([, seconds_]) => seconds >= seconds_) ?? LONG_UNITS[0];
  const steps = Math.floor(seconds / smallSeconds);
  const perLarge = largeSeconds / smallSeconds;
  return `${Math.floor(steps / perLarge)}${large}${String(steps % perLarge).padStart(2, "0")}${small}`;
}

/**
 * `23.4MiB`
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  let value = bytes;
  let index = 0;
  while (index < SIZE_UNITS.length - 1 && value >= 999.5) {
    if (index === 0 && value < 1024) break;
    value /= 1024;
    index++;
  }
  return threeDigits(value, index === 0) + SIZE_UNITS[index];
}

/**
 * `48.1%`, `<0.1%` for what is there and rounds to nothing, `-` of nothing.
 * @param {number} part
 * @param {number} whole
 */
export function formatShare(part, whole) {
  const percent = part / whole * 100;
  if (!Number.isFinite(percent)) return "-";
  if (percent > 0 && percent < 0.05) return "<0.1%";
  if (percent < 100 && percent >= 99.95) return ">99.9%";
  return percent === 100 ? "100%" : `${percent.toFixed(1)}%`;
}

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

/**
 * @param {number} value
 * @param {boolean} whole
 */
function threeDigits(value, whole) {
  if (whole) return String(Math.round(value));
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
