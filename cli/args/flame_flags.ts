/** The flags of flamegraphs and of comparisons, as rows. */
import { TRIE_FIELDS, TRIE_METRICS } from "../../runtime/flame.ts";
import { parseFailOn } from "../compare/fail_on.ts";
import { FLAME_FORMATS, formatOfName } from "../flame/formats.ts";
import { DEFAULTS } from "./defaults.ts";
import { type Flag, FROM_FLAG } from "./flags.ts";
import { badValue, readChoice, readChoices, readText } from "./values.ts";

const FORMAT_NAMES = FLAME_FORMATS.map(({ name }) => name);

/** Flags that say what a flamegraph is made of. */
export const SHAPE_FLAGS: readonly Flag[] = [
  {
    long: "--fields",
    value: "LIST",
    example: "path,syscall",
    group: "Flamegraph",
    summary: `frames from the root outwards: ${TRIE_FIELDS.join(", ")} (default ${
      DEFAULTS.fields.join(",")
    })`,
    read: (values, text) => {
      const fields = readChoices("--fields", text, "field", TRIE_FIELDS);
      if (new Set(fields).size < fields.length) {
        const once = [...new Set(fields)].join(",");
        throw badValue("--fields", text, "a field is there twice", `For instance --fields ${once}`);
      }
      values.fields = fields;
    },
  },
  {
    long: "--metric",
    value: "NAME",
    example: "bytes",
    group: "Flamegraph",
    summary: `what a width counts: ${TRIE_METRICS.join(", ")} (default ${DEFAULTS.metric})`,
    read: (values, text) => values.metric = readChoice("--metric", text, "metric", TRIE_METRICS),
  },
];

/** Flags of `ior flame`. */
export const FLAME_FLAGS: readonly Flag[] = [
  FROM_FLAG,
  ...SHAPE_FLAGS,
  {
    long: "--split",
    group: "Flamegraph",
    summary: "one file for each metric: out.count.svg, out.duration.svg, ...",
    read: (values) => values.split = true,
  },
  {
    long: "--inverted",
    group: "Flamegraph",
    summary: "the root of an SVG at the bottom",
    read: (values) => values.inverted = true,
  },
  {
    long: "--diff",
    group: "Source",
    summary: "compare two recordings or flamegraphs: ior flame --diff BEFORE AFTER",
    read: (values) => values.diff = true,
  },
  {
    long: "--format",
    value: "NAME",
    example: "svg",
    group: "Output",
    summary: `${FORMAT_NAMES.join(", ")} (default: what the name of --output says, else text)`,
    read: (values, text) => {
      // A Chrome trace has a slice for each call; a flamegraph has added them up.
      if (text === "chrome") {
        throw badValue(
          "--format",
          text,
          "it is a form of rows",
          "ior stream --format chrome -o trace.json writes a slice for each call",
        );
      }
      values.flameFormat = readChoice("--format", text, "format", FORMAT_NAMES);
    },
  },
];

/** Writes a flamegraph beside a report. */
export const FLAME_BESIDE_FLAGS: readonly Flag[] = [
  {
    long: "--flame",
    value: "FILE",
    example: "flame.html",
    group: "Output",
    summary: "write a flamegraph too, of the form that the name says: as ior flame -o FILE",
    read: (values, text) => {
      formatOfName(readText("--flame", text));
      values.flame = text;
    },
  },
  ...SHAPE_FLAGS,
];

/** A condition that `ior diff` ends with status 3 for. */
export const FAIL_ON_FLAG: Flag = {
  long: "--fail-on",
  value: "EXPR",
  example: "p99(read) > 1.2x",
  group: "Assertions",
  summary: "exit with status 3 when this holds for the change",
  read: (values, text) => values.failOn.push(parseFailOn(text)),
};
