/** The lines above the tables: what was traced, how much of it was seen, and what that cost. */
import { wasRingFull } from "../../runtime/loss.ts";
import {
  type Report,
  type ReportHeader,
  type ReportSampling,
  sampledAway,
  uringToTell,
  wallNs,
} from "../../runtime/report.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import { FAMILIES } from "../../runtime/syscalls/types.ts";
import { escapeMessage, escapeText } from "../text/escape.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../text/format.ts";
import { quoteWord } from "../text/quote_word.ts";
import type { Tone } from "../text/style.ts";
import { wrapWords } from "../text/wrap.ts";
import { mappedText } from "./mapped_text.ts";
import { spentText } from "./spent.ts";
import { selectionOptions } from "./selection_text.ts";
import { triggerLines } from "./trigger_text.ts";
import { waitingName } from "./waiting_text.ts";

/** A line of the header: its label and its text. */
export interface HeaderLine {
  label: string;
  text: string;
  tone: Tone | null;
}

/** The title line, and the lines below it. `interim` is for a report made while the trace goes on. */
export function headerLines(
  report: Report,
  ascii: boolean,
  interim = false,
): { title: string; lines: HeaderLine[] } {
  const escaped = (text: string) => escapeText(text, { ascii });
  const { host, kernel, arch, started } = report;
  // A report may come from elsewhere: whatever it says is escaped here, once.
  const lines: HeaderLine[] = [
    ...commandLines(report, interim),
    ...selectionLines(report),
    ...coverLines(report),
    ...triggerLines(report, ascii),
    { label: "wall time", text: wallText(report, ascii), tone: null },
    { label: "calls", text: callsText(report), tone: null },
    { label: "time", text: timeText(report, ascii), tone: null },
    ...spentLines(report, ascii),
    ...mappedLines(report, ascii),
    ...samplingLines(report, "they count, but are not among the slowest calls"),
    lossLine(report),
    ...uringLines(report),
    { label: "cost", text: costText(report, ascii), tone: null },
  ];
  return {
    title: escaped(
      `${interim ? "Interim report of " : ""}ior ${report.ior} on ${host}, Linux ${kernel} ${arch}, ${
        started.slice(0, 19)
      }Z`,
    ),
    lines: lines.map((line) => ({
      ...line,
      // The backslashes of a condition stay as they were typed, so that it can be used again.
      text: line.label === "selection" ? escapeMessage(line.text, { ascii }) : escaped(line.text),
    })),
  };
}

/** Facts of a run for the caption of a picture; nothing is escaped. */
export function runFacts(header: ReportHeader, calls: number): HeaderLine[] {
  const { host, kernel, arch, command, started, loss, sampling } = header;
  const words = command === null ? [] : [{ label: "command", text: commandText(command), tone: null }];
  return [
    ...words,
    { label: "host", text: `${host}, Linux ${kernel} ${arch}`, tone: null },
    { label: "started", text: `${started.slice(0, 19)}Z`, tone: null },
    { label: "wall time", text: lengthText(header, false), tone: null },
    { label: "calls", text: formatCount(calls), tone: null },
    ...samplingLines({ sampling, calls }, "they count"),
    lossLine({ loss, calls }),
  ];
}

/** The line above the tables of one interval: its time and its totals. */
export function intervalTitle(report: Report, ascii: boolean): string {
  const { interval, started, wall_ns, loss } = report;
  const at = interval === undefined ? started : timeAfter(started, interval.end_ns);
  const lost = loss.state !== "none"
    ? lossLine(report).text
    : loss.unnamed === undefined
    ? "none lost"
    : `none lost, ${unnamedText(loss.unnamed, report.calls)}`;
  const length = formatDuration(wall_ns, { ascii });
  const text = `${at.slice(0, 23)}Z  ${length}: ${
    callsText(report, report.calls === 1 ? " call" : " calls")
  }, ${timeText(report, ascii)}, ${lost}`;
  return escapeText(text, { ascii });
}

/** Where the time went, if the trace knows it. */
function spentLines(report: Report, ascii: boolean): HeaderLine[] {
  if (report.iowait_ns === undefined || report.total_ns == 0) return [];
  return [{ label: "spent", text: spentText(report, ascii), tone: null }];
}

/** What page faults read of mapped files, if they did. */
function mappedLines(report: Report, ascii: boolean): HeaderLine[] {
  const text = mappedText(report, ascii);
  return text === null ? [] : [{ label: "mapped", text, tone: null }];
}

function selectionLines({ selection }: Report): HeaderLine[] {
  const options = selectionOptions(selection);
  return options.length === 0 ? [] : [{ label: "selection", text: options.join(" "), tone: null }];
}

