/** The section of a report that says what stands out. */
import type { Report } from "../../runtime/report.ts";
import { wrapWords } from "../report/header_text.ts";
import { escapeText } from "../text/escape.ts";
import { shortenPath } from "../text/shorten.ts";
import type { Paint } from "../text/style.ts";
import { textWidth } from "../text/width.ts";
import { findings } from "./advise.ts";

/** How the section looks. */
export interface AdviceTextOptions {
  /** Columns of the terminal; from 80 on each advice is one line. */
  width: number;
  /** Only ASCII. */
  ascii: boolean;
}

const BULLET = "- ";
const SEE = ", see ";

/** Fewest columns of a path that tell anything; without that room the path is left out. */
const PATH_MIN = 10;

/**
 * Lines of the section, an empty one and its heading first; none when nothing stands out. The report must not be cut.
 * Text that comes from outside is escaped.
 */
export function renderAdvice(report: Report, { width, ascii }: AdviceTextOptions, paint: Paint): string[] {
  const found = findings(report);
  if (found.length === 0) return [];
  const lines = found.flatMap(({ sentence, path }) => {
    const text = escapeText(sentence(ascii), { ascii });
    const room = width - BULLET.length - textWidth(text) - SEE.length;
    const shown = path === null || room < PATH_MIN
      ? text
      : text + SEE + shortenPath(escapeText(path, { ascii }), room, ascii);
    // A path may have spaces, and wrapping would take them for its own.
    if (textWidth(shown) + BULLET.length <= width) return [BULLET + shown];
    return wrapWords(shown, width - BULLET.length, ascii).map((line, i) => (i === 0 ? BULLET : "  ") + line);
  });
  return ["", paint("heading", "What stands out"), ...lines];
}
