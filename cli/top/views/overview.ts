/** The first view: rates over time, and where most of it goes. */
import type { ExtraMeasures, Measures, WaitingStats } from "../../../runtime/stats.ts";
import { cachedShare, partsOf, SPENT_TITLE, spentBar } from "../../report/spent.ts";
import { escapeName } from "../../text/escape.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../../text/format.ts";
import { shortenEnd, shortenPath } from "../../text/shorten.ts";
import { padText } from "../../text/width.ts";
import { sparkline } from "../../text/bars.ts";
import type { Interval } from "../data.ts";
import { cutLine, type Line, lineWidth, span } from "../line.ts";
import { busyNs, spentOf } from "../measured.ts";
import { type Model, shown } from "../model.ts";
import type { Room, View } from "./view.ts";

/** Columns of the words of a rate, and of its total. */
const LABEL = 9;
const RATE = 12;
const TOTAL = 14;

/** Width from which two tables stand side by side. */
const TWO_COLUMNS = 100;

/** Files that a frame asks for: no terminal has more lines for them. */
const MAX_FILES = 200;

/** Columns of a time and of a share. */
const TIME = 8;
const SHARE = 6;

interface Rate {
  label: string;
  /** What happened in an interval; a rate is that by its length. */
  value(interval: Interval): number;
  format(perSecond: number): string;
  total: string;
}

/** Rates, totals, and what takes most time. */
export const OVERVIEW: View = {
  id: "overview",
  title: "Overview",
  about: [
    "Rates since the last frame, how they went, and totals since the baseline (z).",
    "`on files` and `waiting` are time in calls for each second; 1s is one thread all the time.",
    "The tables rank by time in calls without waiting for pipes, sockets and others.",
    `\`spent\` (--waits) is where all time of calls went, a letter for each tenth: c on a processor, i waiting for I/O, b ` +
    "blocked by anything else, q waiting for a processor, ? unknown.",
    "`fetched` (--cache) is what calls brought into the page cache, and CACHED% the part of the bytes read that was there.",
  ],
  keys: [],
  needs: () => ({ tables: ["files", "commands", "waiting"], maxFiles: MAX_FILES }),
  content: () => null,
  lines(model, room) {
    const rates = rateLines(model, room.width);
    return [...rates, [], ...topLines(model, { ...room, height: room.height - rates.length - 1 })];
  },
};

function rateLines(model: Model, width: number): Line[] {
  const { history } = shown(model);
  const heading = " ".repeat(LABEL) + padText("NOW", RATE, "right") + "  " + padText("TOTAL", TOTAL, "right");
  const lines = ratesOf(model).map(({ label, value, format, total }) => {
    const all = history.map((interval) => interval.seconds > 0 ? value(interval) / interval.seconds : 0);
    const words = padText(label, LABEL, "left") + padText(`${format(all.at(-1) ?? 0)}/s`, RATE, "right");
    const room = width - LABEL - RATE - TOTAL - 4;
    const spark = sparkline(all, Math.max(1, room), model.ascii);
    return cutLine([
      span(padText(label, LABEL, "left"), "heading"),
      span(words.slice(LABEL)),
      span(`  ${padText(total, TOTAL, "right")}`, "quiet"),
      span(room > 8 ? `  ${spark}` : ""),
    ], width);
  });
  return [cutLine([span(heading, "heading")], width), ...lines, ...spentLines(model, width)];
}

/** Where the time of calls went, now and in all; no line when that is not known. */
function spentLines(model: Model, width: number): Line[] {
  const { history, now } = shown(model);
  if (now?.stats.iowaitNs === undefined) return [];
  const interval = history.at(-1);
  const bar = interval === undefined ? "" : spentBar(spentOf(interval));
  const parts = partsOf(spentOf(now.stats));
  const whole = parts.reduce((sum, ns) => sum + ns, 0);
  const [, iowait, blocked, queue, unknown] = parts.map((ns) => formatShare(ns, whole));
  const rest = parts.at(-1) === 0 ? "" : `, unknown ${unknown}`;
  return [cutLine([
    span(padText("spent", LABEL, "left"), "heading"),
    span(padText(bar === "" ? "-" : bar, RATE, "right")),
    span(`  ${padText(spentBar(spentOf(now.stats)), TOTAL, "right")}`, "quiet"),
    span(`  I/O ${iowait}, blocked ${blocked}, queue ${queue}${rest}`, "quiet"),
  ], width)];
}

function ratesOf(model: Model): Rate[] {
  const stats = shown(model).now?.stats ?? null;
  const { ascii } = model;
  const duration = (ns: number) => formatDuration(ns, { ascii });
  const count = (value: number) => formatCount(value);
  return [
    { label: "calls", value: ({ calls }) => calls, format: count, total: count(stats?.calls ?? 0) },
    {
      label: "read",
      value: ({ readBytes }) => readBytes,
      format: formatBytes,
      total: formatBytes(stats?.readBytes ?? 0),
    },
    {
      label: "written",
      value: ({ writeBytes }) => writeBytes,
      format: formatBytes,
      total: formatBytes(stats?.writeBytes ?? 0),
    },
    { label: "errors", value: ({ errors }) => errors, format: count, total: count(stats?.errors ?? 0) },
    {
      label: "on files",
      value: ({ filesNs }) => filesNs,
      format: duration,
      total: duration(Number(stats?.filesNs ?? 0)),
    },
    {
      label: "waiting",
      value: ({ waitingNs }) => waitingNs,
      format: duration,
      total: duration(Number(stats?.waitingNs ?? 0)),
    },
    ...(stats?.fetchedBytes === undefined ? [] : [{
      label: "fetched",
      value: ({ fetchedBytes }: Interval) => fetchedBytes,
      format: formatBytes,
      total: formatBytes(stats.fetchedBytes),
    }]),
  ];
}

