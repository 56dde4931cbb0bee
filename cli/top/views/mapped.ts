/** The view of mapped files: what page faults read of them, outside of any call. */
import type { Expression } from "../../../runtime/expression/mod.ts";
import type { ReportMappedIo } from "../../../runtime/report.ts";
import { mappedText } from "../../report/mapped_text.ts";
import { escapeName } from "../../text/escape.ts";
import { formatBytes, formatDuration } from "../../text/format.ts";
import { shortenEnd, shortenPath } from "../../text/shorten.ts";
import { cutLine, type Line, span } from "../line.ts";
import { countText } from "../measured.ts";
import { missingOption, type Model, shown } from "../model.ts";
import { type NumberColumn, sortRows, type TableColumns, tableContent } from "../table.ts";
import type { View } from "./view.ts";

/** Fewest columns of a path, and the part of the width that it gets at least. */
const MIN_NAME = 18;
const NAME_SHARE = 0.4;

/** Columns of the name of a process. */
const COMMAND = 15;

type MappedFile = ReportMappedIo["files"][number];

interface MappedRow {
  id: string;
  file: MappedFile;
  /** Bytes a second since the last frame. */
  rate: number;
  /** Escaped. */
  path: string;
  comm: string;
}

/** Mapped I/O by process and file. */
export const MAPPED_VIEW: View = {
  id: "mapped",
  title: "Mapped",
  about: [
    "What page faults read of mapped files, outside of any call, by process and file, as LMDB and shared libraries are read. " +
    "A trace follows them with --cache.",
    "BYTES/S is of the time since the last frame; the others count since the trace began, or since the filter was changed: a " +
    "new baseline (z) changes nothing here. Conditions on processes and paths select; a page fault lacks what only calls have.",
    "MAJOR page faults waited for I/O, TIME is the time in them. For a recording they cover its whole time.",
  ],
  keys: [],
  lines: (model, { width }) => sumLines(model, width),
  content(model) {
    const columns = columnsOf(model);
    const list = model.lists.mapped;
    const rows = sortRows(rowsOf(model), columns, list);
    return tableContent(rows, columns, list, {
      id: (index) => rows[index].id,
      narrow: (index) => conditionOf(rows[index].file),
      empty: emptyText(model),
    });
  },
};

function emptyText(model: Model): string {
  const option = missingOption("mapped", model);
  if (option !== null) return `Page faults are followed with ${option}`;
  return shown(model).mapped === null
    ? "Nothing is known of mapped files"
    : "No page fault has read of a file";
}

function conditionOf({ path, path_raw }: MappedFile): Expression | null {
  return path_raw === undefined ? { kind: "text", field: "path", operator: "=", values: [path] } : null;
}

function rowsOf(model: Model): MappedRow[] {
  const { mapped, mappedBefore } = shown(model);
  if (mapped === null) return [];
  const earlier = new Map(mappedBefore?.io.files.map((file) => [idOf(file), file.mapped_bytes]));
  const seconds = mappedBefore === null ? 0 : (mapped.atNs - mappedBefore.atNs) / 1e9;
  return mapped.io.files.map((file) => ({
    id: idOf(file),
    file,
    rate: seconds > 0 ? Math.max(0, file.mapped_bytes - (earlier.get(idOf(file)) ?? 0)) / seconds : 0,
    path: escapeName(file.path, model),
    comm: escapeName(file.comm, model),
  }));
}

function idOf({ pid, path, path_raw }: MappedFile): string {
  return `${pid} ${path_raw ?? path}`;
}

/** The sums, with what is known of no file. */
function sumLines(model: Model, width: number): Line[] {
  const { mapped } = shown(model);
  const text = mapped && mappedText({ mapped_io: mapped.io }, model.ascii);
  return text === null ? [] : [cutLine([span(` ${text}`, "quiet")], width)];
}

function columnsOf(model: Model): TableColumns<MappedRow> {
  const { ascii, columns, playing } = model;
  const number = (
    title: string,
    rank: number,
    width: number,
    value: (row: MappedRow) => number | null,
    text: (value: number) => string,
  ): NumberColumn<MappedRow> => ({
    ...{ sort: title.toLowerCase(), title, rank, width, value },
    text(row) {
      const found = value(row);
      return found === null ? "-" : text(found);
    },
    style: (row) => value(row) ? "plain" : "quiet",
  });
  const duration = (ns: number) => formatDuration(ns, { ascii });
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
      // What a recording has is of its whole time.
      ...(playing === null ? [number("BYTES/S", 3, 8, ({ rate }) => rate, formatBytes)] : []),
      number("BYTES", 0, 8, ({ file }) => file.mapped_bytes, formatBytes),
      number("MAJOR", 4, 9, ({ file }) => file.major_faults, (faults) => countText(faults, 9)),
      number("TIME", 1, 7, ({ file }) => file.fault_ns, duration),
      number("PID", 5, 7, ({ file }) => file.pid, String),
      {
        ...{ sort: "command", title: "COMMAND", rank: 2, width: COMMAND, align: "left" },
        value: ({ file }) => file.pid,
        text: ({ comm }) => shortenEnd(comm, COMMAND, ascii),
      },
    ],
    usualSort: "bytes",
    ascii,
  };
}
