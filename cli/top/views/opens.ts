/** The view of open file descriptions: from open to last close. */
import type { Access, FileSession, SessionState } from "../../../runtime/file_sessions.ts";
import { flagsText } from "../../files/flags_text.ts";
import { cachedShare } from "../../report/spent.ts";
import { escapeName, escapeText } from "../../text/escape.ts";
import { formatBytes, formatCount, formatDuration } from "../../text/format.ts";
import { shortenEnd, shortenPath, shortenStart } from "../../text/shorten.ts";
import { cutLine, type Line, span } from "../line.ts";
import { countText } from "../measured.ts";
import { type Model, shown } from "../model.ts";
import { type NumberColumn, sortRows, type TableColumns, tableContent } from "../table.ts";
import type { View } from "./view.ts";

/** Fewest columns of a path, and the part of the width that it gets at least. */
const MIN_NAME = 18;
const NAME_SHARE = 0.28;

/** Columns of who opened it. */
const BY = 16;

/** Columns of the functions that opened it. */
const STACK = 28;

/** Columns of the flags of an open. */
const FLAGS = 14;

/** What the page cache spared the reads of a file. */
const CACHED: NumberColumn<OpenRow> = {
  ...{ sort: "cached%", title: "CACHED%", rank: 3, width: 7 },
  value: ({ session: { readBytes, fetchedBytes } }) =>
    readBytes === 0 || fetchedBytes === null ? null : 1 - fetchedBytes / readBytes,
  text: ({ session: { readBytes, fetchedBytes, flags } }) =>
    fetchedBytes === null || flags?.includes("O_DIRECT")
      ? "-"
      : cachedShare({ read_bytes: readBytes, fetched_bytes: fetchedBytes }),
};

interface OpenRow {
  id: string;
  session: FileSession;
  /** Escaped. */
  path: string;
  by: string;
  /** From the open to the close, or now; what is known of it, nanoseconds. */
  openNs: number;
  /** Whether one of the two was not seen. */
  isCut: boolean;
}

/** The order of states and patterns when sorted by. */
const STATES: readonly SessionState[] = ["closed", "unsure", "open"];
const ACCESSES: readonly Access[] = ["unknown", "sequential", "strided", "random"];

/** Open file descriptions. */
export const OPENS_VIEW: View = {
  id: "opens",
  title: "Opens",
  about: [
    "A line for each open file description, from its open to the close of its last descriptor, as `ior files` prints them. " +
    "They are followed since this view was opened, by the calls that are selected, and forgotten when it is left.",
    "OPEN FOR: > where the open or the close was not seen. BY: who opened it; ? when that was not seen: who used it first.",
    "STATE: unsure is open or closed; it was open before, its descriptor shows another file since, or " +
    "its process has run another program since. FLAGS are known, and " +
    "the offsets of pread and pwrite count for ACCESS, with --view opens or --arguments.",
    "With --cache and --stacks there are CACHED% and the innermost functions that opened it.",
    "A new baseline (z) changes nothing here; a new filter begins anew.",
  ],
  keys: [],
  lines: (model, { width }) => noteLines(model, width),
  content(model) {
    const columns = columnsOf(model);
    const list = model.lists.opens;
    const rows = sortRows(rowsOf(model), columns, list);
    return tableContent(rows, columns, list, {
      id: (index) => rows[index].id,
      narrow: (index) => ({ kind: "text", field: "path", operator: "=", values: [rows[index].session.path] }),
      empty: shown(model).sessions === null ? "Nothing is followed" : "No file has been used since",
    });
  },
};

function rowsOf(model: Model): OpenRow[] {
  const { sessions, elapsedNs } = shown(model);
  return (sessions?.sessions ?? []).map((session): OpenRow => {
    const { path, pid, comm, openedBy, openedNs, closedNs } = session;
    return {
      id: `${pid} ${openedNs ?? ""} ${path}`,
      session,
      path: escapeName(path, model),
      by: byText(escapeName(comm, model), ` (${pid})${openedBy === null ? "?" : ""}`, model.ascii),
      openNs: Math.max(0, (closedNs ?? elapsedNs) - (openedNs ?? 0)),
      isCut: openedNs === null || closedNs === null || session.state === "unsure",
    };
  });
}

/** The number of a process tells most. */
function byText(comm: string, number: string, ascii: boolean): string {
  return shortenEnd(comm, BY - number.length, ascii) + number;
}

