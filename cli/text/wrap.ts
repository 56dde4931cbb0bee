/** Text in lines. */
import { shortenEnd } from "./shorten.ts";
import { textWidth } from "./width.ts";

/** Lines of whole words; a word that is too long for a line is shortened. */
export function wrapWords(text: string, width: number, ascii: boolean): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(shortenEnd(word, width, ascii));
  }
  return lines;
}
