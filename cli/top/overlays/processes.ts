/** The list of processes to choose from. */
import type { Expression } from "../../../runtime/expression/mod.ts";
import type { ProcessStats } from "../../../runtime/stats.ts";
import { escapeText } from "../../text/escape.ts";
import { formatCount, formatDuration } from "../../text/format.ts";
import { padText } from "../../text/width.ts";
import type { Content } from "../content.ts";
import { cutLine, span } from "../line.ts";
import { busyNs } from "../measured.ts";
import { type Model, type Overlay, shown } from "../model.ts";

type Chooser = Extract<Overlay, { kind: "processes" }>;

/** Columns of a PID, a count and a time. */
const PID = 8;
const COUNT = 12;
const TIME = 8;

/** The processes whose name or number has what is typed; the first row is all of them. */
export function processChoices(model: Model, { typed }: Chooser): Content {
  const { ascii } = model;
  const processes = (shown(model).now?.stats.processes ?? [])
    .filter(({ pid, comm }) => pid !== 0 && `${pid} ${comm}`.toLowerCase().includes(typed.toLowerCase()));
  // Whoever types a name does not mean all of them.
  const rows: (ProcessStats | null)[] = ["", "all"].includes(typed) ? [null, ...processes] : processes;
  return {
    length: rows.length,
    id: (index) => rows[index] === null ? "all" : `${rows[index].pid} ${rows[index].startedNs}`,
    text: (index) => rows[index]?.comm ?? "all",
    heading: () => [
      span(
        `${padText("PID", PID, "right")} ${padText("CALLS", COUNT, "right")} ${
          padText("TIME", TIME, "right")
        }  COMMAND`,
        "heading",
      ),
    ],
    line(index, width) {
      const row = rows[index];
      if (row === null) return cutLine([span(`${padText("all", PID, "right")}  every process`)], width);
      const time = formatDuration(busyNs(row), { ascii });
      return cutLine([
        span(`${padText(String(row.pid), PID, "right")} ${padText(formatCount(row.calls), COUNT, "right")} `),
        span(`${padText(time, TIME, "right")}  ${escapeText(row.comm, { ascii })}`),
      ], width);
    },
    narrow: (index) => rows[index] === null ? null : pidIs(rows[index].pid),
    empty: "No such process",
  };
}

function pidIs(pid: number): Expression {
  return { kind: "number", field: "pid", operator: "=", values: [pid] };
}
