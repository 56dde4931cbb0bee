/** What made a flight recorder write, in words. */
import type { ReportHeader, ReportTrigger } from "../../runtime/report.ts";
import { formatCount, formatDuration } from "../text/format.ts";

/** Most windows of which a report says what triggered them. */
const SHOWN_TRIGGERS = 10;

/** A line for each window, the newest ones of many. */
export function triggerLines(
  { triggers = [] }: Pick<ReportHeader, "triggers">,
  ascii: boolean,
): { label: string; text: string; tone: null }[] {
  const left = triggers.length - SHOWN_TRIGGERS;
  const texts = triggers.slice(-SHOWN_TRIGGERS).map((trigger) => triggerText(trigger, ascii));
  const lines = left > 0 ? [`${formatCount(left)} older windows`, ...texts] : texts;
  return lines.map((text) => ({ label: "triggered", text, tone: null }));
}

/** One trigger: which call it was, when, and how much there is around it. Nothing is escaped. */
export function triggerText(trigger: ReportTrigger, ascii: boolean): string {
  const { condition, time, matches, before_ns, after_ns, wanted_before_ns } = trigger;
  const duration = (ns: number) => formatDuration(ns, { ascii });
  const last = matches === 1 ? "it" : `the last of ${formatCount(matches)} matches`;
  const cut = wanted_before_ns === undefined
    ? ""
    : ` (of ${duration(wanted_before_ns)}: a larger --buffer holds more)`;
  return `by ${callText(trigger, ascii)} at ${time.slice(0, 23)}Z (${condition}); calls from ${
    duration(before_ns)
  } before it${cut} to ${duration(after_ns)} after ${last}`;
}

function callText({ syscall, comm, pid, path, errno, latency_ns }: ReportTrigger, ascii: boolean): string {
  const on = path === null ? "" : ` on ${path}`;
  const failed = errno === null ? "" : `, ${errno}`;
  const took = latency_ns === null ? "" : `, ${formatDuration(latency_ns, { ascii })}`;
  return `${syscall} of ${comm} (${pid})${on}${failed}${took}`;
}
