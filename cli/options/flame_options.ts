/** The options of flamegraphs, as rows. */
import { TRIE_FIELDS, TRIE_METRICS, type TrieField, type TrieMetric } from "../../runtime/flame.ts";
import { FLAME_FORMATS, type FlameFormat, formatOfName } from "../flame/formats.ts";
import { DEFAULTS } from "./defaults.ts";
import { option, toggle, type ValuesOf } from "./option.ts";
import type { Given } from "./refusals.ts";
import { FROM_OPTION } from "./run_options.ts";
import { badValue, readChoice, readDistinctChoices, readText } from "./values.ts";

/** What a flamegraph is made of. */
export interface FlameShape {
  /** Frames from the root outwards. */
  fields: TrieField[];
  /** What a width counts. */
  metric: TrieMetric;
}

/** A flamegraph to write beside something else. */
export interface FlameBeside extends FlameShape {
  /** Name of the file. */
  path: string;
}

const FORMAT_NAMES = FLAME_FORMATS.map(({ name }) => name);

/** Options of the shape of a flamegraph. */
export const SHAPE_OPTIONS = [
  option({
    key: "fields",
    long: "--fields",
    value: "LIST",
    example: "path,syscall",
    offers: TRIE_FIELDS,
    group: "Flamegraph",
    summary: `frames from the root outwards: ${TRIE_FIELDS.join(", ")} (default ${
      DEFAULTS.fields.join(",")
    }, with --stacks ${DEFAULTS.fieldsWithStacks.join(",")})`,
    initial: [...DEFAULTS.fields] as TrieField[],
    read: (text) => readDistinctChoices("--fields", text, "field", TRIE_FIELDS),
  }),
  option({
    key: "metric",
    long: "--metric",
    value: "NAME",
    example: "bytes",
    offers: TRIE_METRICS,
    group: "Flamegraph",
    summary: `what a width counts: ${TRIE_METRICS.join(", ")} (default ${DEFAULTS.metric})`,
    initial: DEFAULTS.metric as TrieMetric,
    read: (text) => readChoice("--metric", text, "metric", TRIE_METRICS),
  }),
];

/** The frames of a flamegraph: with `--stacks` those of the code that makes the calls are among them by default. */
export function flameFields(
  { fields, stacks }: Pick<ValuesOf<typeof SHAPE_OPTIONS>, "fields"> & { stacks: boolean },
  given: Given,
): TrieField[] {
  return stacks && !given.has("--fields") ? [...DEFAULTS.fieldsWithStacks] : fields;
}

/** Options of `ior flame`. */
export const FLAME_OPTIONS = [
  FROM_OPTION,
  ...SHAPE_OPTIONS,
  toggle({
    key: "split",
    long: "--split",
    group: "Flamegraph",
    summary: "one file for each metric: out.count.svg, out.duration.svg, ...",
  }),
  toggle({
    key: "inverted",
    long: "--inverted",
    group: "Flamegraph",
    summary: "draw an SVG or a page with the root at the bottom",
  }),
  toggle({
    key: "diff",
    long: "--diff",
    group: "Source",
    summary: "compare two recordings or flamegraphs: ior flame --diff BEFORE AFTER",
  }),
  option({
    key: "flameFormat",
    long: "--format",
    value: "NAME",
    example: "svg",
    offers: FORMAT_NAMES,
    group: "Output",
    summary: `${FORMAT_NAMES.join(", ")} (default: by the extension of --output, otherwise text)`,
    initial: null as FlameFormat | null,
    read: (text) => {
      // A Chrome trace has a slice per call; a flamegraph only has sums.
      if (text === "chrome") {
        throw badValue(
          "--format",
          text,
          "it is a format of rows",
          "ior stream --format chrome -o trace.json writes a slice per call",
        );
      }
      return readChoice("--format", text, "format", FORMAT_NAMES);
    },
  }),
];

/** Writes a flamegraph beside a report. */
export const FLAME_BESIDE_OPTIONS = [
  option({
    key: "flame",
    long: "--flame",
    value: "FILE",
    example: "flame.html",
    offers: "files",
    group: "Output",
    summary: "also write a flamegraph, in the format of the extension, as ior flame -o FILE",
    initial: null as string | null,
    read: (text) => {
      formatOfName(readText("--flame", text));
      return text;
    },
  }),
  ...SHAPE_OPTIONS,
];
