/** The role of a piece of text, for colour. The words tell the same without it. */
export type Tone = "heading" | "bad" | "good" | "quiet";

const CODES: Record<Tone, string> = {
  heading: "\x1b[1m",
  bad: "\x1b[31m",
  good: "\x1b[32m",
  quiet: "\x1b[2m",
};
const RESET = "\x1b[0m";

/** Colours a text. */
export type Paint = (tone: Tone | null, text: string) => string;

/** A {@linkcode Paint} that colours, or one that leaves text as it is. */
export function createPaint(color: boolean): Paint {
  return (tone, text) => color && tone !== null && text !== "" ? CODES[tone] + text + RESET : text;
}
