import type { Loss } from "../../runtime/loss.ts";
import { type ReportHeader, sampledAway } from "../../runtime/report.ts";
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

/** The same while what was recorded last is read. */
export function stoppingText({ calls }: Pick<ProgressFigures, "calls">): string {
  return `stopping  ${formatCount(calls)} calls, the last ones are read`;
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

/**
 * Says how many calls were lost, for an output that does not tell: nothing when none was. What ior itself was told not to
 * show is left out. `isTraced` is false for a recording, of which nothing can be changed any more.
 */
export function sayLoss({ state, calls, by }: ReportHeader["loss"], isTraced: boolean): void {
  const notShown = by?.not_shown ?? 0;
  if (state === "none" || calls === notShown) return;
  const lost = calls === null
    ? "It is unknown how many calls were lost"
    : `${formatCount(calls - notShown)} calls were lost`;
  say(isTraced ? `${lost}; choose a larger --ring-size or a narrower selection` : lost);
}

/** Says how many calls a sampled trace left without a row, for an output of rows alone that does not tell. */
export function saySampledAway(header: ReportHeader): void {
  const away = sampledAway(header);
  if (away > 0) say(`${formatCount(away)} calls were sampled away and are not counted`);
}

/** A line on standard error that is updated until it is disposed of. */
export class Progress implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;

  /** The first line comes after half a second: what is over by then needs none. */
  constructor(text: () => string) {
    this.#timer = setInterval(() => showProgress(CLEAR_LINE + text()), EVERY_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    showProgress(CLEAR_LINE);
  }
}
