/** Bars and sparklines of characters. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
const HEIGHTS = { unicode: "▁▂▃▄▅▆▇█", ascii: ".:-=+*#@" } as const;
const SHADES = { unicode: "·░▒▓█", ascii: ".-+#@" } as const;

/** A bar of up to `columns`; any share above 0 shows. */
export function bar(share: number, columns: number, ascii: boolean): string {
  if (!(share > 0) || columns < 1) return "";
  const full = Math.min(share, 1) * columns;
  if (ascii) return "#".repeat(Math.max(1, Math.round(full)));
  const eighths = Math.max(1, Math.round(full * 8));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Values as heights, relative to `most`, the largest of them by default; a space for 0 only, so that one among a million shows. */
export function heights(values: readonly number[], ascii: boolean, most?: number): string {
  return levels(values, ascii ? HEIGHTS.ascii : HEIGHTS.unicode, most);
}

/** The last `columns` values as heights, relative to the largest of them; a space for 0. */
export function sparkline(values: readonly number[], columns: number, ascii: boolean): string {
  return heights(values.slice(-Math.max(1, columns)), ascii);
}

/** Values as shades, relative to `most`; a space for 0. */
export function shades(values: readonly number[], most: number, ascii: boolean): string {
  return levels(values, ascii ? SHADES.ascii : SHADES.unicode, most);
}

function levels(values: readonly number[], characters: string, most = Math.max(0, ...values)): string {
  return values.map((value) =>
    value > 0 && most > 0
      ? characters[Math.min(characters.length, Math.ceil(value / most * characters.length)) - 1]
      : " "
  ).join("");
}
