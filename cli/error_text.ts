/** An error as the user reads it. */
import { errorToData, type Excerpt, type IorErrorReason } from "../runtime/errors.ts";
import { escapeMessage, escapeText } from "./text/escape.ts";
import { textWidth } from "./text/width.ts";

/** Hints that name options of ior. */
const HINTS: Partial<Record<IorErrorReason, string>> = {
  ring_refused: "Choose a smaller --ring-size",
  programs_refused: "Run again with -v for the whole log of the verifier",
  thread_number: "Trace one thread with --tid",
};

/** Lines of a verifier log that are shown without `-v`: the reason is at its end. */
const LOG_LINES = 5;

/** Characters of an excerpt that are shown before and after its place: together they fit a line of a terminal. */
const BEFORE_PLACE = 40;
const AFTER_PLACE = 30;

const RED = "\x1b[1;31m";
const DIM = "\x1b[2m";
const RESET = "\x1b[0m";

/** How {@linkcode renderError} writes. */
export interface ErrorTextOptions {
  /** Colour by terminal escapes. */
  color: boolean;
  /** Show the whole detail. */
  verbose: boolean;
}

/**
 * The text of anything thrown, for standard error: `ior: MESSAGE`, then the user's text with a caret below the
 * mistake, then the hint, then the detail: all of it when `verbose`, otherwise the last lines of one that explains a refusal by the kernel. Ends with a line feed. Control
 * characters are escaped: names and values in an error come from outside.
 */
export function renderError(error: unknown, options: ErrorTextOptions): string {
  const paint = (style: string, text: string) => options.color ? style + text + RESET : text;
  const { code, message, excerpt, reason, detail, hint = reason && HINTS[reason] } = errorToData(error);
  const lines = [`${paint(RED, "ior:")} ${escapeMessage(message)}`];
  if (excerpt !== undefined && excerpt.text !== "") lines.push(...excerptLines(excerpt));
  if (hint !== undefined) lines.push(`  ${escapeMessage(hint)}`);
  const detailLines = detail?.trimEnd().split("\n").map((line) => `  ${paint(DIM, escapeText(line))}`) ?? [];
  if (options.verbose) {
    lines.push(...detailLines);
  } else if (code === "unsupported" && detailLines.length > 0) {
    const shown = detailLines.slice(-LOG_LINES);
    if (shown.length < detailLines.length) {
      lines.push(`  ${paint(DIM, `... (-v for all ${detailLines.length} lines)`)}`);
    }
    lines.push(...shown);
  }
  return lines.join("\n") + "\n";
}

/** The user's text, cut to a line, and a caret below the place. */
function excerptLines({ text, column }: Excerpt): string[] {
  const before = Array.from(escapeMessage(text.slice(0, column - 1)));
  const after = Array.from(escapeMessage(text.slice(column - 1)));
  const start = before.length > BEFORE_PLACE ? `...${before.slice(-BEFORE_PLACE).join("")}` : before.join("");
  const end = after.length > AFTER_PLACE ? `${after.slice(0, AFTER_PLACE).join("")}...` : after.join("");
  return [`  ${start}${end}`, `  ${" ".repeat(textWidth(start))}^`];
}
