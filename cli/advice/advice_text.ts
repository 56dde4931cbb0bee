/** The section "What stands out" of a report. */
import type { Report } from "../../runtime/report.ts";
import { escapeText } from "../text/escape.ts";
import { shortenPath } from "../text/shorten.ts";
import type { Paint } from "../text/style.ts";
import { textWidth } from "../text/width.ts";
import { wrapWords } from "../text/wrap.ts";
import { ending, findings, placeStart } from "./advise.ts";

/** How the section looks. */
export interface AdviceTextOptions {
  /** Columns after which a line ends; `Infinity` for a file or a pipe. */
  wrapAt: number;
  /** Only ASCII. */
  ascii: boolean;
}

const BULLET = "- ";
const INDENT = "  ";

/** Fewest useful columns of a path; with less room it gets a line of its own. */
const PATH_MIN = 30;

/**
 * Lines of the section, after an empty one and its heading; none when nothing stands out. The report must not be cut.
 * Traced text is escaped.
 */
export function renderAdvice(report: Report, { wrapAt, ascii }: AdviceTextOptions, paint: Paint): string[] {
  const found = findings(report);
  if (found.length === 0) return [];
  const lines = found.flatMap(({ sentence, place, hint }) => {
    const text = escapeText(sentence(ascii), { ascii });
    const start = placeStart(place);
    const end = ending(place, hint);
    if (place === null) return bulleted(text + end, wrapAt, ascii);
    const path = escapeText(place.path, { ascii });
    const room = wrapAt - textWidth(BULLET + start + end);
    const oneLine = room - textWidth(text);
    if (oneLine >= Math.min(PATH_MIN, textWidth(path))) {
      return [BULLET + text + start + shortenPath(path, oneLine, ascii) + end];
    }
    // On a line of its own: a path may contain spaces, where wrapping would break it.
    return [
      ...bulleted(text + start[0], wrapAt, ascii),
      INDENT + start.slice(2) + shortenPath(path, Math.max(PATH_MIN, room), ascii) + end,
    ];
  });
  return ["", paint("heading", "What stands out"), ...lines];
}

function bulleted(text: string, wrapAt: number, ascii: boolean): string[] {
  return wrapWords(text, wrapAt - BULLET.length, ascii).map((line, i) => (i === 0 ? BULLET : INDENT) + line);
}
