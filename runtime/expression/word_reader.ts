import { errorAt, exampleOf, type Source, splitWords, type Word } from "./words.ts";

/** Takes the words of a text one after the other, and throws errors that point at a word. */
export class WordReader {
  readonly source: Source;
  readonly #words: Word[];
  #next = 0;

  /** Throws an `IorError` of code `usage` for a text that does not split into words. */
  constructor(source: Source) {
    this.source = source;
    this.#words = splitWords(source);
  }

  /** The next word, which stays next. After the last word it is always the end. */
  peek(): Word {
    return this.#words[this.#next];
  }

  /** Takes the next word. */
  take(): Word {
    const word = this.peek();
    if (word.kind !== "end") this.#next++;
    return word;
  }

  /** True when the next word is one of these signs. */
  isSign(...signs: readonly string[]): boolean {
    const { kind, value } = this.peek();
    return kind === "sign" && signs.includes(value);
  }

  /** Takes the next word when it is this sign. */
  takeSign(sign: string): boolean {
    const found = this.isSign(sign);
    if (found) this.#next++;
    return found;
  }

  /** Takes the next word when it is this name, without quotes, ignoring case. */
  takeName(name: string): boolean {
    const { kind, value } = this.peek();
    const found = kind === "name" && value.toLowerCase() === name;
    if (found) this.#next++;
    return found;
  }

  /** Takes a sign; throws a usage error for anything else. */
  expectSign(sign: string): void {
    if (!this.takeSign(sign)) this.unexpected(`\`${sign}\` must be`);
  }

  /** Throws a usage error when anything is left. */
  expectEnd(what: string): void {
    if (this.peek().kind !== "end") this.unexpected(`${what} should end`);
  }

  /** Throws a usage error: the next word stands where something else is wanted. */
  unexpected(wanted: string, hint: string = exampleOf(this.source)): never {
    const word = this.peek();
    this.fail(word, `${found(word)} stands where ${wanted}`, hint);
  }

  /** Throws a usage error that points at a word. */
  fail(word: Word, reason: string, hint: string = exampleOf(this.source)): never {
    throw errorAt(this.source, word.column, reason, hint);
  }
}

/** A word as an error names it. */
export function found({ kind, value }: Word): string {
  return kind === "end" ? "the end" : `\`${value}\``;
}
