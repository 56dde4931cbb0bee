/** What a trace selects, as the options that ask for it. */
import { formatDuration } from "../text/format.ts";

/** Entries of the selection that are no option: what others lead to, and what was asked of a recording. */
const NOT_OPTIONS = ["families", "replayed", "recordings"];

/** The options of a selection without those that are the default; nothing is escaped. */
export function selectionOptions(selection: Record<string, unknown>, ascii: boolean): string[] {
  const { replayed } = selection;
  // What was recorded, and what was asked of the recording.
  const asked = typeof replayed === "object" && replayed !== null ? Object.entries(replayed) : [];
  return [...Object.entries(selection), ...asked]
    .filter(([name, value]) => !NOT_OPTIONS.includes(name) && !(name === "family" && String(value) === "FS"))
    .map(([name, value]) => optionText(name, value, ascii));
}

function optionText(name: string, value: unknown, ascii: boolean): string {
  if (name === "follow" && value === false) return "--no-follow";
  const option = `--${name.replace(/_ns$/, "").replaceAll("_", "-")}`;
  if (value === true) return option;
  if (name.endsWith("_ns")) return `${option} ${formatDuration(Number(value), { ascii })}`;
  return `${option} ${Array.isArray(value) ? value.join(",") : String(value)}`;
}
