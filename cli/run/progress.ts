import type { Loss } from "../../runtime/loss.ts";
import { lossOfRows, type ReportHeader, sampledAway } from "../../runtime/report.ts";
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
  return `stopping  ${formatCount(calls)} calls, reading the last ones`;
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

/** Says {@linkcode lossText}, for an output that does not tell. */
export function sayLoss(header: ReportHeader, isTraced: boolean): void {
  const text = lossText(lossOfRows(header), isTraced);
  if (text !== null) say(text);
}

/**
 * How many calls were lost or have no names; `null` when none. What ior itself was told not to show is left out. `isTraced` is
 * false for a recording, of which nothing can be changed any more.
 */
export function lossText({ calls, by, unnamed = 0 }: ReportHeader["loss"], isTraced: boolean): string | null {
  const lost = calls === null ? null : calls - (by?.not_shown ?? 0);
  const parts = [
    ...(lost === null ? ["It is unknown how many calls were lost"] : []),
    ...(lost !== null && lost > 0 ? [`${formatCount(lost)} calls were lost`] : []),
    ...(unnamed > 0 ? [`${formatCount(unnamed)} calls are on [unknown]`] : []),
  ];
  if (parts.length === 0) return null;
  return `${parts.join(", ")}${isTraced ? "; choose a larger --ring-size or a narrower selection" : ""}`;
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
