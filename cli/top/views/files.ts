/** The view of files, as a list or as a tree of directories. */
import { isUnknownName } from "../../../runtime/event_batch.ts";
import type { Expression } from "../../../runtime/expression/mod.ts";
import {
  type DirectoryStats,
  type FileStats,
  OTHER_NAME,
  type StatsSnapshot,
} from "../../../runtime/stats.ts";
import { escapeName, escapeText } from "../../text/escape.ts";
import { shortenPath } from "../../text/shorten.ts";
import { type Content, selectedIndex } from "../content.ts";
import { rateSeconds } from "../data.ts";
import { CACHE_HELP, measureColumns, type MeasuredRow, MEASURES_HELP, WAITS_HELP } from "../measured.ts";
import { type Model, shown, step, withList } from "../model.ts";
import { leftOutLines, neededRows, sortRows, type TableColumns, tableContent } from "../table.ts";
import { foldByKey, treeMark, type TreeRow } from "./tree.ts";
import type { View } from "./view.ts";

/** Fewest columns of a name, and the part of the width that it gets at least. */
const MIN_NAME = 18;
const NAME_SHARE = 0.36;

const USUAL_SORT = "time";

interface FileRow extends MeasuredRow, TreeRow {
  /** Escaped: the whole path, or in a tree what comes after the directory above. */
  name: string;
  condition: Expression | null;
}

/** Files and directories. */
export const FILES_VIEW: View = {
  id: "files",
  title: "Files",
  about: [
    "Files, or a tree of directories with everything below them (d). What is waited for, such as pipes, is in neither.",
    ...MEASURES_HELP,
    WAITS_HELP,
    CACHE_HELP,
  ],
  keys: [["d", "files or directories"], ["right", "unfold a directory"], ["left", "fold it"]],
  needs(model) {
    if (model.isTree) return { tables: ["files", "directories"] };
    return { tables: ["files"], maxFiles: neededRows(model, model.lists.files, USUAL_SORT) };
  },
  lines: (model, { width }) => model.isTree ? [] : leftOutLines(model, "files", width),
  content: (model) => contentOf(model, rowsOf(model)),
  press(model, key) {
    if (key === "d") {
      return step(
        withList({ ...model, isTree: !model.isTree }, "files", { selected: null, index: 0, top: 0 }),
      );
    }
    if (!model.isTree) return null;
    const rows = rowsOf(model);
    const index = selectedIndex(contentOf(model, rows), model.lists.files);
    return foldByKey(model, "files", { rows, index, key });
  },
};

function contentOf(model: Model, rows: readonly FileRow[]): Content {
  return tableContent(rows, columnsOf(model), model.lists.files, {
    id: (index) => rows[index].id,
    narrow: (index) => rows[index].condition,
    empty: "No files yet",
  });
}

function rowsOf(model: Model): FileRow[] {
  return model.isTree ? treeRows(model) : sortRows(fileRows(model), columnsOf(model), model.lists.files);
}

function fileRows(model: Model): FileRow[] {
  const { now, before } = shown(model);
  const earlier = new Map(before?.stats.files.map((row) => [fileId(row), row]));
  return (now?.stats.files ?? []).map((row) => ({
    id: fileId(row),
    level: 0,
    isUnfolded: null,
    // Of thousands of rows a few are on the screen.
    get name() {
      return escapeName(row.path, model);
    },
    condition: fileCondition(row),
    now: row,
    // One that was left out before has no rate yet.
    before: earlier.get(fileId(row)) ?? (before?.stats.leftOut.files === undefined ? null : row),
  }));
}

