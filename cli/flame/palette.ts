/** Colours of frames: light enough for dark text on every one of them. */

/** Colours of one frame by its name: warm, and the same in every picture, so that pictures can be compared. */
export function frameColor(name: string): string {
  const hash = hashName(name);
  const part = (shift: number) => ((hash >>> shift) & 0xff) / 0xff;
  return hslColor(6 + 46 * part(0), 0.72 + 0.2 * part(8), 0.62 + 0.1 * part(16));
}

/** A frame that did not change. */
const UNCHANGED = "#e2e2e2";

const GROWN_HUE = 6;
const SHRUNK_HUE = 214;

/** Lightness of the smallest and of the largest change. */
const LIGHTEST = 0.92;
const DARKEST = 0.62;

/**
 * Colour of a frame in a difference by its change from -1 to 1: red grew, blue shrank, grey stayed. The root of the change
 * counts, as a few percent of all matter and would otherwise be white.
 */
export function changeColor(change: number): string {
  if (change === 0) return UNCHANGED;
  const strength = Math.sqrt(Math.min(1, Math.abs(change)));
  const lightness = LIGHTEST - (LIGHTEST - DARKEST) * strength;
  return hslColor(change > 0 ? GROWN_HUE : SHRUNK_HUE, 0.85, lightness);
}

/** FNV-1a over UTF-16 units, then mixed: names that differ in their last letter only get colours of their own. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Hue in degrees, saturation and lightness from 0 to 1, as `#rrggbb`. */
function hslColor(hue: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (shift: number) => {
    const at = (shift + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