/** What a sampled trace shows of single calls, and whether the others are counted; `count` says what they count in. */
function samplingLines({ sampling, calls }: Pick<Report, "sampling" | "calls">, count: string): HeaderLine[] {
  if (sampling === undefined) return [];
  const summed = formatCount(sampling.calls);
  const text = sampling.calls === 0
    ? "every call has a row"
    : sampling.counted
    ? `${summed} of ${formatCount(calls)} calls ${sampling.calls === 1 ? "has" : "have"} no row: ${count}`
    : `${summed} MORE CALLS HAVE NO ROW AND ARE NOT COUNTED BELOW`;
  return [{
    label: "sampling",
    text: [...ratesTexts(sampling), text].join("; "),
    tone: sampledAway({ sampling }) === 0 ? null : "bad",
  }];
}

/** The rates that were asked for, and those that a busy buffer has led to. */
function ratesTexts({ rates, raised, calls }: ReportSampling): string[] {
  const oneOf = (entries: [string, number][]) =>
    entries.map(([name, rate]) => `1 of ${formatCount(rate)} ${name}`).join(", ");
  const sampled = Object.entries(rates).filter(([, rate]) => rate > 1);
  const without = Object.entries(rates).filter(([, rate]) => rate === 0).map(([name]) => name);
  const isAll = FAMILIES.every((family) => rates[family] === 0) && sampled.length === 0;
  const busy = Object.entries(raised ?? {});
  return [
    ...(sampled.length === 0 ? [] : [`rows are ${oneOf(sampled)}`]),
    ...(without.length === 0 ? [] : [isAll ? "no rows" : `no rows of ${without.join(", ")}`]),
    ...(raised === undefined ? [] : [
      busy.length === 0
        // It may have been full between two looks, and then calls have no row although no rate was raised.
        ? calls === 0 ? "the buffer was never more than half full" : "no rate was raised"
        : `rows were down to ${oneOf(busy)} while the buffer was more than half full`,
    ]),
  ];
}

/** A recording whose oldest segments were removed covers a shorter time. */
function coverLines({ covers }: Report): HeaderLine[] {
  return covers === undefined ? [] : [{ label: "covers", text: coversText(covers), tone: null }];
}

/** What a recording covers whose oldest segments were removed. */
export function coversText({ from, to }: NonNullable<Report["covers"]>): string {
  const at = (time: string) => `${time.slice(0, 19)}Z`;
  return `${at(from)} to ${at(to)}; older segments were removed`;
}

function commandLines(
  { command, command_status: status, children_left: left = 0, loss }: Report,
  interim: boolean,
): HeaderLine[] {
  if (command === null) return [];
  // A recording without its end does not know how the command ended.
  const withoutStatus = interim
    ? "not yet"
    : loss.state === "unknown"
    ? "unknown"
    : "still running when the trace ended";
  const bad = status !== null && !("exit" in status && status.exit === 0);
  return [
    { label: "command", text: commandText(command), tone: null },
    {
      label: "ended",
      text: (status === null ? withoutStatus : statusText(status)) + leftText(left),
      tone: bad ? "bad" : null,
    },
  ];
}

function leftText(children: number): string {
  if (children === 0) return "";
  return `; ${formatCount(children)} ${children === 1 ? "child was" : "children were"} still running`;
}

function statusText(status: NonNullable<Report["command_status"]>): string {
  return "exit" in status ? `exit status ${status.exit}` : `killed by ${status.signal}`;
}

/** The words of a command, quoted for a shell but not escaped. */
export function commandText(command: readonly string[]): string {
  return command.map(quoteWord).join(" ");
}

/** How long a trace or several recordings took. */
function lengthText(
  { wall_ns, traced_ns }: Pick<ReportHeader, "wall_ns" | "traced_ns">,
  ascii: boolean,
): string {
  const wall = formatDuration(wall_ns, { ascii });
  return traced_ns === undefined ? wall : `${formatDuration(traced_ns, { ascii })} traced of ${wall}`;
}

/** How long the command ran, and the trace where it went on with the command's children. */
function wallText(report: Report, ascii: boolean): string {
  const { command_wall_ns: ofCommand = null, wall_ns, selection } = report;
  const text = (ns: number) => formatDuration(ns, { ascii });
  if (ofCommand === null) return lengthText(report, ascii);
  return selection.all_children === true
    ? `${text(ofCommand)}, ${text(wall_ns)} with its children`
    : text(ofCommand);
}

