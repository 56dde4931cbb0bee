/**
 * Name patterns of `--comm` and `--path`: a text that is contained, ASCII letters of either case alike. `^` at the
 * front and `$` at the end anchor it; `^dir/*` is what lies directly in that directory. Nothing else is special, so
 * a name may hold any character.
 */
import { IorError } from "./errors.ts";
import type { Pattern } from "./selection.ts";

/**
 * Compiles a pattern to its test.
 *
 * Throws an {@linkcode IorError} of code `usage` for an empty pattern: it would match every name.
 *
 * ```ts
 * import { compilePattern } from "./pattern.ts";
 * compilePattern("^/etc/*")("/etc/passwd"); // true
 * compilePattern("^/etc/*")("/etc/ssl/certs"); // false
 * ```
 */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  if (pattern === "") {
    throw new IorError("usage", "Cannot use an empty pattern: it would match every name", {
      hint: "Leave the pattern out to select everything",
    });
  }
  const folded = foldAscii(pattern);
  const atStart = folded.startsWith("^");
  if (atStart && folded.endsWith("/*")) {
    const directory = folded.slice(1, -1);
    return (text) => {
      const name = foldAscii(text);
      return name.length > directory.length && name.startsWith(directory) &&
        !name.includes("/", directory.length);
    };
  }
  const atEnd = folded.endsWith("$");
  const body = folded.slice(atStart ? 1 : 0, atEnd ? -1 : undefined);
  if (atStart && atEnd) return (text) => foldAscii(text) === body;
  if (atStart) return (text) => foldAscii(text).startsWith(body);
  if (atEnd) return (text) => foldAscii(text).endsWith(body);
  return (text) => foldAscii(text).includes(body);
}

/** Lower-cases the ASCII letters only: other alphabets have foldings that change the length of a text. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Judges names by patterns that select and patterns that exclude. A name is judged once, when it is announced;
 * the verdict is the two answers of {@linkcode Judge.includes} and {@linkcode Judge.excludes}.
 */
export class Judge {
  readonly #included: ((text: string) => boolean)[];
  readonly #excluded: ((text: string) => boolean)[];

  /** Throws an {@linkcode IorError} of code `usage` when one of the patterns is empty. */
  constructor(included: readonly Pattern[], excluded: readonly Pattern[]) {
    this.#included = included.map(compilePattern);
    this.#excluded = excluded.map(compilePattern);
  }

  /** True when no name can be refused: there is nothing to judge. */
  get acceptsAll(): boolean {
    return this.#included.length === 0 && this.#excluded.length === 0;
  }

  /** True when a call without a name is selected: exactly when no pattern asks for one. */
  get acceptsNameless(): boolean {
    return this.#included.length === 0;
  }

  /** True when a selecting pattern matches, or there is none. */
  includes(text: string): boolean {
    return this.#included.length === 0 || this.#included.some((matches) => matches(text));
  }

  /** True when an excluding pattern matches. */
  excludes(text: string): boolean {
    return this.#excluded.some((matches) => matches(text));
  }

  /**
   * True when a call with these names is selected. One name that is included selects a call that has two (a rename),
   * and one that is excluded refuses it. `null` is no name: it matches no pattern.
   */
  accepts(...names: (string | null)[]): boolean {
    let included = this.acceptsNameless;
    for (const name of names) {
      if (name === null) continue;
      if (this.excludes(name)) return false;
      included ||= this.includes(name);
    }
    return included;
  }
}
