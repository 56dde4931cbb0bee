import { matches, showFound, showWanted, type Values, type Wanted, wantedRow } from "./expected.ts";
import type { Window } from "./rows.ts";
import type { RowRecord } from "./rows.ts";
import type { Scenario } from "./scenario.ts";

/** What a comparison gives: the found row of each expected one, and the lines of a difference, empty when there is none. */
export interface Comparison {
  found: (RowRecord | undefined)[];
  difference: string[];
}

/** Compares the rows of a scenario with what they must be. */
export function compareRows(scenario: Scenario, window: Window, values: Values): Comparison {
  const wanted = scenario.rows.map((row) => wantedRow(row, values));
  const { labels } = values;
  const pairs: (RowRecord | undefined)[] = wanted.map(() => undefined);
  const difference: string[] = [];
  const groups = scenario.order === "any"
    ? [{ wanted, found: window.rows }]
    : [...new Set([...wanted.map((row) => row.process), ...window.rows.map(labels.of)])].map((label) => ({
      wanted: wanted.filter((row) => row.process === label),
      found: window.rows.filter((row) => labels.of(row) === label),
    }));
  for (const group of groups) {
    const same = (i: number, j: number) => matches(group.wanted[i], group.found[j], labels);
    const matched = scenario.order === "any"
      ? matchAny(group.wanted, group.found, same)
      : alignment(group.wanted, group.found, same);
    for (const [i, j] of matched) pairs[wanted.indexOf(group.wanted[i])] = group.found[j];
    if (matched.length < Math.max(group.wanted.length, group.found.length)) {
      difference.push(...differenceLines(group, matched, scenario, values));
    }
  }
  return { found: pairs, difference };
}

type Same = (i: number, j: number) => boolean;

/** Each expected row with a found one of its own, those that fit in fewest places first. */
function matchAny(wanted: Wanted[], found: RowRecord[], same: Same): [number, number][] {
  const options = wanted.map((_, i) => found.keys().filter((j) => same(i, j)).toArray());
  const taken = new Set<number>();
  const pairs: [number, number][] = [];
  for (const i of [...wanted.keys()].sort((a, b) => options[a].length - options[b].length)) {
    const j = options[i].find((option) => !taken.has(option));
    if (j === undefined) continue;
    taken.add(j);
    pairs.push([i, j]);
  }
  return pairs;
}

/** The longest run of pairs in order. */
function alignment(wanted: Wanted[], found: RowRecord[], same: Same): [number, number][] {
  const rows = wanted.length, columns = found.length;
  const length = Array.from({ length: rows + 1 }, () => new Int32Array(columns + 1));
  const equal = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => same(i, j)));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      length[i][j] = equal[i][j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (equal[i][j]) pairs.push([i++, j++]);
    else if (length[i + 1][j] >= length[i][j + 1]) i++;
    else j++;
  }
  return pairs;
}

function differenceLines(
  group: { wanted: Wanted[]; found: RowRecord[] },
  matched: [number, number][],
  scenario: Scenario,
  values: Values,
): string[] {
  const lines: string[] = [];
  const show = (row: RowRecord) => showFound(row, values.labels, scenario.rows);
  let j = 0;
  const byWanted = new Map(matched);
  const usedFound = new Set(matched.map(([, index]) => index));
  const skipFound = (end: number) => {
    for (; j < end; j++) if (!usedFound.has(j)) lines.push(`+ ${show(group.found[j])}`);
  };
  group.wanted.forEach((row, i) => {
    const index = byWanted.get(i);
    if (index === undefined) lines.push(`- ${showWanted(row)}`);
    else {
      skipFound(index);
      lines.push(`  ${showWanted(row)}`);
    }
  });
  skipFound(group.found.length);
  return lines;
}
