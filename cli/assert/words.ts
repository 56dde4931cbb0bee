/** Splits an assertion into words, each with its column, so that an error can point at it. */
import { IorError } from "../../runtime/errors.ts";

/** A piece of an assertion. */
export interface Word {
  kind: "name" | "text" | "sign" | "end";
  /** The name, the text without its quotes, the sign; empty at the end. */
  value: string;
  /** Where it starts, from 1. */
  column: number;
}

/** Spaces, then a text in quotes, a sign, or a name: everything else, which a value such as `/var/log` or `5ms` is too. */
const WORD = /\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([<>!=]=|[<>=~(),])|([^\s"'<>!=~(),]+))/y;

/** Throws an {@linkcode IorError} of code `usage` for a quote that is not closed or a sign that is none. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    const column = at + text.slice(at).search(/\S/) + 1;
    if (match === null) throw strangeWord(text, column);
    const [, double, single, sign, name] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) words.push({ kind: "text", value: quoted.replace(/\\(.)/g, "$1"), column });
    else if (sign !== undefined) words.push({ kind: "sign", value: sign === "==" ? "=" : sign, column });
    else words.push({ kind: "name", value: name, column });
    at = WORD.lastIndex;
  }
  words.push({ kind: "end", value: "", column: text.trimEnd().length + 1 });
  return words;
}

/** The error of an assertion that cannot be read: what is wrong, and where. */
export function badAssertion(text: string, column: number, reason: string, hint: string): IorError {
  return new IorError("usage", `Cannot use --assert \`${text}\`: at column ${column}, ${reason}`, { hint });
}

function strangeWord(text: string, column: number): IorError {
  const found = text[column - 1];
  return /["']/.test(found)
    ? badAssertion(text, column, "a quote is opened and not closed", `End the text with ${found}`)
    : badAssertion(text, column, `\`${found}\` means nothing`, "For instance --assert 'p99(read) < 5ms'");
}