/** How many there are, what is left out, and what cannot be told without the calls of processes. */
function noteLines(model: Model, width: number): Line[] {
  const { sessions } = shown(model);
  if (sessions === null) return [];
  const open = sessions.sessions.filter(({ state }) => state === "open").length;
  const counts = `${formatCount(open)} open, ${formatCount(sessions.sessions.length - open)} others`;
  const folded = sessions.folded === 0 ? "" : `, ${formatCount(sessions.folded)} with less time left out`;
  const without = `Without calls of Process${
    model.playing === null ? " (o)" : ""
  }, files of ended processes count as open`;
  const texts = sessions.seesProcesses || open === 0 ? [counts + folded] : [counts + folded, without];
  return texts.filter((text, i) => i === 0 || text.length < width)
    .map((text) => cutLine([span(` ${text}`, "quiet")], width));
}

function columnsOf(model: Model): TableColumns<OpenRow> {
  const { ascii, columns } = model;
  const duration = (ns: number) => formatDuration(ns, { ascii });
  const sessions = shown(model).sessions?.sessions ?? [];
  const number = (
    title: string,
    rank: number,
    width: number,
    value: (row: OpenRow) => number,
    text: (row: OpenRow) => string,
  ): NumberColumn<OpenRow> => ({
    ...{ sort: title.toLowerCase(), title, rank, width, value, text },
    style: (row) => value(row) === 0 ? "quiet" : "plain",
  });
  const word = (
    title: string,
    rank: number,
    width: number,
    value: (row: OpenRow) => number,
    text: (row: OpenRow) => string,
  ): NumberColumn<OpenRow> => ({
    ...{ sort: title.toLowerCase(), title, rank, width, value, align: "left" },
    text: (row) => shortenEnd(text(row), width, ascii),
  });
  const bytes = (title: string, value: (session: FileSession) => number) =>
    number(title, 1, 8, ({ session }) => value(session), ({ session }) => formatBytes(value(session)));
  const count = (title: string, rank: number, width: number, value: (session: FileSession) => number) =>
    number(
      title,
      rank,
      width,
      ({ session }) => value(session),
      ({ session }) => countText(value(session), width),
    );
  return {
    name: {
      sort: "name",
      title: "FILE",
      min: Math.max(MIN_NAME, Math.floor(columns * NAME_SHARE)),
      isLast: true,
      text: ({ path }) => path,
      shorten: (text, width) => shortenPath(text, width, ascii),
    },
    numbers: [
      number("TIME", 0, 7, ({ session }) => session.totalNs, ({ session }) => duration(session.totalNs)),
      count("CALLS", 7, 9, ({ calls }) => calls),
      bytes("READ", ({ readBytes }) => readBytes),
      bytes("WRITTEN", ({ writeBytes }) => writeBytes),
      ...(sessions.some(({ fetchedBytes }) => fetchedBytes !== null) ? [CACHED] : []),
      count("SEEKS", 9, 7, ({ seeks }) => seeks),
      count("SYNCS", 9, 7, ({ syncs }) => syncs),
      word("ACCESS", 6, 10, accessRank, ({ session }) => session.access ?? "-"),
      ...(sessions.some(({ flags }) => flags !== null)
        ? [
          word("FLAGS", 8, FLAGS, ({ session }) =>
            session.flags === null ? 0 : 1, ({ session }) =>
            flagsText(session.flags)),
        ]
        : []),
      number(
        "OPEN FOR",
        5,
        8,
        ({ openNs }) => openNs,
        ({ openNs, isCut }) => `${isCut ? ">" : ""}${duration(openNs)}`,
      ),
      word("STATE", 4, 6, ({ session }) => STATES.indexOf(session.state), ({ session }) => session.state),
      ...(sessions.some(({ stack }) => stack !== null)
        ? [
          word("STACK", 7, STACK, ({ session }) =>
            session.stack === null ? 0 : 1, (row) =>
            stackText(row, ascii)),
        ]
        : []),
      word("BY", 2, BY, ({ session }) => session.pid, ({ by }) => by),
    ],
    usualSort: "time",
    ascii,
  };
}

/** The innermost functions tell most. */
function stackText({ session: { stack } }: OpenRow, ascii: boolean): string {
  return stack === null ? "-" : shortenStart(escapeText(stack, { ascii }), STACK, ascii);
}

/** Rows without a pattern come last. */
function accessRank({ session: { access } }: OpenRow): number {
  return access === null ? -1 : ACCESSES.indexOf(access);
}
