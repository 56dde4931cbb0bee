/** Reads folded stacks, written by ior or by other programs. */
import { IorError } from "../../runtime/errors.ts";
import type { FlameProfile, TrieMetric } from "../../runtime/flame.ts";
import { escapeText } from "../text/escape.ts";
import { shortenEnd } from "../text/shorten.ts";
import type { FlameDiff } from "./diff.ts";
import { NO_FRAME, unescapeFrame } from "./folded_frame.ts";
import { emptyValues, type FlameShape, ProfileBuilder, ROOT } from "./profile_builder.ts";

/** A stack and its value. A stack written by another program may contain spaces. */
const ONE_VALUE = /^(.*\S)\s+(\d+(?:\.0*)?)$/;

/** A stack and two values, before and after. */
const TWO_VALUES = /^(.*\S)\s+(\d+(?:\.0*)?)\s+(\d+(?:\.0*)?)$/;

/** Maximum columns of a bad line shown in an error. */
const SHOWN_COLUMNS = 60;

/** The file that is read, and the metric of its values. */
export interface FoldedOptions {
  /** Name of the file, for errors. */
  name: string;
  /** The metric of the values, which folded stacks do not name. */
  metric: TrieMetric;
}

/** Whether every line has two values, as in a difference. */
export function isFoldedDiff(text: string): boolean {
  const lines = linesOf(text);
  return lines.length > 0 && lines.every(({ line }) => TWO_VALUES.test(line));
}

/**
 * Reads a flamegraph with one metric. The fields of its frames are unknown, so `fields` is empty. Throws an
 * {@linkcode IorError} of code `usage` for a line that is not a stack with a value.
 */
export function readFolded(text: string, options: FoldedOptions): FlameProfile {
  const { shape, columns: [own] } = readLines(
    text,
    ONE_VALUE,
    "a stack, a space and a whole number",
    options,
  );
  return { ...shape, own: { ...emptyValues(shape.length), [options.metric]: own } };
}

/** Reads a difference; otherwise as {@linkcode readFolded}. */
export function readFoldedDiff(text: string, options: FoldedOptions): FlameDiff {
  const wanted = "a stack and two whole numbers with spaces between";
  const { shape, columns: [before, after] } = readLines(text, TWO_VALUES, wanted, options);
  const values = (column: Float64Array) => ({ ...emptyValues(shape.length), [options.metric]: column });
  return { ...shape, before: values(before), after: values(after) };
}

function readLines(
  text: string,
  form: RegExp,
  wanted: string,
  { name }: FoldedOptions,
): { shape: FlameShape; columns: Float64Array[] } {
  const builder = new ProfileBuilder([]);
  const stacks: { node: number; values: number[] }[] = [];
  for (const { number, line } of linesOf(text)) {
    const [, stack, ...values] = form.exec(line) ?? [];
    if (stack === undefined) throw lineError(name, number, line, `it must be ${wanted}`);
    const numbers = values.map(Number);
    if (!numbers.every(Number.isSafeInteger)) {
      throw lineError(name, number, line, "its value must be below 2^53");
    }
    stacks.push({ node: insert(builder, stack), values: numbers });
  }
  const shape = builder.shape();
  const columns = form === TWO_VALUES ? [0, 1] : [0];
  return {
    shape,
    columns: columns.map((column) => {
      const own = new Float64Array(shape.length);
      for (const { node, values } of stacks) own[node] += values[column];
      return own;
    }),
  };
}

function insert(builder: ProfileBuilder, stack: string): number {
  if (stack === NO_FRAME) return ROOT;
  return stack.split(";").reduce((parent, frame) => builder.node(parent, 0, unescapeFrame(frame)), ROOT);
}

/** Lines that are not blank, with their numbers, counted from 1. */
function linesOf(text: string): { number: number; line: string }[] {
  return text.split(/\r?\n/).map((line, i) => ({ number: i + 1, line: line.trim() }))
    .filter(({ line }) => line !== "");
}

function lineError(name: string, number: number, line: string, wanted: string): IorError {
  const shown = shortenEnd(escapeText(line), SHOWN_COLUMNS);
  return new IorError("usage", `Cannot read ${escapeText(name)}: line ${number} is \`${shown}\`, ${wanted}`, {
    hint: "Folded stacks are lines such as `dd;write;/tmp/x 4096`",
  });
}
