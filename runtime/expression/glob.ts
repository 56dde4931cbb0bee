/** Shell globs over whole names. */
import type { Node } from "./automaton.ts";
import { otherCase } from "./regex.ts";

const SLASH = 0x2f;

/** True when a pattern contains a glob character. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** How a glob treats slashes: in a path they separate names, in any other text they are ordinary characters. */
export type GlobOf = "path" | "text";

/**
 * What a glob matches, ignoring ASCII case: `*` and `?` match any text and any character of a name, `**` also crosses
 * slashes, `[a-z]` and `[!a-z]` match one character. A backslash makes the next character a literal. A glob of a path that
 * does not start at the root may match below any directory.
 */
export function parseGlob(glob: string, of: GlobOf): Node {
  const crosses = of === "text";
  const one: Node = { kind: "one", accepts: (c) => crosses || c !== SLASH };
  const any: Node = { kind: "one", accepts: () => true };
  const characters = Array.from(glob);
  const closing = closings(characters);
  const nodes: Node[] = [{ kind: "place", place: "start" }];
  if (of === "path" && !glob.startsWith("/") && !glob.startsWith("**")) {
    nodes.push({
      kind: "repeat",
      node: { kind: "sequence", nodes: [many(any), character(SLASH)] },
      min: 0,
      max: 1,
    });
  }
  for (let at = 0; at < characters.length; at++) {
    const sign = characters[at];
    if (sign === "*") {
      const isDouble = characters[at + 1] === "*";
      while (characters[at + 1] === "*") at++;
      nodes.push(many(isDouble ? any : one));
    } else if (sign === "?") {
      nodes.push(one);
    } else if (sign === "[") {
      const set = readSet(characters, closing, at + 1);
      if (set === null) nodes.push(character(codeOf(sign)));
      else {
        nodes.push({ kind: "one", accepts: (c) => (crosses || c !== SLASH) && set.accepts(c) });
        at = set.end;
      }
    } else {
      if (sign === "\\" && at + 1 < characters.length) at++;
      nodes.push(character(codeOf(characters[at])));
    }
  }
  nodes.push({ kind: "place", place: "end" });
  return { kind: "sequence", nodes };
}

/** What a set has at a place: a character or a range, and the place behind it. */
interface Member {
  low: number;
  high: number;
  next: number;
}

function memberAt(characters: readonly string[], at: number): Member {
  if (characters[at] === "\\" && characters[at + 1] !== undefined) at++;
  const low = codeOf(characters[at++]);
  const isRange = characters[at] === "-" && characters[at + 1] !== undefined && characters[at + 1] !== "]";
  return isRange ? { low, high: codeOf(characters[at + 1]), next: at + 2 } : { low, high: low, next: at };
}

/**
 * For each place the bracket that closes a set which has its next member there, `null` for none. From the end, in one pass: a
 * search at each opening bracket would take time quadratic in a pattern of them.
 */
function closings(characters: readonly string[]): (number | null)[] {
  const closing: (number | null)[] = Array(characters.length + 1).fill(null);
  for (let at = characters.length - 1; at >= 0; at--) {
    closing[at] = characters[at] === "]" ? at : closing[memberAt(characters, at).next];
  }
  return closing;
}

/** The set whose opening bracket is before `from`, `null` when it is not closed: the bracket is then a literal. */
function readSet(characters: readonly string[], closing: readonly (number | null)[], from: number) {
  const isNegated = characters[from] === "!" || characters[from] === "^";
  const first = isNegated ? from + 1 : from;
  if (characters[first] === undefined) return null;
  // A closing bracket that comes first belongs to the set.
  let member = memberAt(characters, first);
  const end = closing[member.next];
  if (end === null) return null;
  const members = [member];
  while (member.next !== end) members.push(member = memberAt(characters, member.next));
  const has = (c: number) => members.some(({ low, high }) => c >= low && c <= high);
  return { accepts: (c: number) => (has(c) || has(otherCase(c))) !== isNegated, end };
}

function many(node: Node): Node {
  return { kind: "repeat", node, min: 0, max: Infinity };
}

function character(code: number): Node {
  return { kind: "one", accepts: (c) => c === code || otherCase(c) === code };
}

function codeOf(character: string): number {
  return character.codePointAt(0)!;
}
