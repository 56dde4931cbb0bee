/** The list of processes or threads to choose from. */
import type { Measures } from "../../../runtime/stats.ts";
import { escapeName } from "../../text/escape.ts";
import { formatCount, formatDuration } from "../../text/format.ts";
import { padText } from "../../text/width.ts";
import type { Content } from "../content.ts";
import { cutLine, span } from "../line.ts";
import { busyNs } from "../measured.ts";
import { type Model, type Overlay, shown } from "../model.ts";
import { number, PROCESS_GROUPS, rowsOfGroup } from "../views/processes.ts";
import type { ShownTables } from "../views/view.ts";

type Chooser = Extract<Overlay, { kind: "tasks" }>;

/** What the list is made of. */
export function taskNeeds({ of }: Chooser): ShownTables {
  return { tables: of === "process" ? ["processes"] : ["groups"] };
}

/** A process or thread. */
interface Task {
  id: string;
  /** PID or TID. */
  number: number;
  comm: string;
  measures: Measures;
}

/** Columns of a number, a count and a time. */
const NUMBER = 8;
const COUNT = 12;
const TIME = 8;

/** Those whose name or number has what is typed; the first row is all of them, then comes most time. */
export function taskChoices(model: Model, { of, typed }: Chooser): Content {
  const { ascii } = model;
  const tasks = (of === "process" ? processesOf(model) : threadsOf(model))
    .filter(({ number, comm }) => `${number} ${comm}`.toLowerCase().includes(typed.toLowerCase()))
    .sort((a, b) => busyNs(b.measures) - busyNs(a.measures));
  // Whoever types a name does not mean all of them.
  const rows: (Task | null)[] = ["", "all"].includes(typed) ? [null, ...tasks] : tasks;
  return {
    length: rows.length,
    id: (index) => rows[index]?.id ?? "all",
    text: (index) => rows[index]?.comm ?? "all",
    heading: () => [
      span(
        `${padText(of === "process" ? "PID" : "TID", NUMBER, "right")} ${padText("CALLS", COUNT, "right")} ${
          padText("TIME", TIME, "right")
        }  COMMAND`,
        "heading",
      ),
    ],
    line(index, width) {
      const row = rows[index];
      if (row === null) return cutLine([span(`${padText("all", NUMBER, "right")}  every ${of}`)], width);
      const { number, comm, measures } = row;
      const time = formatDuration(busyNs(measures), { ascii });
      return cutLine([
        span(`${padText(String(number), NUMBER, "right")} `),
        span(`${padText(formatCount(measures.calls), COUNT, "right")} `),
        span(`${padText(time, TIME, "right")}  ${escapeName(comm, { ascii })}`),
      ], width);
    },
    narrow: (index) =>
      rows[index] === null ? null : number(of === "process" ? "pid" : "tid", rows[index].number),
    empty: `No such ${of}`,
  };
}

function processesOf(model: Model): Task[] {
  return (shown(model).now?.stats.processes ?? [])
    .filter(({ pid }) => pid !== 0)
    .map((row) => ({ id: `${row.pid} ${row.startedNs}`, number: row.pid, comm: row.comm, measures: row }));
}

function threadsOf(model: Model): Task[] {
  return rowsOfGroup(shown(model).now?.stats ?? null, PROCESS_GROUPS[0]).flatMap((row) => {
    const [, thread] = row.values;
    if (thread.key !== "thread") return [];
    const { tid, comm } = thread;
    return [{ id: JSON.stringify(row.values), number: tid, comm, measures: row }];
  });
}
