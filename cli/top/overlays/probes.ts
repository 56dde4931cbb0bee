/** The list of system calls and families to turn on and off. */
import type { ProbeState } from "../../../runtime/contracts.ts";
import type { Content } from "../content.ts";
import { cutLine, span } from "../line.ts";
import type { Overlay } from "../model.ts";

type Probes = Extract<Overlay, { kind: "probes" }>;

/** Columns of a name. */
const NAME = 24;

/** A row: a call, or the calls of a family. */
export interface ProbeRow {
  name: string;
  states: readonly ProbeState[];
}

/** The rows whose name has what is typed. */
export function probeRows(states: readonly ProbeState[], { families, typed }: Probes): ProbeRow[] {
  const rows = families
    ? [...Map.groupBy(states, ({ family }) => family)].map(([name, states]) => ({ name, states }))
    : states.map((state) => ({ name: state.syscall, states: [state] }));
  return rows.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
}

/** The rows as a list. */
export function probeContent(rows: readonly ProbeRow[]): Content {
  return {
    length: rows.length,
    id: (index) => rows[index].name,
    text: (index) => rows[index].name,
    heading: () => null,
    line(index, width) {
      const { name, states } = rows[index];
      const [active, available] = countsOf(states);
      const mark = available === 0 ? "   " : active === 0 ? "[ ]" : active === available ? "[x]" : "[~]";
      const note = states.length > 1
        ? `${active} of ${available} calls`
        : states[0].unavailable ?? states[0].family;
      return cutLine([
        span(`${mark} ${name.padEnd(NAME)} `, available === 0 ? "quiet" : "plain"),
        span(note, "quiet"),
      ], width);
    },
    empty: "No call has this name",
  };
}

/** The calls to toggle so that all rows are on, or off. */
export function toggledAll(rows: readonly ProbeRow[], isOn: boolean): string[] {
  return rows.flatMap(({ states }) => states)
    .filter((state) => state.unavailable === null && state.active !== isOn).map(({ syscall }) => syscall);
}

function countsOf(states: readonly ProbeState[]): [active: number, available: number] {
  const available = states.filter(({ unavailable }) => unavailable === null);
  return [available.filter(({ active }) => active).length, available.length];
}