interface TopTable {
  title: string;
  /** Time that its shares are of, nanoseconds; left out for that of its rows. */
  wholeNs?: number;
  rows: readonly TopRow[];
  isPath: boolean;
  /** What else is known of its rows. */
  extras: readonly ExtraColumn[];
}

interface TopRow {
  name: string;
  measures: Measures;
  /** Time that it is ranked by, nanoseconds. */
  ns: number;
}

/** A column of what is known only when it is asked for. */
interface ExtraColumn {
  title: string;
  cell(row: Measures): string;
}

/** Columns of a name beside which there is room for an extra. */
const NAME_BESIDE_EXTRA = 20;

const SPENT: ExtraColumn = { title: SPENT_TITLE, cell: (row) => spentBar(spentOf(row)) };
const CACHED: ExtraColumn = { title: "CACHED%", cell: (row) => cachedShare(spentOf(row)) };

function extrasOf({ iowaitNs, fetchedBytes }: ExtraMeasures): readonly ExtraColumn[] {
  return [...(iowaitNs === undefined ? [] : [SPENT]), ...(fetchedBytes === undefined ? [] : [CACHED])];
}

function topLines(model: Model, { width, height }: Room): Line[] {
  const stats = shown(model).now?.stats;
  if (stats === undefined || height < 3) return [];
  const extras = extrasOf(stats);
  const spent = extras.filter((column) => column === SPENT);
  const tables: TopTable[] = [
    {
      title: "FILES",
      wholeNs: Number(stats.filesNs),
      rows: ranked(stats.files, ({ path }) => path),
      isPath: true,
      extras,
    },
    { title: "COMMANDS", rows: ranked(stats.commands, ({ comm }) => comm), isPath: false, extras: spent },
    { title: "CALLS", rows: ranked(stats.syscalls, ({ syscall }) => syscall), isPath: false, extras: spent },
    {
      title: "WAITING",
      rows: ranked(stats.waiting, waitingName, ({ totalNs }) => Number(totalNs)),
      isPath: true,
      extras: [],
    },
  ];
  const sides = width >= TWO_COLUMNS ? 2 : 1;
  const columns = Math.floor((width - 2 * (sides - 1)) / sides);
  const shownTables = tables.slice(0, Math.max(1, Math.floor(height / 4)) * sides);
  const each = Math.floor(height / Math.ceil(shownTables.length / sides));
  const drawn = shownTables.map((table) =>
    tableLines(table, model.ascii, { width: columns, height: each - 1 })
  );
  const lines: Line[] = [];
  for (let i = 0; i < drawn.length; i += sides) {
    const [left, right = []] = drawn.slice(i, i + sides);
    for (let row = 0; row < Math.max(left.length, right.length); row++) {
      lines.push(sides === 1 ? left[row] : beside(left[row] ?? [], right[row] ?? [], columns));
    }
    if (i + sides < drawn.length) lines.push([]);
  }
  return lines.slice(0, height);
}

function waitingName({ kind, name }: WaitingStats): string {
  return kind === "call" || kind === "pipe" ? name : `${kind} ${name}`;
}

/** Rows with time, largest first. */
function ranked<Row extends Measures>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  nsOf: (row: Row) => number = busyNs,
): TopRow[] {
  return rows.map((measures) => ({ name: nameOf(measures), measures, ns: nsOf(measures) }))
    .filter(({ ns }) => ns > 0).sort((a, b) => b.ns - a.ns);
}

function tableLines(
  { title, rows, isPath, extras, wholeNs = rows.reduce((sum, { ns }) => sum + ns, 0) }: TopTable,
  ascii: boolean,
  { width, height }: Room,
): Line[] {
  let room = width - TIME - SHARE - 3;
  const shownExtras = extras.filter((column) => {
    const columns = column.title.length + 1;
    if (room - columns < NAME_BESIDE_EXTRA) return false;
    room -= columns;
    return true;
  });
  const line = (time: string, share: string, extra: (column: ExtraColumn) => string, name: string) =>
    [
      padText(time, TIME, "right"),
      padText(share, SHARE, "right"),
      ...shownExtras.map((column) => padText(extra(column), column.title.length, "right")),
    ].join(" ") + `  ${name}`;
  const heading = line("TIME", "SHARE", (column) => column.title, title);
  const lines = rows.slice(0, Math.max(0, height - 1)).map((row): Line => {
    const name = (isPath ? shortenPath : shortenEnd)(
      escapeName(row.name, { ascii }),
      Math.max(1, room),
      ascii,
    );
    const text = line(
      formatDuration(row.ns, { ascii }),
      formatShare(row.ns, wholeNs),
      (column) => column.cell(row.measures),
      name,
    );
    return cutLine([span(text)], width);
  });
  return [cutLine([span(heading, "heading")], width), ...lines];
}

function beside(left: Line, right: Line, columns: number): Line {
  return [...left, span(" ".repeat(Math.max(0, columns - lineWidth(left)) + 2)), ...right];
}
