/** What stands out in a report, as data. */
import type { Report } from "../../runtime/report.ts";
import { formatCount } from "../text/format.ts";
import { type Finding, RULES } from "./rules.ts";

/** Maximum number of lines of advice: as many as a reader takes in at once. */
const ADVICE_MAX = 5;

/** One line of advice, as `--json` has it. */
export interface Advice {
  /** Stable name of the rule that found it. */
  id: string;
  /** What stands out and what to look at, one sentence without a full stop. */
  text: string;
  /** The numbers in the sentence, by name: times in nanoseconds, sizes in bytes, shares from 0 to 1. */
  numbers: Record<string, number | string | null>;
}

/**
 * What stands out in `report`, at most five lines, those that concern most time first, loss before everything.
 * Equal reports give equal advice. The report must not be cut: rules do not see what `--top` hides.
 */
export function advise(report: Report): Advice[] {
  return findings(report).map(({ id, sentence, place, hint, numbers }) => ({
    id,
    text: sentence(false) + (place === null ? "" : placeStart(place) + place.path) + ending(place, hint),
    numbers: place === null ? numbers : {
      ...numbers,
      path: place.path,
      ...(place.calls === null ? {} : { path_calls: place.calls }),
    },
  }));
}

type Place = Finding["place"];

/** Text before the path of a place. */
export function placeStart(place: Place): string {
  return place === null ? "" : place.calls === null ? ": " : ", most in ";
}

/** Text after it, or after a sentence without a place. */
export function ending(place: Place, hint: string | null): string {
  const calls = place?.calls ?? null;
  const count = calls === null ? "" : ` (${formatCount(calls)} ${calls === 1 ? "call" : "calls"})`;
  return count + (hint === null ? "" : `: ${hint}`);
}

/** The findings of the rules, most time first. */
export function findings(report: Report): Finding[] {
  return RULES.map((rule) => rule(report)).filter((finding) => finding !== null)
    .sort((a, b) => b.concernsNs - a.concernsNs)
    .slice(0, ADVICE_MAX);
}
