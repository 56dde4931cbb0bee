/**
 * Name patterns of `--comm`, `--path` and `~`: a text that the name contains, ignoring ASCII case. `^` at the start and
 * `$` at the end anchor it; `^dir/*` matches what is directly in that directory. A pattern with `*`, `?` or `[` is instead
 * a shell glob for the whole name; a glob without a slash matches the last component of a path.
 */
import { IorError } from "../errors.ts";
import { compileAutomaton } from "./automaton.ts";
import { type GlobOf, isGlob, parseGlob } from "./glob.ts";

/** A pattern as users write it. */
export type Pattern = string;

/**
 * Compiles a pattern to a test; `of` selects how a glob treats slashes.
 *
 * Throws an {@linkcode IorError} of code `usage` for an empty pattern: it would match every name.
 *
 * ```ts
 * import { compilePattern } from "./pattern.ts";
 * compilePattern("^/etc/*")("/etc/passwd"); // true
 * compilePattern("/etc/*.conf")("/etc/ld.so.conf.d/libc.conf"); // false
 * compilePattern("*.conf")("/etc/ld.so.conf.d/libc.conf"); // true
 * ```
 */
export function compilePattern(pattern: Pattern, of: GlobOf = "path"): (text: string) => boolean {
  if (pattern === "") {
    throw new IorError("usage", "Cannot use an empty pattern: it would match every name", {
      hint: "Leave the pattern out to select everything",
    });
  }
  const directory = directlyIn(pattern);
  if (directory !== null) return compileDirectory(directory);
  const atStart = pattern.startsWith("^");
  const atEnd = pattern.endsWith("$") && pattern.length > (atStart ? 1 : 0);
  const body = pattern.slice(atStart ? 1 : 0, atEnd ? -1 : undefined);
  if (isGlob(body)) return compileGlob(body, of);
  const folded = foldAscii(body);
  if (atStart && atEnd) return (text) => foldAscii(text) === folded;
  if (atStart) return (text) => foldAscii(text).startsWith(folded);
  if (atEnd) return (text) => foldAscii(text).endsWith(folded);
  return (text) => foldAscii(text).includes(folded);
}

/** The directory of a pattern `^dir/*`, with its slash; `null` for any other pattern. */
export function directlyIn(pattern: Pattern): string | null {
  const match = /^\^([^*?[]*\/)\*$/s.exec(pattern);
  return match && match[1];
}

function compileDirectory(directory: string): (text: string) => boolean {
  const folded = foldAscii(directory);
  return (text) => {
    const name = foldAscii(text);
    return name.length > folded.length && name.startsWith(folded) && !name.includes("/", folded.length);
  };
}

/** A name equal to the text of the glob matches as well: `pipe:[123]` is a name that ior shows. */
function compileGlob(glob: string, of: GlobOf): (text: string) => boolean {
  const folded = foldAscii(glob);
  const below = of === "path" && !glob.startsWith("/") ? `/${folded}` : null;
  const isSpelledSo = (name: string) => name === folded || (below !== null && name.endsWith(below));
  try {
    const matches = compileAutomaton(parseGlob(glob, of));
    return (text) => matches(text) || isSpelledSo(foldAscii(text));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new IorError("usage", "Cannot use a pattern: it is too long", {
      hint: "A path has at most 4,096 bytes",
      cause: error,
    });
  }
}

/** Lower-cases ASCII letters only: folding other alphabets may change the length of a text. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
