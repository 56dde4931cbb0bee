/** Regular expressions of users (`=~`, `/regex/`): the common subset, matched in linear time. */
import { compileAutomaton, isWord, MAX_INSTRUCTIONS, type Node } from "./automaton.ts";

/** Deepest nesting of groups: deeper expressions could exhaust the stack. */
const MAX_NESTING = 50;

/** What is wrong with a regular expression, as the end of a sentence. */
export class RegexError extends Error {
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Options of {@linkcode compileRegex}. */
export interface RegexOptions {
  /** Ignore ASCII case. */
  ignoreCase?: boolean;
}

/**
 * Compiles a regular expression to a test whether it matches anywhere in a text.
 *
 * Supported are literals, `.`, classes (`[a-z]`, `[^/]`, `\d \w \s` and their capitals), `^ $ \b \B`, groups, `|`, and
 * `* + ? {m,n}`. A backslash makes any punctuation a literal; `\t \n \r \xHH \uHHHH` are characters. `.` is any character.
 *
 * Throws a {@linkcode RegexError} for anything else: look-around and back references cannot be matched in linear time.
 */
export function compileRegex(text: string, options: RegexOptions = {}): (text: string) => boolean {
  const node = new RegexParser(text, options.ignoreCase ?? false).parse();
  try {
    return compileAutomaton(node);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RegexError(`it needs more than ${MAX_INSTRUCTIONS} steps`, "Use smaller counts in {m,n}");
  }
}

type Accepts = (codePoint: number) => boolean;

const CLASSES: Readonly<Record<string, Accepts>> = {
  d: (c) => c >= 0x30 && c <= 0x39,
  w: isWord,
  s: (c) => /^\s$/.test(String.fromCodePoint(c)),
};

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

const SUBSET = "Literals, classes, groups, |, ^ $ and * + ? {m,n} work";

class RegexParser {
  readonly #text: readonly string[];
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(text: string, ignoreCase: boolean) {
    this.#text = Array.from(text);
    this.#ignoreCase = ignoreCase;
  }

  parse(): Node {
    const node = this.#choice(0);
    if (this.#at < this.#text.length) {
      throw new RegexError("a ) closes nothing", "Write \\) for the character");
    }
    return node;
  }

  #choice(nesting: number): Node {
    if (nesting > MAX_NESTING) {
      throw new RegexError(`groups nest deeper than ${MAX_NESTING} levels`, "Write it flatter");
    }
    const nodes = [this.#sequence(nesting)];
    while (this.#take("|")) nodes.push(this.#sequence(nesting));
    return nodes.length === 1 ? nodes[0] : { kind: "choice", nodes };
  }

  #sequence(nesting: number): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length && !this.#is("|") && !this.#is(")")) {
      nodes.push(this.#repeated(this.#atom(nesting)));
    }
    return nodes.length === 0 ? { kind: "empty" } : { kind: "sequence", nodes };
  }

  #repeated(node: Node): Node {
    const bounds = this.#bounds();
    if (bounds === null) return node;
    this.#take("?"); // greediness does not change whether it matches
    if (node.kind === "place") throw new RegexError("an anchor cannot be repeated", SUBSET);
    const [min, max] = bounds;
    if (min > max) throw new RegexError(`{${min},${max}} is out of order`, "The smaller number comes first");
    if (this.#bounds() !== null) {
      throw new RegexError("a repetition cannot be repeated", "Put a group around it");
    }
    return { kind: "repeat", node, min, max };
  }

