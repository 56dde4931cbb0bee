/** The selection of a trace, as options. */
import { formatExactDuration } from "../../runtime/units.ts";
import { quoteWord } from "../text/quote_word.ts";

/** Entries of the selection that are not options: derived ones, and those of a replay. */
const NOT_OPTIONS = ["families", "replayed", "recordings"];

/** Lists of patterns: a comma within one has a backslash. */
const PATTERNS = ["comm", "no_comm", "path", "no_path"];

/** The options of a selection as a shell takes them, without those that are the default; nothing is escaped. */
export function selectionOptions(selection: Record<string, unknown>): string[] {
  const { replayed } = selection;
  // The selection of the trace, and that of the replay.
  const asked = typeof replayed === "object" && replayed !== null ? Object.entries(replayed) : [];
  return [...Object.entries(selection), ...asked]
    .filter(([name, value]) =>
      !NOT_OPTIONS.includes(name) && !(name === "family" && valueText(value) === "FS")
    )
    .map(([name, value]) => optionText(name, value));
}

function optionText(name: string, value: unknown): string {
  if (name === "follow" && value === false) return "--no-follow";
  const option = `--${name.replace(/_ns$/, "").replaceAll("_", "-")}`;
  if (value === true) return option;
  const text = name.endsWith("_ns") && Number.isSafeInteger(value)
    ? formatExactDuration(Number(value))
    : PATTERNS.includes(name) && Array.isArray(value)
    ? value.map((pattern) => valueText(pattern).replaceAll(",", "\\,")).join(",")
    : valueText(value);
  return `${option} ${quoteWord(text)}`;
}

/** A value of the selection. A document from elsewhere may hold an object, whose `toString` is no function. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
