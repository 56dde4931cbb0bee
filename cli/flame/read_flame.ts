/** Reads flamegraphs from files in any format that ior reads. */
import { IorError } from "../../runtime/errors.ts";
import type { TrieMetric } from "../../runtime/flame.ts";
import { escapeText } from "../text/escape.ts";
import type { FlamePicture } from "./diff.ts";
import { isFlameHtml, readFlameHtml } from "./html/read_html.ts";
import { isFoldedDiff, readFolded, readFoldedDiff } from "./read_folded.ts";

/** Reads files in one format. */
export interface FlameReader {
  /** Name of the format, for errors. */
  about: string;
  /** Whether a file's text is in this format. The first reader that returns true reads it. */
  recognises(text: string): boolean;
  /** The flamegraph in it. Throws an {@linkcode IorError} of code `usage` naming the file when it is damaged. */
  read(text: string, name: string): FlamePicture;
}

/** A reader of the pages that `ior flame` writes. */
const HTML_READER: FlameReader = {
  about: "a page of ior flame",
  recognises: isFlameHtml,
  read: (text, name) => {
    const { profile, before } = readFlameHtml(text, escapeText(name));
    if (before === undefined) return profile;
    const { own: after, ...shape } = profile;
    return { ...shape, before, after };
  },
};

/** Lines examined to recognize folded stacks: a bad line after these is reported as an error with its number. */
const FOLDED_LINES_SEEN = 10;

/** A reader of folded stacks, which do not name their metric: it is `metric`. */
function foldedReader(metric: TrieMetric): FlameReader {
  return {
    about: "folded stacks",
    recognises: (text) => {
      const lines = firstLines(text, FOLDED_LINES_SEEN);
      return lines.some((line) => /\S\s+\d+(\.0*)?\s*$/.test(line)) || lines.length === 0;
    },
    read: (text, name) =>
      isFoldedDiff(text) ? readFoldedDiff(text, { name, metric }) : readFolded(text, { name, metric }),
  };
}

/** The readers of every format that ior reads; see {@linkcode foldedReader} for the metric. */
export function flameReaders(metric: TrieMetric): readonly FlameReader[] {
  return [HTML_READER, foldedReader(metric)];
}

/**
 * The flamegraph in a file called `name`, or the difference of two when the file holds one. Throws an {@linkcode IorError} of code
 * `usage` when no reader recognizes its format.
 */
export function readFlameFile(
  text: string,
  name: string,
  readers: readonly FlameReader[],
): FlamePicture {
  const reader = readers.find(({ recognises }) => recognises(text));
  if (reader !== undefined) return reader.read(text, name);
  const wanted = readers.map(({ about }) => about).join(" or ");
  throw new IorError("usage", `Cannot read ${escapeText(name)}: it must hold ${wanted}`, {
    hint: "ior flame writes them: -o FILE.html or -o FILE.folded",
  });
}

/** The first lines that are not blank, without splitting a large file completely. */
function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (const [line] of text.matchAll(/.*\S.*/g)) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
