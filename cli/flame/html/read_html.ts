import { IorError } from "../../../runtime/errors.ts";
import type { FlamePage } from "./flame_page.ts";
import { DATA_END, DATA_START, decodePage } from "./page_data.ts";

/** True when `text` looks like a page of `renderFlameHtml`. */
export function isFlameHtml(text: string): boolean {
  return text.includes(DATA_START);
}

/**
 * The page that `renderFlameHtml` wrote, exactly, including comparisons. `subject` names it in errors, for example by its file name. Throws
 * an {@linkcode IorError} of code `usage` when `text` is not such a page.
 */
export function readFlameHtml(text: string, subject = "the page"): FlamePage {
  const start = text.indexOf(DATA_START);
  const end = text.indexOf(DATA_END, start);
  if (start < 0 || end < 0) {
    throw new IorError("usage", `Cannot read ${subject}: it holds no flamegraph data`, {
      hint: "Use an HTML file that ior flame wrote, complete",
    });
  }
  return decodePage(text.slice(start + DATA_START.length, end), subject);
}
