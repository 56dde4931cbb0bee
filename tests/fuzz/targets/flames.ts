/** Flamegraphs: pages of ior, and folded stacks of anyone. */
import assert from "node:assert/strict";
import {
  type FlamePicture,
  flameReaders,
  isFlameDiff,
  readFlameFile,
  renderFlame,
} from "../../../cli/flame/mod.ts";
import { DATA_END, DATA_START } from "../../../cli/flame/html/page_data.ts";
import { corpus, corpusTexts } from "../corpus.ts";
import type { Draw } from "../draw.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { mutateJson } from "../mutate_json.ts";
import type { Target } from "../target.ts";

const READERS = flameReaders("duration");
const LOOK = {
  metric: "duration",
  title: "dd",
  facts: [],
  inverted: false,
  width: 100,
  color: false,
  ascii: false,
} as const;

const PAGES = corpusTexts(".page");
const FOLDED = corpus(".folded");

/** Numbers and separators at which readers of lines may differ. */
const PIECES = [
  ";",
  " ",
  "\t",
  "\r\n",
  "\n",
  "\\",
  "\\;",
  "0",
  "1.000",
  "9007199254740993",
  "-1",
  "1e9",
  " 1 2 3",
  "\u2028",
  "\0",
  "#",
  ";;",
];

/** Folded stacks. */
export const FOLDED_STACKS: Target<string> = {
  seconds: 6,
  make: (draw) => {
    const bytes = draw.pick(FOLDED);
    const text = new TextDecoder().decode(
      draw.oneIn(2) ? mutateBytes(bytes, draw, draw.pick(FOLDED)) : bytes,
    );
    return draw.oneIn(2) ? text : withPieces(text, draw);
  },
  read: readPicture,
  mostMs: { few: 250, perKilobyte: 50 },
  mostBytes: { few: 256 * 1024, perByte: 1_024 },
};

/** The page. */
export const PAGE: Target<string> = {
  seconds: 6,
  make: (draw) => {
    const page = draw.pick(PAGES);
    if (draw.oneIn(4)) {
      const bytes = new TextEncoder().encode(page);
      return new TextDecoder().decode(mutateBytes(bytes, draw, bytes));
    }
    const json = page.slice(DATA_START.length, -DATA_END.length);
    return `${DATA_START}${mutateJson(json, draw)}${DATA_END}`;
  },
  read: readPicture,
  mostMs: { few: 250, perKilobyte: 50 },
  mostBytes: { few: 512 * 1024, perByte: 1_024 },
};

function withPieces(text: string, { whole, pick }: Draw): string {
  for (let times = 1 + whole(4); times > 0; times--) {
    const at = whole(text.length + 1);
    text = text.slice(0, at) + pick(PIECES).repeat(1 + whole(pick([1, 1, 3_000]))) + text.slice(at);
  }
  return text;
}

/** Reads a picture, draws it in every form and reads back those that can be read: they say the same again. */
function readPicture(text: string): number {
  const picture = readFlameFile(text, "picture", READERS);
  const folded = renderFlame(picture, "folded", LOOK);
  const page = renderFlame(picture, "html", LOOK);
  const again = readFlameFile(page, "again", READERS);
  assert.equal(renderFlame(again, "folded", LOOK), folded, "a page read back has the same stacks");
  if (hasValues(picture)) {
    const other = readFlameFile(folded, "again", READERS);
    assert.equal(renderFlame(other, "folded", LOOK), folded, "stacks read back are the same");
  }
  const svg = renderFlame(picture, "svg", LOOK);
  const drawn = renderFlame(picture, "text", LOOK);
  return folded.length + svg.length + drawn.length + picture.length * 64;
}

/** Stacks of which all values are whole numbers that a double holds, and some are none: others cannot be written as text. */
function hasValues(picture: FlamePicture): boolean {
  const columns = isFlameDiff(picture)
    ? [picture.before.duration, picture.after.duration]
    : [picture.own.duration];
  return columns.every((column) =>
    column.every(Number.isInteger) && column.reduce((a, b) => a + b, 0) < 2 ** 53
  ) &&
    columns.some((column) => column.some((value) => value > 0));
}
