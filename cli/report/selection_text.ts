/** The selection of a trace, as options. */
import { formatDuration } from "../text/format.ts";
import { quoteWord } from "../text/quote_word.ts";

/** Entries of the selection that are not options: derived ones, and those of a replay. */
const NOT_OPTIONS = ["families", "replayed", "recordings"];

/** The options of a selection without those that are the default; nothing is escaped. */
export function selectionOptions(selection: Record<string, unknown>, ascii: boolean): string[] {
  const { replayed } = selection;
  // The selection of the trace, and that of the replay.
  const asked = typeof replayed === "object" && replayed !== null ? Object.entries(replayed) : [];
  return [...Object.entries(selection), ...asked]
    .filter(([name, value]) =>
      !NOT_OPTIONS.includes(name) && !(name === "family" && valueText(value) === "FS")
    )
    .map(([name, value]) => optionText(name, value, ascii));
}

function optionText(name: string, value: unknown, ascii: boolean): string {
  if (name === "follow" && value === false) return "--no-follow";
  const option = `--${name.replace(/_ns$/, "").replaceAll("_", "-")}`;
  if (value === true) return option;
  if (name === "where") return `${option} ${quoteWord(valueText(value))}`;
  const isDuration = name.endsWith("_ns") && typeof value === "number";
  return `${option} ${isDuration ? formatDuration(value, { ascii }) : valueText(value)}`;
}

/** A value of the selection. A document from elsewhere may hold an object, whose `toString` is no function. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
