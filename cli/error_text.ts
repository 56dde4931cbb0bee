/** An error as the user reads it. */
import { errorToData, type IorErrorReason } from "../runtime/errors.ts";
import { escapeMessage, escapeText } from "./text/escape.ts";

/** Hints that name options of ior. */
const HINTS: Partial<Record<IorErrorReason, string>> = {
  ring_refused: "Choose a smaller --ring-size",
  programs_refused: "Run again with -v for the whole log of the verifier",
  thread_number: "Trace one thread with --tid",
};

/** Lines of a verifier log that are shown without `-v`: the reason is at its end. */
const LOG_LINES = 5;

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
 * The text of anything thrown, for standard error: `ior: MESSAGE`, then the hint, then the detail: all of it
 * when `verbose`, otherwise the last lines of one that explains a refusal by the kernel. Ends with a line feed. Control
 * characters are escaped: names and values in an error come from outside.
 */
export function renderError(error: unknown, options: ErrorTextOptions): string {
  const paint = (style: string, text: string) => options.color ? style + text + RESET : text;
  const { code, message, reason, detail, hint = reason && HINTS[reason] } = errorToData(error);
  const lines = [`${paint(RED, "ior:")} ${escapeMessage(message)}`];
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
