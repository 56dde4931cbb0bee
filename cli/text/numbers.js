/**
 * Numbers as an engineer reads them: three digits and a unit, no space, so that columns stay narrow. Plain JavaScript, because the
 * page of a flamegraph uses it too.
 */

const MINUTE_NS = 60e9;

/** Below a minute: each unit with its size in nanoseconds. */
const SHORT_UNITS = /** @type {const} */ ([["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]]);

/** From a minute on: the larger and the smaller unit shown, with their seconds. */
const LONG_UNITS = /** @type {const} */ ([["m", 60, "s", 1], ["h", 3600, "m", 60], ["d", 86_400, "h", 3600]]);
const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** Where a separator of thousands stands. `Intl` does the same, after it has loaded for longer than all other modules. */
const BETWEEN_THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/**
 * A count, exact, with thousands separators: `1,234,567`. Fractions are rounded.
 * @param {number | bigint} value
 */
export function formatCount(value) {
  const digits = String(typeof value === "bigint" ? value : Math.round(value));
  return digits.replace(BETWEEN_THOUSANDS, ",");
}

/**
 * A time in nanoseconds: `950ns`, `1.23µs`, `45.6ms`, `12.3s`, `2m05s`, `3h25m`, `104d06h`. Rounded to three digits below
 * a minute, to the smaller unit from there on.
 * @param {number | bigint} ns
 * @param {{ascii?: boolean}} [options] `ascii`: `us` instead of `µs`.
 * @returns {string}
 */
export function formatDuration(ns, options = {}) {
  const value = Number(ns);
  if (value < 0) return `-${formatDuration(-value, options)}`;
  let index = 0;
  while (index < SHORT_UNITS.length - 1 && value / SHORT_UNITS[index][1] >= 999.5) index++;
  const [unit, size] = SHORT_UNITS[index];
  if (value >= MINUTE_NS - 0.05e9) return longDuration(Math.round(value / 1e9));
  return threeDigits(value / size, size === 1) + (options.ascii ? unit.replace("µ", "u") : unit);
}

/** @param {number} seconds */
function longDuration(seconds) {
  const fits = LONG_UNITS.findLast(([, largest]) => seconds >= largest) ?? LONG_UNITS[0];
  const [large, largeSeconds, small, smallSeconds] = fits;
  const steps = Math.floor(seconds / smallSeconds);
  const perLarge = largeSeconds / smallSeconds;
  return `${Math.floor(steps / perLarge)}${large}${String(steps % perLarge).padStart(2, "0")}${small}`;
}

/**
 * A size in bytes: `0B`, `512B`, `1.50KiB`, `23.4MiB`.
 * @param {number | bigint} bytes
 */
export function formatBytes(bytes) {
  let value = Number(bytes);
  let index = 0;
  while (index < SIZE_UNITS.length - 1 && value >= 999.5) {
    if (index === 0 && value < 1024) break;
    value /= 1024;
    index++;
  }
  return threeDigits(value, index === 0) + SIZE_UNITS[index];
}

/**
 * A part of a whole in percent: `48.1%`, `100%`, `<0.1%` for a part above 0 that rounds to 0, `-` when the whole is 0.
 * @param {number | bigint} part
 * @param {number | bigint} whole
 */
export function formatShare(part, whole) {
  const percent = Number(part) / Number(whole) * 100;
  if (!Number.isFinite(percent)) return "-";
  if (percent > 0 && percent < 0.05) return "<0.1%";
  if (percent < 100 && percent >= 99.95) return ">99.9%";
  return percent === 100 ? "100%" : `${percent.toFixed(1)}%`;
}

/**
 * Three significant digits, as long as the value is below 1000.
 * @param {number} value
 * @param {boolean} whole
 */
function threeDigits(value, whole) {
  if (whole) return String(Math.round(value));
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
