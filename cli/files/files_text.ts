/** File sessions as text for people. Pure: the document in, text out. */
import { pathColumn } from "../report/columns.ts";
import { sampledAway } from "../../runtime/report.ts";
import { commandText, coversText } from "../report/header_text.ts";
import { cachedShare } from "../report/spent.ts";
import { escapeText, visibleName } from "../text/escape.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import { createPaint } from "../text/style.ts";
import { shortenStart } from "../text/shorten.ts";
import { type Column, renderTable } from "../text/table.ts";
import { wrapWords } from "../text/wrap.ts";
import type { FilesDocument, ListedSession } from "./document.ts";
import { flagsText } from "./flags_text.ts";

/** Minimum width: narrower it would be useless, so a smaller terminal wraps it. */
const MIN_WIDTH = 40;

/** Minimum width of a stack: its innermost function. */
const MIN_STACK = 24;

/** How the text looks. */
export interface FilesLook {
  /** Columns of the terminal; `null` for a file or a pipe, where nothing is shortened. */
  width: number | null;
  color: boolean;
  ascii: boolean;
}

/** A title, a line for each session, and what should be known of them; ends with a line feed. */
export function renderFiles(document: FilesDocument, { width, color, ascii }: FilesLook): string {
  const paint = createPaint(color);
  const columns = Math.max(MIN_WIDTH, width ?? Infinity);
  const { ior, host, kernel, arch, started, command, sessions } = document;
  const title = `ior ${ior} on ${host}, Linux ${kernel} ${arch}, ${started.slice(0, 19)}Z`;
  const table = sessions.length === 0
    ? ["No file was used."]
    : renderTable(sessionColumns(sessions, columns, ascii), sessions, columns, paint, width === null);
  const notes = notesOf(document).flatMap((note) => wrapWords(note, Math.min(columns, 100), ascii));
  return [
    paint("heading", escapeText(title, { ascii })),
    ...(command === null ? [] : [`command    ${escapeText(commandText(command), { ascii })}`]),
    "",
    ...table,
    "",
    ...notes,
  ].join("\n") + "\n";
}

function sessionColumns(
  sessions: readonly ListedSession[],
  width: number,
  ascii: boolean,
): Column<ListedSession>[] {
  const right = (title: string, rank: number, cell: (session: ListedSession) => string) => (
    { title, align: "right", rank, cell } as const
  );
  const left = (title: string, rank: number, cell: (session: ListedSession) => string) => (
    {
      title,
      align: "left",
      rank,
      cell: (session: ListedSession) => escapeText(cell(session), { ascii }),
    } as const
  );
  const has = (field: keyof ListedSession) => sessions.some((session) => session[field] !== undefined);
  const isCut = ({ opened, closed, state }: ListedSession) => (
    opened === null || closed === null || state === "unsure"
  );
  return [
    right("TIME", 0, ({ total_ns }) => formatDuration(total_ns, { ascii })),
    right("CALLS", 3, ({ calls }) => formatCount(calls)),
    right("READ", 0, ({ read_bytes }) => formatBytes(read_bytes)),
    right("WRITTEN", 0, ({ write_bytes }) => formatBytes(write_bytes)),
    ...(has("fetched_bytes") ? [right("CACHED%", 1, cachedOf)] : []),
    right("SEEKS", 5, ({ seeks }) => formatCount(seeks)),
    right("SYNCS", 5, ({ syncs }) => formatCount(syncs)),
    ...(sessions.some(({ flags }) => flags !== null)
      ? [left("FLAGS", 4, ({ flags }) => flagsText(flags))]
      : []),
    left("ACCESS", 2, ({ access }) => access ?? "-"),
    right(
      "OPEN FOR",
      4,
      (session) => `${isCut(session) ? ">" : ""}${formatDuration(session.duration_ns, { ascii })}`,
    ),
    left("STATE", 4, ({ state }) => state),
    left(
      "BY",
      1,
      ({ comm, pid, opened_by }) => `${visibleName(comm)} (${pid})${opened_by === null ? "?" : ""}`,
    ),
    ...(has("stack") ? [stackColumn(left("STACK", 2, ({ stack }) => stack ?? "-"), ascii)] : []),
    pathColumn("FILE", { width, ascii, columns: null }, ({ path }) => path),
  ];
}

/** The part that was cached; `-` where that is not known, and for reads past the cache. */
function cachedOf({ read_bytes, fetched_bytes, flags }: ListedSession): string {
  const isDirect = flags?.split("|").includes("O_DIRECT");
  return fetched_bytes === undefined || isDirect ? "-" : cachedShare({ read_bytes, fetched_bytes });
}

/** Stacks give way to paths: the innermost functions tell most. */
function stackColumn(column: Column<ListedSession>, ascii: boolean): Column<ListedSession> {
  const shorten = (text: string, width: number) => shortenStart(text, width, ascii);
  return { ...column, flexible: { min: MIN_STACK, shorten } };
}

/** Sentences about what is not in the table, or not known. */
function notesOf({ sessions, cut, folded, sees_processes, loss, covers, sampling }: FilesDocument): string[] {
  const away = sampledAway({ sampling });
  const has = (holds: (session: ListedSession) => boolean) => sessions.some(holds);
  const count = (number: number, more: string) =>
    `${formatCount(number)} ${more}${number === 1 ? "session" : "sessions"}`;
  return [
    ...(cut > 0 ? [`${count(cut, "more ")}; --top 0 shows all.`] : []),
    ...(folded > 0 ? [`${count(folded, "")} with less time did not fit into memory and are left out.`] : []),
    ...(has(({ opened_by }) => opened_by === null)
      ? [
        '"?": the open was not seen; it was before the trace, is not among the calls, or the descriptor was passed on.',
      ]
      : []),
    ...(has(({ state }) => state === "unsure")
      ? [
        '"unsure": open or closed; it was there before the trace, its descriptor shows another file since, ' +
        "or its process has run another program or closed a range since.",
      ]
      : []),
    ...(has(({ access }) => access === "unknown")
      ? [
        '"unknown": where in the file most calls were is not known: copies, io_uring, and pread recorded without --arguments.',
      ]
      : []),
    ...(sees_processes || sessions.length === 0 ? [] : [
      "No call that makes or ends a process is among these: what such a process had open counts as open.",
    ]),
    ...(covers === undefined ? [] : [`Covers ${coversText(covers)}.`]),
    ...(away === 0 ? [] : [
      `${
        formatCount(away)
      } CALLS WERE SAMPLED AWAY AND ARE NOT COUNTED: sessions may be cut, and every number may be too low.`,
    ]),
    lossNote(loss),
  ];
}

function lossNote({ state, calls }: FilesDocument["loss"]): string {
  if (state === "none") return "No call was lost.";
  const lost = state === "unknown"
    ? "IT IS UNKNOWN WHETHER CALLS WERE LOST"
    : `${formatCount(calls ?? 0)} CALLS WERE LOST`;
  return `${lost}: sessions may be cut, and every number may be too low.`;
}
