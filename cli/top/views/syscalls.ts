/** The view of system calls. */
import { measureColumns, type MeasuredRow, MEASURES_HELP, WAITS_HELP } from "../measured.ts";
import type { SyscallStats } from "../../../runtime/stats.ts";
import { shortenEnd } from "../../text/shorten.ts";
import { rateSeconds } from "../data.ts";
import { type Model, shown } from "../model.ts";
import { sortRows, type TableColumns, tableContent } from "../table.ts";
import type { View } from "./view.ts";

type SyscallRow = MeasuredRow & { now: SyscallStats };

/** System calls with their latencies. */
export const SYSCALLS_VIEW: View = {
  id: "syscalls",
  title: "Calls",
  about: ["System calls with their rates, sums and latencies.", ...MEASURES_HELP, WAITS_HELP],
  keys: [],
  lines: () => [],
  content(model) {
    const data = shown(model);
    const before = new Map(data.before?.stats.syscalls.map((row) => [row.nr, row]));
    const rows = (data.now?.stats.syscalls ?? []).map((row): SyscallRow => (
      { id: String(row.nr), now: row, before: before.get(row.nr) ?? null }
    ));
    const columns = columnsOf(model);
    const list = model.lists.syscalls;
    const sorted = sortRows(rows, columns, list);
    return tableContent(sorted, columns, list, {
      id: (index) => sorted[index].id,
      narrow: (index) => (
        { kind: "text", field: "syscall", operator: "=", values: [sorted[index].now.syscall] }
      ),
      empty: "No calls yet",
    });
  },
};

function columnsOf(model: Model): TableColumns<SyscallRow> {
  const { ascii } = model;
  return {
    name: {
      sort: "name",
      title: "SYSCALL",
      min: 17,
      isLast: false,
      text: ({ now }) => now.syscall,
      shorten: (text, width) => shortenEnd(text, width, ascii),
    },
    numbers: measureColumns<SyscallRow>(
      [
        "calls/s",
        "busy%",
        "bytes/s",
        "calls",
        "errors",
        "read",
        "written",
        "time",
        "spent",
        "wait",
        "iowait",
        "blocked",
        "queue",
        "mean",
        "p50",
        "p99",
        "max",
      ],
      [
        "time",
        "spent",
        "calls/s",
        "calls",
        "wait",
        "p99",
        "errors",
        "busy%",
        "max",
        "p50",
        "bytes/s",
        "mean",
        "read",
        "written",
      ],
      { seconds: rateSeconds(shown(model)), ascii, stats: shown(model).now?.stats },
    ),
    usualSort: "time",
    ascii,
  };
}
