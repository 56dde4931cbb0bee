/** Splits a text into words, each with its column, so that an error can point at it. */
import { IorError } from "../errors.ts";

/** The text to read, the option it was given to, and an example for errors. */
export interface Source {
  /** For the error text, for instance `--where`. */
  option: string;
  text: string;
  /** A value that works, as the shell takes it: `'p99(read) < 5ms'`. */
  example: string;
}

/** A piece of a text. */
export interface Word {
  kind: "name" | "text" | "sign" | "end";
  /** The name, the text without its quotes, the sign; empty at the end. */
  value: string;
  /** Where it starts, from 1. */
  column: number;
}

/** A text in quotes, a sign, or a name: anything else, including values such as `/var/log` or `5ms`. */
const WORD = /"((?:\\[^]|[^"\\])*)"|'((?:\\[^]|[^'\\])*)'|([<>!=]=|=~|[<>=~(),])|([^\s"'<>!=~(),]+)/y;

/** In quotes. Before any other character a backslash stays, as in a shell: `"\.db$"` is a regular expression. */
const ESCAPE = /\\(["'\\])/g;
const SPACES = /\s*/y;

/** Throws an {@linkcode IorError} of code `usage` for an unclosed quote or an unknown sign. */
export function splitWords(source: Source): Word[] {
  const { text } = source;
  const words: Word[] = [];
  let at = skipSpaces(text, 0);
  while (at < text.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    const column = at + 1;
    if (match === null) throw strangeWord(source, column);
    const [, double, single, sign, name] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) words.push({ kind: "text", value: quoted.replace(ESCAPE, "$1"), column });
    else if (sign !== undefined) words.push({ kind: "sign", value: sign === "==" ? "=" : sign, column });
    else words.push({ kind: "name", value: name, column });
    at = skipSpaces(text, WORD.lastIndex);
  }
  words.push({ kind: "end", value: "", column: text.trimEnd().length + 1 });
  return words;
}

function skipSpaces(text: string, at: number): number {
  SPACES.lastIndex = at;
  SPACES.exec(text);
  return SPACES.lastIndex;
}

/** The error for a text that cannot be parsed: what is wrong, and where. */
export function errorAt({ option, text }: Source, column: number, reason: string, hint: string): IorError {
  return new IorError("usage", `Cannot use ${option}: at column ${column}, ${reason}`, {
    excerpt: { text, column },
    hint,
  });
}

function strangeWord(source: Source, column: number): IorError {
  const found = source.text[column - 1];
  return /["']/.test(found)
    ? errorAt(source, column, "a quote is not closed", `End the text with ${found}`)
    : errorAt(source, column, `\`${found}\` means nothing`, exampleOf(source));
}

/** The hint that shows how the option is used. */
export function exampleOf({ option, example }: Source): string {
  return `For instance ${option} ${example}`;
}