  /** The counts of a repetition that begins here, `null` for none. A brace that begins no count is a literal. */
  #bounds(): [min: number, max: number] | null {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    if (!this.#is("{")) return null;
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12).join(""));
    if (match === null) return null;
    this.#at += match[0].length;
    const min = Number(match[1]);
    return [min, match[2] === undefined ? min : match[3] === "" ? Infinity : Number(match[3])];
  }

  #atom(nesting: number): Node {
    const character = this.#text[this.#at++];
    switch (character) {
      case "(":
        return this.#group(nesting);
      case "[":
        return { kind: "one", accepts: this.#class() };
      case ".":
        return { kind: "one", accepts: () => true };
      case "^":
        return { kind: "place", place: "start" };
      case "$":
        return { kind: "place", place: "end" };
      case "*":
      case "+":
      case "?":
        throw new RegexError(`${character} repeats nothing`, `Write \\${character} for the character`);
      case "\\":
        if (this.#take("b")) return { kind: "place", place: "boundary" };
        if (this.#take("B")) return { kind: "place", place: "no boundary" };
        return { kind: "one", accepts: this.#accepting(this.#escape()) };
      default:
        return { kind: "one", accepts: this.#accepting(character.codePointAt(0)!) };
    }
  }

  #group(nesting: number): Node {
    if (this.#take("?") && !this.#take(":")) {
      throw new RegexError("look-around and named groups are not supported", SUBSET);
    }
    const node = this.#choice(nesting + 1);
    if (!this.#take(")")) throw new RegexError("a ( is not closed", "Write \\( for the character");
    return node;
  }

  /** A set in brackets, after the opening one. */
  #class(): Accepts {
    const isNegated = this.#take("^");
    const parts: Accepts[] = [];
    while (!this.#take("]")) {
      const low = this.#classItem();
      const isRange = this.#is("-") && this.#text[this.#at + 1] !== "]";
      if (!isRange) {
        parts.push(this.#accepting(low));
        continue;
      }
      this.#at++;
      const high = this.#classItem();
      if (typeof low !== "number" || typeof high !== "number" || low > high) {
        throw new RegexError("a range in [ ] is out of order", "The smaller character comes first");
      }
      parts.push(this.#ranging(low, high));
    }
    return (c) => parts.some((accepts) => accepts(c)) !== isNegated;
  }

  #classItem(): number | Accepts {
    const character = this.#text[this.#at++];
    if (character === undefined) throw new RegexError("a [ is not closed", "Write \\[ for the character");
    if (character === "[" && /^[:.=]$/.test(this.#text[this.#at] ?? "")) {
      throw new RegexError("named classes are not supported", "Write [a-z0-9], \\d, \\w or \\s");
    }
    return character === "\\" ? this.#escape() : character.codePointAt(0)!;
  }

  /** An escape, after its backslash. */
  #escape(): number | Accepts {
    const character = this.#text[this.#at++];
    if (character === undefined) {
      throw new RegexError("it ends in a backslash", "Write \\\\ for the character");
    }
    if (Object.hasOwn(CONTROLS, character) && !/^\d$/.test(this.#text[this.#at] ?? "")) {
      return CONTROLS[character];
    }
    if (/^[dws]$/i.test(character)) {
      const accepts = CLASSES[character.toLowerCase()];
      return accepts === CLASSES[character] ? accepts : (c) => !accepts(c);
    }
    if (character === "x" || character === "u") return this.#hex(character === "x" ? 2 : 4);
    if (/^[1-9k]$/.test(character)) throw new RegexError("back references are not supported", SUBSET);
    if (/^[a-z0-9]$/i.test(character)) throw new RegexError(`\\${character} is not supported`, SUBSET);
    return character.codePointAt(0)!;
  }

  #hex(digits: number): number {
    const text = this.#text.slice(this.#at, this.#at + digits).join("");
    if (!/^[\da-f]+$/i.test(text) || text.length !== digits) {
      throw new RegexError(
        `\\${digits === 2 ? "x" : "u"} needs ${digits} hexadecimal digits`,
        "For instance \\x2f",
      );
    }
    this.#at += digits;
    return parseInt(text, 16);
  }

  #accepting(item: number | Accepts): Accepts {
    return typeof item === "number" ? this.#ranging(item, item) : item;
  }

  #ranging(low: number, high: number): Accepts {
    const inRange = (c: number) => c >= low && c <= high;
    return this.#ignoreCase ? (c) => inRange(c) || inRange(otherCase(c)) : inRange;
  }

  #is(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  #take(character: string): boolean {
    const found = this.#is(character);
    if (found) this.#at++;
    return found;
  }
}

/** An ASCII letter in the other case; any other character unchanged. */
export function otherCase(codePoint: number): number {
  const isLetter = (codePoint >= 0x41 && codePoint <= 0x5a) || (codePoint >= 0x61 && codePoint <= 0x7a);
  return isLetter ? codePoint ^ 0x20 : codePoint;
}
