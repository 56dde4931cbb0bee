/** The options of `ior files`, as rows. */
import { SESSION_SORTS, type SessionSort } from "../files/sorts.ts";
import { option, toggle } from "./option.ts";
import { readChoice, readWholeNumber } from "./values.ts";

/** More sessions than are kept. */
const TOP_MAX = 1_000_000;

/** Sessions that the table shows by default. */
const TOP = 20;

/** What the document has, and in what order. */
export const FILES_OPTIONS = [
  toggle({ key: "json", long: "--json", group: "Output", summary: "print one JSON document" }),
  toggle({
    key: "parquet",
    long: "--parquet",
    group: "Output",
    summary: "write a row for each file as Parquet",
  }),
  option({
    key: "top",
    long: "--top",
    value: "N",
    example: "50",
    group: "Output",
    summary: `sessions that are shown, 0 for all (default ${TOP}; all with --json and --parquet)`,
    initial: null as number | null,
    read: (text) => readWholeNumber("--top", text, 0, TOP_MAX),
  }),
  option({
    key: "sort",
    long: "--sort",
    value: "KEY",
    example: "read",
    offers: SESSION_SORTS,
    group: "Output",
    summary: `sort by ${SESSION_SORTS.join(", ")} (default time)`,
    initial: "time" as SessionSort,
    read: (text) => readChoice("--sort", text, "key", SESSION_SORTS),
  }),
];

/** The number of sessions to show, `null` for all. */
export function shownSessions(
  { top, json, parquet }: { top: number | null; json: boolean; parquet: boolean },
): number | null {
  if (top === 0 || (top === null && (json || parquet))) return null;
  return top ?? TOP;
}
