/**
 * Matching in linear time: patterns become a small program, and all its threads go over the text side by side (Thompson,
 * "Regular Expression Search Algorithm", 1968). A text of n characters costs at most n times the size of the program,
 * whatever the pattern; an engine that backtracks may take time exponential in n, and patterns come from users.
 */

/** What a pattern is made of. Characters are code points. */
export type Node =
  | { kind: "empty" }
  /** One character that `accepts`. */
  | { kind: "one"; accepts: (codePoint: number) => boolean }
  /** A place in the text: its start, its end, a word boundary or the absence of one. */
  | { kind: "place"; place: Place }
  | { kind: "sequence" | "choice"; nodes: readonly Node[] }
  /** `node`, from `min` to `max` times; `max` may be infinite. */
  | { kind: "repeat"; node: Node; min: number; max: number };

/** A place in the text that takes no character. */
export type Place = "start" | "end" | "boundary" | "no boundary";

/** Largest program: room for a glob as long as the longest path, 4,096 bytes, with its stars. */
export const MAX_INSTRUCTIONS = 5000;

type Instruction =
  | { kind: "one"; accepts: (codePoint: number) => boolean }
  | { kind: "place"; place: Place }
  /** Continues at both. */
  | { kind: "split"; first: number; second: number }
  | { kind: "jump"; to: number }
  | { kind: "match" };

/**
 * Returns a test whether `node` matches anywhere in a text; places anchor it. Throws a `RangeError` when the program exceeds
 * {@linkcode MAX_INSTRUCTIONS}.
 */
export function compileAutomaton(node: Node): (text: string) => boolean {
  const program: Instruction[] = [];
  emit(node, program);
  add(program, { kind: "match" });
  const [now, next] = [new Threads(program), new Threads(program)];
  return (text) => runs(now, next, Array.from(text, (character) => character.codePointAt(0)!));
}

function runs(now: Threads, next: Threads, text: readonly number[]): boolean {
  now.clear();
  for (let at = 0; at <= text.length; at++) {
    now.start(0, text, at);
    if (now.matched) return true;
    if (at === text.length) return false;
    next.clear();
    for (const { accepts, then } of now.waiting) if (accepts(text[at])) next.start(then, text, at + 1);
    [now, next] = [next, now];
  }
  return false;
}

/** The threads at one position of the text, each instruction at most once. */
class Threads {
  readonly #program: readonly Instruction[];
  readonly #seen: Uint8Array;
  /** The threads that wait for a character. */
  readonly waiting: { accepts: (codePoint: number) => boolean; then: number }[] = [];
  matched = false;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
    this.#seen = new Uint8Array(program.length);
  }

  clear(): void {
    this.#seen.fill(0);
    this.waiting.length = 0;
    this.matched = false;
  }

  /** Follows the instructions that take no character, starting at `from`. */
  start(from: number, text: readonly number[], at: number): void {
    const stack = [from];
    for (let pc = stack.pop(); pc !== undefined; pc = stack.pop()) {
      if (this.#seen[pc] !== 0) continue;
      this.#seen[pc] = 1;
      const instruction = this.#program[pc];
      switch (instruction.kind) {
        case "one":
          this.waiting.push({ accepts: instruction.accepts, then: pc + 1 });
          break;
        case "place":
          if (isAt(instruction.place, text, at)) stack.push(pc + 1);
          break;
        case "split":
          stack.push(instruction.first, instruction.second);
          break;
        case "jump":
          stack.push(instruction.to);
          break;
        case "match":
          this.matched = true;
      }
    }
  }
}

function isAt(place: Place, text: readonly number[], at: number): boolean {
  switch (place) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "boundary":
      return isWord(text[at - 1]) !== isWord(text[at]);
    case "no boundary":
      return isWord(text[at - 1]) === isWord(text[at]);
  }
}

/** True for ASCII letters, digits and `_`; false beyond the ends of a text. */
export function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && /^\w$/.test(String.fromCodePoint(codePoint));
}

function add(program: Instruction[], instruction: Instruction): void {
  if (program.length >= MAX_INSTRUCTIONS) {
    throw new RangeError(`Cannot compile a pattern: it needs more than ${MAX_INSTRUCTIONS} steps`);
  }
  program.push(instruction);
}

function emit(node: Node, program: Instruction[]): void {
  switch (node.kind) {
    case "empty":
      return;
    case "one":
    case "place":
      return add(program, node);
    case "sequence":
      for (const part of node.nodes) emit(part, program);
      return;
    case "choice":
      return emitChoice(node.nodes, program);
    case "repeat":
      return emitRepeat(node.node, node.min, node.max, program);
  }
}

/** `split first second; first: A; jump end; second: B; end:` */
function emitChoice(nodes: readonly Node[], program: Instruction[]): void {
  const jumps: { kind: "jump"; to: number }[] = [];
  nodes.forEach((node, i) => {
    if (i === nodes.length - 1) return emit(node, program);
    const split = { kind: "split" as const, first: program.length + 1, second: 0 };
    add(program, split);
    emit(node, program);
    const jump = { kind: "jump" as const, to: 0 };
    add(program, jump);
    jumps.push(jump);
    split.second = program.length;
  });
  for (const jump of jumps) jump.to = program.length;
}

function emitRepeat(node: Node, min: number, max: number, program: Instruction[]): void {
  for (let i = 0; i < min; i++) {
    const start = program.length;
    emit(node, program);
    if (program.length === start) break; // without a step of its own: nested counts would multiply for nothing
  }
  if (max === Infinity) {
    const start = program.length;
    const split = { kind: "split" as const, first: start + 1, second: 0 };
    add(program, split);
    emit(node, program);
    add(program, { kind: "jump", to: start });
    split.second = program.length;
    return;
  }
  const splits = [];
  for (let i = min; i < max; i++) {
    const split = { kind: "split" as const, first: program.length + 1, second: 0 };
    add(program, split);
    splits.push(split);
    emit(node, program);
  }
  for (const split of splits) split.second = program.length;
}
