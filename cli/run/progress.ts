import type { Loss } from "../../runtime/loss.ts";
import { formatCount, formatDuration } from "../text/format.ts";
import { say, showProgress } from "../say.ts";
import { isTerminal } from "./terminal.ts";

/** Time between two updates. */
const EVERY_MS = 500;

const CLEAR_LINE = "\r\x1b[K";

/** Says something in the place of a progress line that may be there; the line comes again below it. */
export function sayAboveProgress(message: string): void {
  if (isTerminal("stderr")) showProgress(CLEAR_LINE);
  say(message);
}

/** What a progress line shows. */
export interface ProgressFigures {
  wallNs: number;
  calls: number;
  loss: Loss;
}

/** Text of the progress line. */
export function progressText({ wallNs, calls, loss }: ProgressFigures): string {
  const lost = loss.state === "unknown"
    ? "loss unknown"
    : loss.state === "none"
    ? "none lost"
    : `${formatCount(loss.calls)} LOST`;
  return `tracing ${formatDuration(wallNs)}  ${formatCount(calls)} calls, ${lost}  (Ctrl-C ends and reports)`;
}

/** A line on standard error that is updated until it is disposed of. */
export class Progress implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(figures: () => ProgressFigures) {
    this.#timer = setInterval(() => showProgress(CLEAR_LINE + progressText(figures())), EVERY_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    showProgress(CLEAR_LINE);
  }
}
