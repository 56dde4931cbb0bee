/** What a terminal sends, as keys and mouse events. */

/** A key by its name (`a`, `enter`, `ctrl-c`, `shift-tab`), or what the mouse did at a cell from 0. */
export type Input =
  | { kind: "key"; key: string }
  | { kind: "wheel"; up: boolean }
  | { kind: "click"; column: number; row: number };

/** Longest sequence that is waited for; a longer one is none of a terminal's. */
const MAX_SEQUENCE = 64;

/** Control characters by their code. */
const CONTROLS: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  27: "escape",
  127: "backspace",
};

/** Final letters of control sequences and of `ESC O` (ECMA-48, ctlseqs of xterm). */
const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Z: "shift-tab",
};

/** First numbers of sequences that end in `~`. */
const NUMBERS: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
};

/** Bits of a mouse event in the SGR form. */
const MOUSE_WHEEL = 64;
const MOUSE_MOVED = 32;
const MOUSE_MODIFIERS = 4 + 8 + 16;

/** What follows the escape of a control sequence, of one of a keypad, and of one whose end has not come. */
const CSI = /^\[([<=>?]?)([0-9;:]*)[ -/]*([@-~])/;
const SS3 = /^O([@-~])/;
const UNFINISHED = /^(?:\[[<=>?]?[0-9;:]*[ -/]*|O)?$/;

const ESCAPE = "\x1b";

/** Splits what a terminal sends. A sequence may come in parts. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** True while the beginning of a sequence waits for its end; alone it is the Escape key. */
  get isWaiting(): boolean {
    return this.#rest !== "";
  }

  /** The inputs that these bytes complete. */
  decode(bytes: Uint8Array): Input[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    return this.#take(false);
  }

  /** The inputs of what is left when nothing more has come: Escape, and what followed it. */
  flush(): Input[] {
    return this.#take(true);
  }

  #take(isAll: boolean): Input[] {
    const inputs: Input[] = [];
    while (this.#rest !== "") {
      const rest = this.#rest;
      const after = rest.startsWith(ESCAPE) ? rest.slice(ESCAPE.length) : null;
      if (after !== null && !isAll && rest.length < MAX_SEQUENCE && UNFINISHED.test(after)) break;
      const sequence = after === null ? null : CSI.exec(after) ?? SS3.exec(after);
      if (sequence !== null) {
        this.#rest = rest.slice(ESCAPE.length + sequence[0].length);
        const input = sequence.length === 4
          ? controlSequence(sequence[1], sequence[2], sequence[3])
          : named(LETTERS[sequence[1]]);
        if (input !== null) inputs.push(input);
        continue;
      }
      const character = String.fromCodePoint(rest.codePointAt(0)!);
      this.#rest = rest.slice(character.length);
      inputs.push({ kind: "key", key: nameOf(character) });
    }
    return inputs;
  }
}

/** True for a key that stands for the character that it types. */
export function isPrintable(key: string): boolean {
  return [...key].length === 1;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0)!;
  const name = CONTROLS[code];
  if (name !== undefined) return name;
  if (code === 0) return "ctrl-space";
  return code < 32 ? `ctrl-${String.fromCharCode(code + 96)}` : character;
}

function named(key: string | undefined): Input | null {
  return key === undefined ? null : { kind: "key", key };
}

function controlSequence(prefix: string, numbers: string, final: string): Input | null {
  if (prefix === "<") return mouse(numbers, final);
  if (prefix !== "") return null;
  return named(final === "~" ? NUMBERS[numbers.split(";")[0]] : LETTERS[final]);
}

function mouse(numbers: string, final: string): Input | null {
  const [code, column, row] = numbers.split(";").map(Number);
  const button = code & ~MOUSE_MODIFIERS;
  if (button === MOUSE_WHEEL || button === MOUSE_WHEEL + 1) {
    return { kind: "wheel", up: button === MOUSE_WHEEL };
  }
  const isPress = final === "M" && (button & MOUSE_MOVED) === 0 && button === 0;
  return isPress && column >= 1 && row >= 1 ? { kind: "click", column: column - 1, row: row - 1 } : null;
}