/** The counts; `word` says what is counted, where no label does. */
function callsText(report: Report, word = ""): string {
  const { calls, errors, errors_by, read_bytes, write_bytes } = report;
  const wall = wallNs(report);
  const rate = wall > 0 ? ` (${formatCount(calls / (wall / 1e9))}/s)` : "";
  // A single kind of error has no table.
  const [only] = errors_by;
  const which = errors_by.length === 1 ? ` (${only.syscall} ${only.errno})` : "";
  const failed = errors === 0 ? "" : `, ${formatCount(errors)} failed${which}`;
  return `${formatCount(calls)}${word}${rate}${failed}, ${formatBytes(read_bytes)} read, ${
    formatBytes(write_bytes)
  } written`;
}

function timeText(report: Report, ascii: boolean): string {
  const { total_ns, files_ns, waiting_ns, waiting } = report;
  const time = (ns: number | bigint) => formatDuration(ns, { ascii });
  const wall = wallNs(report);
  const total = Number(total_ns);
  // Threads run in parallel, and a call may begin before an interval or a window: a share of more time than there was is
  // meaningless.
  const whole = total <= wall
    ? `${time(total_ns)} of ${time(wall)} in calls (${formatShare(total, wall)})`
    : `${time(total_ns)} in calls that overlap, or began earlier, in ${time(wall)}`;
  if (total === 0) return whole;
  const rest = BigInt(total_ns) - BigInt(files_ns) - BigInt(waiting_ns);
  // A single thing that is waited for has no table.
  const which = waiting.length === 1 ? ` (${waitingName(waiting[0])})` : "";
  if (files_ns == total_ns) return `${whole}, all on files`;
  const parts = [
    `${time(files_ns)} on files`,
    ...(waiting_ns == 0 ? [] : [`${time(waiting_ns)} waiting${which}`]),
    ...(rest === 0n ? [] : [`${time(rest)} on neither`]),
  ];
  return `${whole}: ${parts.join(", ")}`;
}

const LARGER_RING = "try a larger --ring-size";

function lossLine({ loss, calls }: Pick<Report, "loss" | "calls">): HeaderLine {
  if (loss.state === "none") {
    return loss.unnamed === undefined
      ? { label: "loss", text: "none", tone: "good" }
      : { label: "loss", text: `none, but ${unnamedText(loss.unnamed, calls)}; ${LARGER_RING}`, tone: "bad" };
  }
  if (loss.state === "unknown" || loss.calls === null) {
    return {
      label: "LOSS",
      text: "UNKNOWN: calls may be missing; every number below may be too low",
      tone: "bad",
    };
  }
  const by = Object.entries(loss.by ?? {}).filter(([, lost]) => lost > 0)
    .map(([kind, lost]) => `${kind} ${formatCount(lost)}`);
  const hint = wasRingFull(loss) ? `; ${LARGER_RING}` : "";
  const share = formatShare(loss.calls, calls + loss.calls);
  const unnamed = loss.unnamed === undefined ? "" : `; ${unnamedText(loss.unnamed, calls)}`;
  return {
    label: "LOSS",
    text: `${formatCount(loss.calls)} CALLS (${share}) ARE MISSING BELOW: ${by.join(", ")}${unnamed}${hint}`,
    tone: "bad",
  };
}

function unnamedText(unnamed: number, calls: number): string {
  return `${formatCount(unnamed)} calls (${formatShare(unnamed, calls)}) are on [unknown]`;
}

function uringLines({ io_uring_requests: processes = [] }: Report): HeaderLine[] {
  return uringToTell(processes).map(({ requests, whose }) => ({
    label: "io_uring",
    text: `${formatCount(requests)} ${
      requests === 1 ? "request" : "requests"
    } of ${whose} not in these tables`,
    tone: "bad" as const,
  }));
}

function costText({ cost }: Report, ascii: boolean): string {
  // 0 means that the end of the recording, which has the figure, is missing.
  if (cost.max_rss_bytes === 0) return "unknown";
  const perRun = typeof cost.bpf_ns_per_run === "number"
    ? `${formatDuration(cost.bpf_ns_per_run, { ascii })} per run of a kernel program`
    : "time per run of a kernel program unknown";
  return `${formatDuration(cost.cpu_ns, { ascii })} CPU of ior, ${perRun}, ${
    formatBytes(cost.max_rss_bytes)
  } peak memory`;
}

/** The lines for a width: labels in a column of their own, texts wrapped beside it. */
export function wrapHeader(lines: readonly HeaderLine[], width: number, ascii: boolean): HeaderLine[] {
  const labelWidth = Math.max(...lines.map(({ label }) => label.length)) + 2;
  return lines.flatMap(({ label, text, tone }) =>
    wrapWords(text, width - labelWidth, ascii).map((text, i) => (
      { label: (i === 0 ? label : "").padEnd(labelWidth), text, tone }
    ))
  );
}