/** The directories and files on the screen: those in unfolded directories. */
function treeRows(model: Model): FileRow[] {
  const { now, before } = shown(model);
  if (now === null) return [];
  const columns = columnsOf(model);
  const list = model.lists.files;
  const earlier = new Map(before?.stats.directories.map((row) => [row.path, row]));
  const directories = childrenOf(now.stats.directories.map((row) => row.path));
  const files = Map.groupBy(fileRows(model), (row) => parentOf((row.now as FileStats).path));
  const measures = new Map(now.stats.directories.map((row) => [row.path, row]));
  const rows: FileRow[] = [];
  const add = (parent: string, level: number) => {
    const below = (directories.get(parent) ?? []).map((path): FileRow => {
      const end = chainEnd(path, directories, files);
      const row = measures.get(end)!;
      return {
        id: `${end}/`,
        level,
        // Folded at first, except for the first level, which tells little.
        isUnfolded: list.flipped.has(`${end}/`) !== (level === 0),
        name: escapeText(`${nameIn(parent, end)}${end.endsWith("/") ? "" : "/"}`, model),
        condition: directoryCondition(end),
        now: row,
        before: earlier.get(end) ?? null,
      };
    });
    const own = level === 0 ? [] : (files.get(parent) ?? []).map((row) => (
      { ...row, level, name: escapeText(nameIn(parent, (row.now as FileStats).path), model) }
    ));
    for (const row of sortRows([...below, ...own], columns, list)) {
      rows.push(row);
      if (row.isUnfolded) add((row.now as DirectoryStats).path, level + 1);
    }
  };
  add("", 0);
  return rows;
}

/** Follows a directory that has nothing but one other directory in it, as those of long paths. */
function chainEnd(
  path: string,
  directories: ReadonlyMap<string, string[]>,
  files: ReadonlyMap<string, FileRow[]>,
): string {
  const below = directories.get(path) ?? [];
  return below.length === 1 && !files.has(path) ? chainEnd(below[0], directories, files) : path;
}

/** Directories by the one that they are in. */
function childrenOf(paths: readonly string[]): Map<string, string[]> {
  const known = new Set(paths);
  return Map.groupBy(paths, (path) => {
    let parent = path === "" ? "" : parentOf(path);
    while (parent !== "" && !known.has(parent)) parent = parentOf(parent);
    return parent;
  });
}

/** The directory of a path; empty for `/` and for what has no directory. */
function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return path === "/" || end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}

function nameIn(parent: string, path: string): string {
  if (parent === "" || !path.startsWith(parent)) return path;
  return path.slice(parent.length).replace(/^\//, "");
}

function fileId({ path, pathRaw }: StatsSnapshot["files"][number]): string {
  return pathRaw ?? path;
}

function fileCondition({ path, pathRaw }: FileStats): Expression | null {
  if (path === OTHER_NAME || isUnknownName(path) || pathRaw !== undefined) return null;
  return { kind: "text", field: "path", operator: "=", values: [path] };
}

/** Everything below a directory. A name with signs of a glob cannot be a pattern. */
function directoryCondition(path: string): Expression | null {
  if (!path.startsWith("/") || /[*?[\]]/.test(path)) return null;
  return { kind: "text", field: "path", operator: "~", values: [path === "/" ? "^/" : `^${path}/`] };
}

function columnsOf(model: Model): TableColumns<FileRow> {
  const { ascii, isTree, columns } = model;
  return {
    name: {
      sort: "name",
      title: isTree ? "DIRECTORY" : "FILE",
      min: Math.max(MIN_NAME, Math.floor(columns * NAME_SHARE)),
      isLast: true,
      text: ({ name }) => name,
      shorten: (text, width) => shortenPath(text, width, ascii),
      before: (row) => isTree ? treeMark(row, ascii) : "",
    },
    numbers: measureColumns<FileRow>(
      [
        "calls/s",
        "busy%",
        "bytes/s",
        "calls",
        "errors",
        "read",
        "written",
        "cached%",
        "time",
        "spent",
        "iowait",
        "blocked",
        "queue",
        "mean",
        "p99",
        "max",
      ],
      [
        "time",
        "spent",
        "cached%",
        "bytes/s",
        "calls/s",
        "read",
        "written",
        "calls",
        "busy%",
        "errors",
        "max",
        "p99",
        "mean",
      ],
      { seconds: rateSeconds(shown(model)), ascii, stats: shown(model).now?.stats },
    ),
    usualSort: USUAL_SORT,
    ascii,
  };
}
